"""init_seed, init_fedn, run_experiment and client_participation of async-clients.

    python3 async_experiment.py <host:port/prefix> <folder> <clients> <rounds>          the token comes in FEDN_AUTH_TOKEN
"""

import sys
import time

import numpy as np
from fedn import APIClient
from fedn.utils.helpers.helpers import get_helper

host, folder, clients, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
client = APIClient(host)
rng = np.random.default_rng(0)
get_helper("numpyhelper").save([rng.normal(size=s) for s in ((4, 100), (100, 1), (100,), (1,))], f"{folder}/seed.npz")
print(client.set_active_model(f"{folder}/seed.npz")["message"])
while client.get_active_clients()["count"] < clients:
    time.sleep(0.5)

model = client.get_active_model()["model"]
session = client.start_session(
    helper="numpyhelper", name="async-test-1", aggregator="fedavg", round_timeout=15, rounds=rounds, validate=True, model_id=model
)
assert session["message"] == "Session started", session
while not client.session_is_finished(session["session_id"]):
    client.get_session_status(session["session_id"])
    time.sleep(0.5)

models, validations = [], []
for one in client.get_rounds()["result"]:
    if one["combiners"] and one["round_config"]["session_id"] == session["session_id"]:
        models.append(one["combiners"][0]["data"]["aggregation_time"]["nr_aggregated_models"])
        validations.append(len(client.get_validations(model_id=one["round_config"]["model_id"])["result"]))
print(f"{client.get_session_status(session['session_id'])}; aggregated {models}, validated {validations}")
