"""A scikit-learn classifier, and the two functions that carry its weights to and from a model file."""

import numpy as np
from sklearn.neural_network import MLPClassifier


def build():
    model = MLPClassifier(hidden_layer_sizes=(32,), learning_rate_init=0.01, batch_size=32, random_state=1)
    model.partial_fit(np.zeros((32, 64)), np.zeros(32, int), classes=np.arange(10))  # lays the weights out
    return model


def load(path):
    model = build()
    with np.load(path) as file:
        for i, weights in enumerate(model.coefs_ + model.intercepts_):
            weights[...] = file[str(i)]
    return model


def save(model, path):
    with open(path, "wb") as file:
        np.savez(file, **{str(i): weights for i, weights in enumerate(model.coefs_ + model.intercepts_)})


if __name__ == "__main__":  # `fedn run build --path client`, or: cd client && python3 model.py
    save(build(), "../seed.npz")
