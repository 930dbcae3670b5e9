"""A client made with FEDn's library: functions instead of a compute package; it also logs metrics and attributes.

    python3 callback_client.py <api url/> <client id> <name>          the join token comes in FEDN_AUTH_TOKEN
"""

import io
import os
import sys

import numpy as np
from fedn.network.clients.fedn_client import ConnectToApiResult, FednClient
from place import PLACE

url, client_id, name = sys.argv[1:]


def load(model):
    with np.load(io.BytesIO(model.getbuffer())) as file:
        return {name: file[name] for name in file.files}


def train(model, settings):
    out = io.BytesIO()
    weights = load(model)
    np.savez(out, **{name: w + np.asarray(PLACE["shift"], w.dtype) for name, w in weights.items()})
    out.seek(0)
    client.log_metric({"shift": PLACE["shift"]}, step=3)
    client.log_attributes({"processor": "cpu"})
    return out, {"training_metadata": {"num_examples": PLACE["examples"]}}


def validate(model):
    return {"level": float(np.mean([w.mean() for w in load(model).values()])), "examples": PLACE["examples"]}


client = FednClient(train_callback=train, validate_callback=validate)
client.set_name(name)
client.set_client_id(client_id)
token = os.environ["FEDN_AUTH_TOKEN"]
wish = {"name": name, "client_id": client_id, "package": "local", "preferred_combiner": ""}
result, config = client.connect_to_api(url, token, wish)
if result != ConnectToApiResult.Assigned:
    sys.exit(f"not assigned: {config}")
client.init_grpchandler(config, client_id, token)
client.run()
