"""python3 train.py <model in> <model out>: one local epoch on this site's data."""

import json
import sys

import data
import model

model_in, model_out = sys.argv[1:]
with open(model_in + "-metadata") as file:  # what the session's settings hand to every client
    settings = json.load(file) or {}

x, y = data.load("train")
network = model.load(model_in)
network.fit(x, y, batch_size=settings.get("batch_size", 32), epochs=settings.get("epochs", 1), verbose=0)
model.save(network, model_out)
with open(model_out + "-metadata", "w") as file:
    json.dump({"num_examples": len(x), "batch_size": settings.get("batch_size", 32)}, file)
