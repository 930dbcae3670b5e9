"""The network, and the two functions that carry its weights to and from a model file."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np


def build():
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def load(path):
    model = build()
    with np.load(path) as file:
        model.set_weights([file[str(i)] for i in range(len(file.files))])
    return model


def save(model, path):
    with open(path, "wb") as file:
        np.savez(file, **{str(i): weights for i, weights in enumerate(model.get_weights())})


if __name__ == "__main__":  # `fedn run build --path client`, or: cd client && python3 model.py
    save(build(), "../seed.npz")
