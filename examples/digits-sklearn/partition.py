"""Deals scikit-learn's 1,797 handwritten digits out to sites: data/<site>/digits.npz, site = 1, 2, ...

    python3 partition.py --sites 3

Every site prefers some labels: with --skew 0.7 seven tenths of a label's pictures go to "its" site, the rest is
dealt out evenly. The test part is the same for all.
"""

import argparse
import pathlib

import numpy as np
from sklearn.datasets import load_digits

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sites", type=int, default=2)
parser.add_argument("--skew", type=float, default=0.7)
parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("data"))
args = parser.parse_args()

draw = np.random.default_rng(7)
x, y = load_digits(return_X_y=True)
order = draw.permutation(len(y))
test, rest = order[:360], order[360:]
site = np.where(draw.random(len(rest)) < args.skew, y[rest] % args.sites, draw.integers(args.sites, size=len(rest)))
for number in range(args.sites):
    mine = rest[site == number]
    folder = args.out / str(number + 1)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "digits.npz", x_train=x[mine], y_train=y[mine], x_test=x[test], y_test=y[test])
    print(f"{folder}/digits.npz: {len(mine)} training pictures, {len(test)} test pictures")
