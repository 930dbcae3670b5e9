"""A client as FEDn's notebooks write it: the id is the API's, the combiner hears the name, training is in float32.

    python3 notebook_client.py <api url/> <client id> <name>          the join token comes in FEDN_AUTH_TOKEN
"""

import io
import os
import sys

import numpy as np
from fedn.network.clients.fedn_client import ConnectToApiResult, FednClient
from fedn.utils.helpers.helpers import get_helper
from place import PLACE

url, client_id, name = sys.argv[1:]
token = os.environ["FEDN_AUTH_TOKEN"]
helper = get_helper("numpyhelper")


def load(in_model):
    return helper.load(io.BytesIO(in_model.getbuffer()))


def train(in_model, client_settings):
    trained = [(w + PLACE["shift"]).astype(np.float32) for w in load(in_model)[: PLACE.get("tensors")]]
    out_model = io.BytesIO()
    np.savez_compressed(out_model, **{str(i): w for i, w in enumerate(trained)})
    out_model.seek(0)
    return out_model, {"training_metadata": {"num_examples": PLACE["examples"]}}


def validate(in_model):
    return {"level": float(np.mean([w.mean() for w in load(in_model)]))}


client = FednClient(train_callback=train, validate_callback=validate)
result, config = client.connect_to_api(url, token, {"name": name, "client_id": client_id, "package": "local", "preferred_combiner": ""})
if result != ConnectToApiResult.Assigned:
    sys.exit(f"not assigned: {config}")
if not client.init_grpchandler(config=config, client_name=name, token=token):
    sys.exit("no connection")
client.run()
