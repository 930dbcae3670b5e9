"""This site's data: the file that FEDN_DATA_PATH names, as partition.py writes it."""

import os

import numpy as np


def load(part):
    """part is "train" or "test"; pixels come scaled to 0..1."""
    with np.load(os.environ["FEDN_DATA_PATH"]) as file:
        return file["x_" + part].astype(np.float32) / 255, file["y_" + part].astype(np.int64)
