"""A client of FEDn's own library that is gone in the middle of its first upload, as if its machine had lost power.

    python3 die_uploading.py <api url/> <client id> <name>          the join token comes in FEDN_AUTH_TOKEN
"""

import io
import os
import sys

from fedn.network.clients.fedn_client import FednClient, ConnectToApiResult

url, client_id, name = sys.argv[1:]


class Dying(io.BytesIO):
    sent = 0

    def read(self, size=-1):
        part = super().read(size)
        Dying.sent += len(part)
        if Dying.sent > len(self.getbuffer()) // 2:
            print("gone after", Dying.sent, "bytes", flush=True)
            os._exit(9)
        return part


client = FednClient(train_callback=lambda model, settings: (Dying(model.getvalue()), {"training_metadata": {"num_examples": 1000}}))
client.set_name(name)
client.set_client_id(client_id)
token = os.environ["FEDN_AUTH_TOKEN"]
result, config = client.connect_to_api(url, token, {"name": name, "client_id": client_id, "package": "remote", "preferred_combiner": ""})
if result != ConnectToApiResult.Assigned:
    sys.exit(f"not assigned: {config}")
client.init_grpchandler(config, client_id, token)
client.run()
