"""Makes fedn-keras.npz: the weights of a small network after three steps of training, as FEDn's Keras helper keeps them.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install keras jax && /tmp/golden/bin/python make_keras.py
"""

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from golden_files import deflated, keep

keras.utils.set_random_seed(20261124)
network = keras.Sequential([
    keras.Input((6,)), keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.ReLU(),
    keras.layers.Dense(3, activation="softmax")])
network.compile("sgd", "sparse_categorical_crossentropy")
network.fit(np.random.rand(12, 6), np.arange(12) % 3, batch_size=4, epochs=1, verbose=0)
keep("fedn-keras.npz", {str(i): array for i, array in enumerate(network.get_weights())}, deflated)
