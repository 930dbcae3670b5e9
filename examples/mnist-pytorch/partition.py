"""Deals a set of handwritten digits out to sites: data/<site>/mnist.npz, site = 1, 2, ...

    python3 partition.py --sites 3                   the full MNIST, downloaded once to data/mnist.npz
    python3 partition.py --sites 3 --source digits   1,797 digits that scikit-learn ships, drawn as 28 x 28

Every site prefers some labels: with --skew 0.7 seven tenths of a label's pictures go to "its" site, the rest is
dealt out evenly. The test part is the same for all.
"""

import argparse
import hashlib
import pathlib
import urllib.request

import numpy as np

MNIST = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def mnist():
    path = args.out / "mnist.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            urllib.request.urlretrieve(MNIST, path)
        except OSError as problem:
            raise SystemExit(f"cannot download {MNIST}: {problem}; put that file at {path}, or use --source digits")
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{path} is not the whole file that {MNIST} serves; delete it and try again")
    with np.load(path) as file:
        return file["x_train"], file["y_train"], file["x_test"], file["y_test"]


def digits():
    from sklearn.datasets import load_digits

    pictures, labels = load_digits(return_X_y=True)
    small = (pictures.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    x = np.pad(small.repeat(3, 1).repeat(3, 2), ((0, 0), (2, 2), (2, 2)))
    order = np.random.default_rng(1).permutation(len(x))
    x, y = x[order], labels[order].astype(np.uint8)
    return x[360:], y[360:], x[:360], y[:360]


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sites", type=int, default=2)
parser.add_argument("--source", choices=["mnist", "digits"], default="mnist")
parser.add_argument("--skew", type=float, default=0.7)
parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("data"))
args = parser.parse_args()

x, y, x_test, y_test = {"mnist": mnist, "digits": digits}[args.source]()
draw = np.random.default_rng(7)
site = np.where(draw.random(len(y)) < args.skew, y % args.sites, draw.integers(args.sites, size=len(y)))
for number in range(args.sites):
    mine = site == number
    folder = args.out / str(number + 1)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "mnist.npz", x_train=x[mine], y_train=y[mine], x_test=x_test, y_test=y_test)
    print(f"{folder}/mnist.npz: {mine.sum()} training pictures, {len(y_test)} test pictures")
