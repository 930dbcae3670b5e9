"""Drives a whole session with FEDn's own APIClient.

    python3 drive_api.py <host:port/prefix> <folder> <clients>

The token comes in FEDN_AUTH_TOKEN. <folder> holds package.tgz, seed.npz and sites.json ([{"shift", "examples"}, …], one
per client that will take part, whichever program runs it). Prints {"ready": true} when clients may be started.
"""

import hashlib
import json
import pathlib
import sys
import time

import numpy as np
import requests
from fedn import APIClient
from fedn.network.combiner.hooks.serverfunctionsbase import ServerFunctionsBase
from report import call

host, folder, clients = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
api = APIClient(host)
archive, seed = folder / "package.tgz", folder / "seed.npz"
ROUNDS = 2


def until(ask, right, seconds=60):
    end = time.monotonic() + seconds
    answer = ask()
    while not right(answer) and time.monotonic() < end:
        time.sleep(0.25)
        answer = ask()
    return answer


def raw(method, path, **more):
    return requests.request(method, f"http://{host}{path}", headers={**api.headers, **more.pop("headers", {})}, **more)


def says(answer):
    return isinstance(answer, dict) and isinstance(answer.get("message"), str) and "Exception" not in answer["message"]


# --- package and seed model
call("get_active_package (none yet)", api.get_active_package, says)
call("get_active_model (none yet)", api.get_active_model, lambda a: isinstance(a, dict))
call("start_session (no model yet)", api.start_session, says)
call(
    "set_active_package",
    lambda: api.set_active_package(str(archive), "numpyhelper", "conformance", "adds a number"),
    lambda a: a["message"] == "Package uploaded",
)
package = call("get_active_package", api.get_active_package, lambda a: a["name"] == "conformance" and a["active"])
call(
    "get_package_checksum",
    api.get_package_checksum,
    lambda a: a["checksum"] == hashlib.sha256(archive.read_bytes()).hexdigest(),
)
call("get_packages", api.get_packages, lambda a: a["count"] == 1 and a["result"][0]["file_name"] == "package.tgz")
call("get_packages_count", api.get_packages_count, lambda a: a == 1)
call("get_package", lambda: api.get_package(package["package_id"]), lambda a: a["helper"] == "numpyhelper")
call(
    "download_package",
    lambda: api.download_package(str(folder / "again.tgz")),
    lambda a: a["success"] and (folder / "again.tgz").read_bytes() == archive.read_bytes(),
)
call("set_active_model", lambda: api.set_active_model(str(seed)), lambda a: a["success"])
first = call("get_active_model", api.get_active_model, lambda a: a["model_id"] == a["model"])
call("get_models", api.get_models, lambda a: a["count"] == 1)
call("get_models_count", api.get_models_count, lambda a: a == 1)
call("get_model", lambda: api.get_model(first["model_id"]), lambda a: a["parent_model"] is None)
call(
    "POST models (no model at all)",
    lambda: raw("POST", "/api/v1/models/", files={"file": ("bad.npz", b"this is no model")}),
    lambda r: r.status_code == 400 and says(r.json()),
)

# --- network
call("get_controller_status", api.get_controller_status, lambda a: "state" in a)
call("get_combiners", lambda: until(api.get_combiners, lambda a: a["count"] > 0), lambda a: a["count"] >= 1)
combiner = call("get_combiners (n_max)", lambda: api.get_combiners(n_max=1)["result"][0], lambda a: a["port"] > 0)
call("get_combiners_count", api.get_combiners_count, lambda a: a >= 1)
call("get_combiner", lambda: api.get_combiner(combiner["combiner_id"]), lambda a: a["name"] == combiner["name"])
call("get_client_config", api.get_client_config, lambda a: a["checksum"] and a["discover_host"])
call("get_clients", lambda: until(api.get_clients, lambda a: a["count"] == clients), lambda a: a["count"] == clients)
online = call(
    "get_active_clients",
    lambda: until(api.get_active_clients, lambda a: a["count"] == clients),
    lambda a: a["count"] == clients and all(c["status"] == "online" for c in a["result"]),
)
call(
    "get_active_clients (combiner)",
    lambda: api.get_active_clients(online["result"][0]["combiner"]),
    lambda a: a["count"] >= 1,
)
call("get_clients_count", api.get_clients_count, lambda a: a == clients)
someone = online["result"][0]["client_id"]
call("get_client", lambda: api.get_client(someone), lambda a: a["client_id"] == someone)
call(
    "get_clients: package, combiner_preferred, ip",
    lambda: {c["name"]: (c["package"], c["combiner_preferred"], c["ip"]) for c in api.get_clients()["result"]},
    lambda a: a["remote"] == ("remote", "south", "127.0.0.1") and a["local"] == ("local", "north", "127.0.0.1"),
)

# --- a session
started = call(
    "start_session",
    lambda: api.start_session(name="conformance", rounds=ROUNDS, round_timeout=60, min_clients=clients),
    lambda a: a["message"] == "Session started" and a["session_id"],
)
session = started["session_id"]
call(
    "session_is_finished",
    lambda: until(lambda: api.session_is_finished(session), bool),
    lambda a: a is True,
)
call("get_session_status", lambda: api.get_session_status(session), lambda a: a == "Finished")
call("get_session", lambda: api.get_session(session), lambda a: a["session_config"]["round_timeout"] == 60)
call("get_session (name)", lambda: api.get_session(name="conformance"), lambda a: a["session_id"] == session)
call("get_sessions", lambda: api.get_sessions(n_max=1), lambda a: a["count"] == 1)
call("get_sessions_count", api.get_sessions_count, lambda a: a == 1)
rounds = call("get_rounds", api.get_rounds, lambda a: a["count"] == ROUNDS)
call("get_rounds_count", api.get_rounds_count, lambda a: a == ROUNDS)
call(
    "get_round",
    lambda: api.get_round(rounds["result"][0]["round_id"]),
    lambda a: a["status"] == "Success"
    and sum(c["data"]["aggregation_time"]["nr_aggregated_models"] for c in a["combiners"]) == clients,
)
trail = call(
    "get_model_trail",
    api.get_model_trail,
    lambda a: len(a) == ROUNDS + 1 and a[0]["model_id"] == first["model_id"] and a[-1]["session_id"] == session,
)
call("get_models (session)", lambda: api.get_models(session_id=session), lambda a: a["count"] == ROUNDS)

sites = json.loads((folder / "sites.json").read_text())
shift = sum(s["shift"] * s["examples"] for s in sites) / sum(s["examples"] for s in sites)


def weights(model, rounds):
    path = folder / "model.npz"
    answer = api.download_model(model, str(path))
    with np.load(path) as file:
        names, values = file.files, [file[name] for name in file.files]
    assert names == ["0", "1"] and values[0].dtype == np.float32 and values[1].dtype == np.float64, names
    worst = max(float(np.abs(v - rounds * shift).max()) for v in values)
    return answer, worst


call(
    "download_model (weighted mean of all)",
    lambda: weights(trail[-1]["model_id"], ROUNDS),
    lambda a: a[0]["success"] and a[1] < 1e-5,
)
call(
    "get_validations",
    lambda: until(
        lambda: api.get_validations(session_id=session, model_id=trail[-1]["model_id"]), lambda a: a["count"] == clients, 20
    ),
    lambda a: a["count"] == clients
    and all(abs(json.loads(v["data"])["level"] - ROUNDS * shift) < 1e-5 for v in a["result"]),
)
validations = call("get_validations (sender)", lambda: api.get_validations(sender_role="CLIENT"), lambda a: a["count"] >= clients)
call(
    "get_validation",
    lambda: api.get_validation(validations["result"][0]["validation_id"]),
    lambda a: a["sender"]["role"] == "CLIENT",
)
call("get_validations_count", api.get_validations_count, lambda a: a == validations["count"])
statuses = call("get_statuses", lambda: api.get_statuses(session_id=session), lambda a: a["count"] >= 1)
call(
    "get_status",
    lambda: api.get_status(statuses["result"][0]["status_id"]),
    lambda a: a["status_id"] == statuses["result"][0]["status_id"],
)
call("get_statuses_count", api.get_statuses_count, lambda a: a >= statuses["count"])
call("continue_session", lambda: api.continue_session(session, rounds=1), lambda a: a["message"] == "Session started")
call(
    "start_session (one is running)",
    lambda: api.start_session(name="second", rounds=1, min_clients=clients),
    lambda a: a["message"].startswith("A session is already running!"),
)
call(
    "continue_session (finished)",
    lambda: until(lambda: (api.session_is_finished(session), api.get_rounds_count()), lambda a: a == (True, ROUNDS + 1)),
    lambda a: a == (True, ROUNDS + 1),
)
call(
    "download_model (after continuing)",
    lambda: weights(api.get_active_model()["model_id"], ROUNDS + 1),
    lambda a: a[1] < 1e-5,
)

# --- an old seed again, attributes, predictions, and what does not exist here
call("set_active_model (again)", lambda: api.set_active_model(str(seed)), lambda a: a["success"])
call("get_active_model (again)", api.get_active_model, lambda a: a["model_id"] == first["model_id"])
call(
    "add_attributes",
    lambda: api.add_attributes({"key": "charging", "value": "true", "sender": {"name": "", "role": "", "client_id": someone}}),
    lambda a: a["key"] == "charging",
)
call(
    "get_current_attributes",
    lambda: api.get_current_attributes([someone]),
    lambda a: a[someone]["charging"] == "true",
)
call("get_predictions", api.get_predictions, lambda a: a["count"] == 0)
call("start_predictions (clear no)", lambda: api.start_predictions(model_id=first["model_id"]), says)
call("start_splitlearning_session (clear no)", lambda: api.start_session(aggregator="splitlearningagg", model_id=first["model_id"]), says)
call("start_session (server functions: clear no)", lambda: api.start_session(server_functions=ServerFunctionsBase), says)
call(
    "start_session (more clients than there are)",
    lambda: api.start_session(rounds=1, min_clients=99),
    lambda a: a["message"].startswith("Number of available clients is lower than the required minimum of 99"),
)
call("start_session (unknown helper: clear no)", lambda: api.start_session(helper="nonsense"), lambda a: "no helper 'nonsense'" in a["message"])
call(
    "start_session (no rounds: clear no, and none is left)",
    lambda: (api.start_session(name="none", rounds=0), api.get_session(name="none")["status"]),
    lambda a: "at least 1" in a[0]["message"] and a[1] == "Terminated",
)
call("start_session (unknown aggregator: clear no)", lambda: api.start_session(aggregator="nonsense"), says)

# --- conventions
call(
    "paging and order by headers",
    lambda: raw("GET", "/api/v1/models", headers={"X-Limit": "1", "X-Skip": "1", "X-Sort-Key": "committed_at", "X-Sort-Order": "asc"}).json(),
    lambda a: a["count"] == ROUNDS + 2 and len(a["result"]) == 1 and a["result"][0]["model_id"] == trail[2]["model_id"],
)
call(
    "POST list with several values",
    lambda: raw("POST", "/api/v1/models/list", json={"model_id": trail[0]["model_id"] + "," + trail[1]["model_id"]}).json(),
    lambda a: a["count"] == 2,
)
call("POST count", lambda: raw("POST", "/api/v1/models/count", data={"session_id": session}).json(), lambda a: a == ROUNDS + 1)
call("GET models/{id}/descendants", lambda: raw("GET", f"/api/v1/models/{first['model_id']}/descendants").json(), lambda a: len(a) == ROUNDS + 1)
call("GET models/{id}/parameters", lambda: raw("GET", f"/api/v1/models/{first['model_id']}/parameters").json(), lambda a: len(a["array"]) == 2)
call("GET models/leaf-nodes", lambda: raw("GET", "/api/v1/models/leaf-nodes").json(), lambda a: a["count"] == 1)
call("GET models/active (gone)", lambda: raw("GET", "/api/v1/models/active"), lambda r: r.status_code == 410)
call(
    "GET metrics (log_metric of a client)",
    lambda: raw("GET", "/api/v1/metrics/").json(),
    lambda a: a["count"] == ROUNDS + 1 and a["result"][0]["key"] == "shift" and a["result"][0]["session_id"] == session,
)
call(
    "GET attributes (log_attributes of a client)",
    lambda: raw("GET", "/api/v1/attributes/?key=processor").json(),
    lambda a: a["result"][0]["value"] == "cpu" and a["result"][0]["sender"]["role"] == "CLIENT",
)
call("GET telemetry", lambda: raw("GET", "/api/v1/telemetry/?key=cpu_usage").json(), lambda a: a["count"] >= 2)
call("GET runs", lambda: raw("GET", "/api/v1/runs/").json(), lambda a: a["result"][0]["session_id"] == session)
call("GET clients/{id}/attributes", lambda: raw("GET", f"/api/v1/clients/{someone}/attributes").json(), lambda a: a["charging"] == "true")
call("POST clients/count", lambda: raw("POST", "/api/v1/clients/count", json={"status": "online"}).json(), lambda a: a == clients)
call("POST combiners/clients/count", lambda: raw("POST", "/api/v1/combiners/clients/count", json={"combiners": combiner["combiner_id"]}).json(), lambda a: len(a["result"]) == 1)
call("helpers/active", lambda: raw("GET", "/api/v1/helpers/active").json(), lambda a: a == "numpyhelper")
call("dates are HTTP dates", lambda: first["committed_at"], lambda a: time.strptime(a, "%a, %d %b %Y %H:%M:%S GMT"))
call(
    "an unknown id is 404 with a message",
    lambda: [raw("GET", f"/api/v1/{c}/nothing") for c in ("clients", "models", "sessions", "rounds", "packages", "combiners", "statuses", "validations")],
    lambda rs: all(r.status_code == 404 and says(r.json()) for r in rs),
)
call("without a token: 401 with a message", lambda: requests.get(f"http://{host}/api/v1/models/"), lambda r: r.status_code == 401 and says(r.json()))
call("graphql (clear no)", lambda: raw("POST", "/api/v1/graphql", json={"query": "{ x }"}), lambda r: r.status_code in (404, 410, 501) and says(r.json()))
