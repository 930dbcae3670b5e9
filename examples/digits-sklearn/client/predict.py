"""python3 predict.py <model in> <json out>: the labels that the model gives to this site's test pictures."""

import json
import sys

import data
import model

model_in, json_out = sys.argv[1:]
with open(json_out, "w") as file:
    json.dump({"labels": model.load(model_in).predict(data.load("test")[0]).tolist()}, file)
