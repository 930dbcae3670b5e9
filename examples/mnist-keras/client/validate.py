"""python3 validate.py <model in> <json out>: how well the model does on this site's data."""

import json
import sys

import data
import model

model_in, json_out = sys.argv[1:]
network = model.load(model_in)
train_loss, train_accuracy = network.evaluate(*data.load("train"), verbose=0)
test_loss, test_accuracy = network.evaluate(*data.load("test"), verbose=0)
with open(json_out, "w") as file:
    json.dump(
        {
            "training_loss": train_loss,
            "training_accuracy": train_accuracy,
            "test_loss": test_loss,
            "test_accuracy": test_accuracy,
        },
        file,
    )
