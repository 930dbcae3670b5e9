"""The calls of API_Example in their order; with --local the package stays at the clients.

    python3 api_example.py <host:port/prefix> <folder> [--local]          the token comes in FEDN_AUTH_TOKEN
"""

import json
import sys
import time

import numpy as np
from fedn import APIClient

client = APIClient(sys.argv[1])
folder = sys.argv[2]
if "--local" not in sys.argv:
    client.set_active_package(f"{folder}/package.tgz", "numpyhelper", "mnist")
client.set_active_model(f"{folder}/seed.npz")
seed = client.get_active_model()
while client.get_active_clients()["count"] < 2:
    time.sleep(0.5)

started = client.start_session(name="My Session", helper="numpyhelper", aggregator="fedavg", model_id=seed["model"], rounds=3)
assert started["message"] == "Session started", started
while not client.session_is_finished(started["session_id"]):
    time.sleep(0.5)

trail = client.get_model_trail()
accuracy = []
for model in trail[1:]:
    validations = client.get_validations(model_id=model["model"])["result"]
    accuracy.append(float(np.mean([json.loads(v["data"])["training_accuracy"] for v in validations])))
assert len(accuracy) == 3 and accuracy[-1] > accuracy[0], accuracy
print("accuracy after each round " + " ".join(f"{a:.2f}" for a in accuracy) + "; predictions: " + client.start_predictions()["message"].split(".")[0])
