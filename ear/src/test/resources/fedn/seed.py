"""python3 seed.py <model out> [megabytes]: zeros, as FEDn's numpyhelper writes them; noise if a size is given."""

import sys

import numpy as np

if len(sys.argv) > 2:
    rows = int(float(sys.argv[2]) * 1024)
    first = np.random.default_rng(1).standard_normal((rows, 256), np.float32)
else:
    first = np.zeros((3, 256), np.float32)
with open(sys.argv[1], "wb") as file:
    np.savez_compressed(file, **{"0": first, "1": np.zeros(4, np.float64)})
