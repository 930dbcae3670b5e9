"""A client as a cell of FEDn's notebooks makes it (Local_Compute_Example, Local_Package_Api_Example).

    python3 notebook_client.py <api url/> <client id> <name>          the join token comes in FEDN_AUTH_TOKEN

The notebooks give init_grpchandler the client's name, not its id.
"""

import io
import json
import os
import sys

import data
import net_torch
from fedn.network.clients.fedn_client import ConnectToApiResult, FednClient
from fedn.utils.helpers.helpers import get_helper, save_metadata

url, client_id, name = sys.argv[1:]
token = os.environ["FEDN_AUTH_TOKEN"]
helper = get_helper("numpyhelper")
x, y = data.load(name)
model = net_torch.made()


def take(weights):
    path = helper.get_tmp_path()
    with open(path, "wb") as file:
        file.write(weights.getbuffer())
    net_torch.set_arrays(model, helper.load(path))
    os.unlink(path)


def training_round(weights, client_settings):
    take(weights)
    net_torch.train(model, x, y)
    save_metadata({"training_metadata": {"num_examples": len(x), "epochs": 1}}, "temp")
    with open("temp-metadata") as file:
        metadata = json.load(file)
    path = helper.get_tmp_path()
    helper.save(net_torch.arrays(model), path)
    with open(path, "rb") as file:
        update = io.BytesIO(file.read())
    os.unlink(path)
    return update, metadata


def validate_weights(weights):
    take(weights)
    return net_torch.measure(model, x, y)


client = FednClient(train_callback=training_round, validate_callback=validate_weights)
client.set_name(name)
client.set_client_id(client_id)
wish = {"name": name, "client_id": client_id, "package": "local", "preferred_combiner": ""}
result, config = client.connect_to_api(url, token, wish)
if result != ConnectToApiResult.Assigned:
    sys.exit("Failed to connect to API, exiting.")
if not client.init_grpchandler(config=config, client_name=name, token=token):
    sys.exit(1)
print("Client connected to network.", flush=True)
client.run()
