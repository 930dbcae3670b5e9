"""python3 validate.py <model in> <json out>: how well the model does on this site's data."""

import json
import sys

from sklearn.metrics import log_loss

import data
import model

model_in, json_out = sys.argv[1:]
classifier = model.load(model_in)
report = {}
for part, name in (("train", "training"), ("test", "test")):
    x, y = data.load(part)
    report[name + "_accuracy"] = classifier.score(x, y)
    report[name + "_loss"] = log_loss(y, classifier.predict_proba(x), labels=classifier.classes_)
with open(json_out, "w") as file:
    json.dump(report, file)
