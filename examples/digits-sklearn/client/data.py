"""This site's data: the file that FEDN_DATA_PATH names, as partition.py writes it."""

import os

import numpy as np


def load(part):
    """part is "train" or "test"; 64 pixels in 0..1 each."""
    with np.load(os.environ["FEDN_DATA_PATH"]) as file:
        return file["x_" + part] / 16, file["y_" + part]
