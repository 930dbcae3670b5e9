"""python3 seed.py <model out> [megabytes] [dtype]: zeros, as FEDn's numpyhelper writes them; noise if a size is given."""

import sys

import numpy as np

out, megabytes, dtype = sys.argv[1:] + ["0", "float32"][len(sys.argv) - 2 :]
if float(megabytes) > 0:
    rows = int(float(megabytes) * 1024)
    first = np.random.default_rng(1).standard_normal((rows, 256), dtype)
else:
    first = np.zeros((3, 256), dtype)
with open(out, "wb") as file:
    np.savez_compressed(file, **{"0": first, "1": np.zeros(4, np.float64)})
