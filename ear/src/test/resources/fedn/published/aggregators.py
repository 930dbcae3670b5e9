"""The four sessions of Aggregators, one after the other; 0.33's client takes a name where the notebook says id.

    python3 aggregators.py <host:port/prefix>          the token comes in FEDN_AUTH_TOKEN
"""

import json
import sys
import time

import numpy as np
from fedn import APIClient

client = APIClient(sys.argv[1])
seed = client.get_model_trail()[0]
try:
    client.start_session(id="experiment_fedavg", model_id=seed["model"])
    sys.exit("this client takes an id after all")
except TypeError as refused:
    told = str(refused).split(" ", 1)[1]

adam = {"serveropt": "adam", "learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.99, "tau": 1e-4}
scores = []
for name, kwargs in {
    "experiment_fedavg": {},
    "experiment_fedadam": {"aggregator": "fedopt", "aggregator_kwargs": adam},
    "experiment_fedyogi": {"aggregator": "fedopt", "aggregator_kwargs": {"serveropt": "yogi", "learning_rate": 1e-2}},
    "experiment_fedadagrad": {"aggregator": "fedopt", "aggregator_kwargs": {"serveropt": "adagrad", "learning_rate": 1e-1}},
}.items():
    started = client.start_session(name=name, helper="numpyhelper", model_id=seed["model"], rounds=2, **kwargs)
    assert started["message"] == "Session started", started
    while not client.session_is_finished(started["session_id"]):
        time.sleep(0.5)
    validations = client.get_validations(started["session_id"])["result"]
    assert len({v["model_id"] for v in validations}) == 2, validations
    scores.append(f"{name[11:]} {np.mean([json.loads(v['data'])['training_accuracy'] for v in validations]):.2f}")
print("mean accuracy of two rounds " + ", ".join(scores) + "; 'id': " + told)
