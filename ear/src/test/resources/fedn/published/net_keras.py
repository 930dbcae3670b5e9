"""The network of FEDn's Keras example: its parameters as a list of arrays, one epoch of training, a measurement."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras

keras.utils.set_random_seed(0)


def made():
    net = keras.Sequential(
        [
            keras.layers.Input((784,)),
            keras.layers.Dense(64, "relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(32, "relu"),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    net.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return net


def arrays(net):
    return net.get_weights()


def set_arrays(net, values):
    net.set_weights(values)


def train(net, x, y):
    net.fit(x, y, batch_size=32, epochs=1, verbose=0)


def measure(net, x, y):
    loss, accuracy = net.evaluate(x, y, verbose=0)
    return {"training_loss": loss, "training_accuracy": accuracy}
