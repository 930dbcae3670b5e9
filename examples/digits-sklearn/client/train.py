"""python3 train.py <model in> <model out>: some local epochs on this site's data."""

import json
import sys

import data
import model

model_in, model_out = sys.argv[1:]
with open(model_in + "-metadata") as file:  # what the session's settings hand to every client
    settings = json.load(file) or {}

x, y = data.load("train")
classifier = model.load(model_in)
for _ in range(settings.get("epochs", 3)):
    classifier.partial_fit(x, y)
model.save(classifier, model_out)
with open(model_out + "-metadata", "w") as file:
    json.dump({"num_examples": len(x)}, file)
