"""Sends what no honest program sends, to the REST API and to the combiner, and looks for a clear message.

    python3 hostile.py <api url> <foreign api url> <combiner host:port> <join token> <folder>     the operator's token comes in FEDN_AUTH_TOKEN
"""

import json
import os
import pathlib
import sys

import fedn.network.grpc.fedn_pb2 as fedn
import fedn.network.grpc.fedn_pb2_grpc as services
import grpc
import requests
from report import call

url, foreign, combiner, join, folder = sys.argv[1:]
api = url + "/api/v1"
bearer = lambda token: {"Authorization": "Bearer " + token}
operator, joining = bearer(os.environ["FEDN_AUTH_TOKEN"]), {**bearer(join), "Content-Type": "application/json"}
seed = pathlib.Path(folder, "seed.npz").read_bytes()
TRACES = ("Exception", "\tat ", "io.foedus", "org.", "SELECT ", "PSQL")


def rest(method, path, headers=operator, base=None, **more):
    return requests.request(method, (base or api) + path, headers=headers, timeout=20, **more)


def refused(*statuses):
    """The status, and one sentence for people without anything of the server's inside."""

    def judge(answer):
        text = answer.json()["message"]
        return answer.status_code in statuses and len(text) > 10 and not any(trace in answer.text for trace in TRACES)

    return judge


def add(body, headers=joining, base=None):
    return rest("POST", "/clients/add", headers, base, data=body if isinstance(body, (str, bytes)) else json.dumps(body))


good = {"name": "visitor", "client_id": "visitor", "package": "local"}

# --- tokens
call("no token", lambda: rest("GET", "/models/", {}), refused(401))
call("a token that nobody made", lambda: rest("GET", "/models/", bearer("nonsense")), refused(401))
call("no token, as the client sends it", lambda: add(good, {"Authorization": "Bearer None", "Content-Type": "application/json"}), refused(401))
call("a join token reads models", lambda: rest("GET", "/models/", bearer(join)), refused(403))
call("a join token in a foreign alliance", lambda: add(good, base=foreign + "/api/v1"), refused(404))
call("an operator's token joins as client", lambda: add(good, {**operator, "Content-Type": "application/json"}), refused(400))
call("an alliance that does not exist", lambda: rest("GET", "/models/", base=url + "-not/api/v1"), refused(404))

# --- JSON
call("JSON that breaks off", lambda: add('{"name":'), refused(400))
call("JSON that breaks off in an unknown member", lambda: add('{"x":{'), refused(400))
call("an array for an object", lambda: add([1, 2]), refused(400))
call("null for an object", lambda: add("null"), refused(400))
call("no body", lambda: add(""), refused(400))
call("100,000 brackets", lambda: add("[" * 100_000), refused(400))
call("9 MB of JSON", lambda: add({**good, "name": "a" * 9_000_000}), refused(413))
call("text for JSON", lambda: rest("POST", "/clients/add", {**joining, "Content-Type": "text/plain"}, data="x"), refused(415))

# --- values
call("a name with U+0000", lambda: add({**good, "name": "a\0b"}), refused(400))
call("a name of 3,000 letters", lambda: add({**good, "name": "a" * 3_000}), refused(400))
call("a client id of 300 letters", lambda: add({**good, "client_id": "a" * 300}), refused(400))
call("a number for a client id", lambda: add({**good, "client_id": 7}), refused(400))
call("no session_config", lambda: rest("POST", "/sessions/", json={}), refused(400))
call("rounds that are a word", lambda: rest("POST", "/sessions/", json={"session_config": {"rounds": "many"}}), refused(400))
call("rounds beyond all bounds", lambda: rest("POST", "/sessions/", json={"session_config": {"rounds": 1e30}}), refused(400))
call("rounds below zero", lambda: rest("POST", "/sessions/", json={"session_config": {"rounds": -5}}), refused(400))
call("a model of another alliance", lambda: rest("POST", "/sessions/", json={"session_config": {"model_id": "00000000-0000-4000-8000-000000000000"}}), refused(400, 404))
call("a session that is none", lambda: rest("POST", "/sessions/start", json={"session_id": "x"}), refused(404))
call("client_ids that are no list", lambda: rest("POST", "/attributes/current", json={"client_ids": "x"}), refused(400))
call("SQL in a filter", lambda: rest("GET", "/rounds/?round_id=' or 1=1 --"), lambda r: r.json() == {"count": 0, "result": []})
call("SQL in the order", lambda: rest("GET", "/rounds/", {**operator, "X-Sort-Key": "1; drop table round"}), lambda r: r.status_code == 200)
call("an address that is none", lambda: rest("GET", "/nonsense"), refused(404))
call("a method that is none", lambda: rest("DELETE", "/models/x"), refused(405))

# --- files
call("a form without file", lambda: rest("POST", "/packages/", data={"helper": "numpyhelper"}, files={"x": b""}), refused(400))
call("a form that breaks off", lambda: rest("POST", "/models/", {**operator, "Content-Type": "multipart/form-data; boundary=x"}, data="garbage"), refused(400))
call("a package that is none", lambda: rest("POST", "/packages/", data={"helper": "numpyhelper"}, files={"file": ("p.tgz", b"garbage")}), refused(400))
call("a helper that is none", lambda: rest("POST", "/packages/", data={"helper": "x"}, files={"file": ("p.tgz", b"x")}), refused(400))
call("half a model", lambda: rest("POST", "/models/", files={"file": ("m.npz", seed[: len(seed) // 2])}), refused(400))

# --- gRPC
channel = grpc.insecure_channel(combiner)
me = lambda name: (("client", name), ("grpc-server", "x"))
sender = fedn.Client(name="x", role=fedn.CLIENT, client_id="x")


def status(work):
    try:
        return f"OK {work()}"
    except grpc.RpcError as e:
        return f"{e.code().name} {e.details()}"


def says(*codes):
    return lambda told: told.split()[0] in codes and not any(trace in told for trace in TRACES)


def raw(path, data, name="x"):
    echo = lambda value: value
    return channel.unary_unary(path, request_serializer=echo, response_deserializer=echo)(data, metadata=me(name), timeout=10)


connector, tasks, models = services.ConnectorStub(channel), services.CombinerStub(channel), services.ModelServiceStub(channel)
call("heartbeat of a client that nobody knows", lambda: status(lambda: connector.SendHeartbeat(fedn.Heartbeat(sender=sender), metadata=me("nobody"), timeout=10)), says("UNAVAILABLE"))
call("heartbeat without metadata", lambda: status(lambda: connector.SendHeartbeat(fedn.Heartbeat(sender=sender), timeout=10)), says("UNAVAILABLE"))
call("tasks for a client that nobody knows", lambda: status(lambda: next(tasks.TaskStream(fedn.ClientAvailableMessage(sender=sender), metadata=me("nobody"), timeout=10))), says("UNAVAILABLE"))
known = lambda *more: (("client", "x"), *more)
shown = lambda token: known(("authorization", "Bearer " + token))
add({**good, "client_id": "liar", "name": "liar"})
itself = fedn.Client(name="liar", role=fedn.CLIENT, client_id="liar")
beat = lambda metadata: status(lambda: connector.SendHeartbeat(fedn.Heartbeat(sender=itself), metadata=metadata, timeout=10).response)
call("a token that nobody made, with a call", lambda: beat(shown("nonsense")), says("UNAUTHENTICATED"))
call("the operator's token, with a call", lambda: beat(shown(os.environ["FEDN_AUTH_TOKEN"])), says("UNAUTHENTICATED"))
call("the alliance's token, with a call", lambda: beat(shown(join)), says("OK"))
call("who else is there", lambda: status(lambda: [c.client_id for c in connector.ListActiveClients(fedn.ListClientsRequest(sender=itself), metadata=known(), timeout=10).client]), lambda told: told == "OK ['liar']")
call("bytes that are no message", lambda: status(lambda: raw("/fedn.Combiner/SendModelUpdate", b"\xff" * 40)), says("INTERNAL", "INVALID_ARGUMENT", "CANCELLED", "UNKNOWN", "UNAVAILABLE"))
call("3 MB in one message", lambda: status(lambda: raw("/fedn.Connector/SendStatus", b"\x12" + b"\xff" * 3_000_000)), says("RESOURCE_EXHAUSTED", "INTERNAL", "CANCELLED"))
call("Control.Start", lambda: status(lambda: services.ControlStub(channel).Start(fedn.ControlRequest(), timeout=10)), says("UNIMPLEMENTED"))
call("a method that is none", lambda: status(lambda: raw("/fedn.Combiner/Nonsense", b"")), says("UNIMPLEMENTED"))

# a client that joined and then lies
add({**good, "client_id": "liar", "name": "liar"})
liar = me("liar")
call("a model that it has no task for", lambda: status(lambda: [p.status for p in models.Download(fedn.ModelRequest(id="../../etc/passwd"), metadata=liar, timeout=10)]), lambda told: told == f"OK [{fedn.ModelStatus.FAILED}]")
call(
    "an upload under a path",
    lambda: status(lambda: models.Upload(iter([fedn.ModelRequest(id="../../x", data=b"x", status=fedn.IN_PROGRESS), fedn.ModelRequest(id="../../x", status=fedn.OK)]), metadata=liar, timeout=10).message),
    says("OK"),
)
call("an update whose meta is no JSON", lambda: status(lambda: tasks.SendModelUpdate(fedn.ModelUpdate(meta="{"), metadata=liar, timeout=10).response), lambda t: says("OK")(t) and "meta" in t)
call("an update of no round", lambda: status(lambda: tasks.SendModelUpdate(fedn.ModelUpdate(meta="{}"), metadata=liar, timeout=10).response), lambda t: says("OK")(t) and "round" in t)
call("a validation that is no JSON", lambda: status(lambda: tasks.SendModelValidation(fedn.ModelValidation(data="[", correlation_id="00000000-0000-4000-8000-000000000000"), metadata=liar, timeout=10).response), lambda t: says("OK")(t) and "JSON" in t)
call("a status of 1 MB", lambda: status(lambda: connector.SendStatus(fedn.Status(sender=sender, status="x" * 1_000_000, data="{" * 100_000), metadata=liar, timeout=10).response), says("OK"))
