"""The network, and the two functions that carry its weights to and from a model file."""

import numpy as np
import torch
from torch import nn


def build():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 10),
    )


def load(path):
    network = build()
    with np.load(path) as file:
        network.load_state_dict({name: torch.as_tensor(file[name]) for name in file.files})
    return network


def save(network, path):
    with open(path, "wb") as file:
        np.savez(file, **{name: tensor.numpy() for name, tensor in network.state_dict().items()})


if __name__ == "__main__":  # `fedn run build --path client`, or: cd client && python3 model.py
    torch.manual_seed(1)
    save(build(), "../seed.npz")
