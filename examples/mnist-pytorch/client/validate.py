"""python3 validate.py <model in> <json out>: how well the model does on this site's data."""

import json
import sys

import torch

import data
import model

model_in, json_out = sys.argv[1:]
network = model.load(model_in).eval()
report = {}
with torch.no_grad():
    for part, name in (("train", "training"), ("test", "test")):
        x, y = map(torch.as_tensor, data.load(part))
        scores = network(x.unsqueeze(1))
        report[name + "_loss"] = torch.nn.functional.cross_entropy(scores, y).item()
        report[name + "_accuracy"] = (scores.argmax(1) == y).float().mean().item()
with open(json_out, "w") as file:
    json.dump(report, file)
