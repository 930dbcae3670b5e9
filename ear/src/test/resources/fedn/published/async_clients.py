"""run_clients of async-clients: processes of clients that stay, or that come and go (--intermittent).

    python3 async_clients.py <api url/> <count> [--intermittent]          the join token comes in FEDN_AUTH_TOKEN

As published, training gives the model back as it came.
"""

import os
import sys
import threading
import time
import uuid
from multiprocessing import Process

import numpy as np
from fedn import FednClient

url, count, intermittent = sys.argv[1], int(sys.argv[2]), "--intermittent" in sys.argv
token = os.environ["FEDN_AUTH_TOKEN"]


def on_train(model, settings):
    return model, {"training_metadata": {"num_examples": 1, "training_metadata": {"epochs": 10, "batch_size": 1, "learning_rate": 0.01}}}


def on_validate(model):
    model.seek(0)
    weights = np.load(model)
    return {"validation_accuracy": float(np.mean([np.abs(weights[w]).mean() for w in weights.files]))}


def run(name):
    client = FednClient(train_callback=on_train, validate_callback=on_validate)
    client.set_name(name)
    client.set_client_id(str(uuid.uuid4()))
    wish = {"name": client.name, "client_id": client.client_id, "package": "local"}
    _, config = client.connect_to_api(url, token, wish)
    client.init_grpchandler(config=config, client_name=client.client_id, token=token)
    if not intermittent:
        client.run()
    for cycle in range(3):
        if cycle:
            client.grpc_handler._reconnect()
        threading.Thread(target=client.run, daemon=True).start()
        time.sleep(8)
        client.grpc_handler._disconnect()
        time.sleep(1 + int(name[-1]))


if __name__ == "__main__":
    clients = [Process(target=run, args=(f"client_{i + 1}",)) for i in range(count)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
