"""The entry points of mnist-pytorch and mnist-keras: which, and then what FEDn gives each. net.py is one of the two."""

import os
import sys

import data
import net
from fedn.utils.helpers.helpers import get_helper, save_metadata, save_metrics

helper = get_helper("numpyhelper")


def loaded(path):
    model = net.made()
    net.set_arrays(model, helper.load(path))
    return model


def build():
    helper.save(net.arrays(net.made()), "../seed.npz")


def train(before, after):
    x, y = data.load(os.environ["FEDN_DATA_PATH"])
    model = loaded(before)
    net.train(model, x, y)
    save_metadata({"num_examples": len(x), "batch_size": 32, "epochs": 1}, after)
    helper.save(net.arrays(model), after)


def validate(model, report):
    save_metrics(net.measure(loaded(model), *data.load(os.environ["FEDN_DATA_PATH"])), report)


{"build": build, "train": train, "validate": validate}[sys.argv[1]](*sys.argv[2:])
