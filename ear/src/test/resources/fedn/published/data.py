"""Small data in place of MNIST: ten noisy patterns of 784 numbers, dealt out by the name of a site."""

import zlib

import numpy as np

PATTERNS = np.random.default_rng(0).standard_normal((10, 784), np.float32)


def load(site, count=400):
    rng = np.random.default_rng(zlib.crc32(site.encode()))
    labels = rng.integers(0, 10, count)
    noise = rng.standard_normal((count, 784), np.float32)
    return PATTERNS[labels] + 2 * noise, labels
