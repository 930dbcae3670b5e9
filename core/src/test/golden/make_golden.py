"""Makes the golden files of the model-format tests with NumPy, ml_dtypes and safetensors.

Run once, from this directory, and commit what it writes into ../resources/golden:

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy ml_dtypes safetensors
    /tmp/golden/bin/python make_golden.py

What PyTorch and Keras make, make_pytorch.py and make_keras.py write.
"""

import io
import zipfile

import ml_dtypes
import numpy as np
from golden_files import deflated, keep, stored
from safetensors.numpy import save_file

rng = np.random.default_rng(20261124)

every = {
    "f8": rng.normal(size=(3, 4)),
    "f4": rng.normal(size=(5,)).astype("f4"),
    "f2": rng.normal(size=(2, 3)).astype("f2"),
    "bf16": rng.normal(size=(4, 2)).astype(ml_dtypes.bfloat16),
    "i8": np.array([-(2 ** 63), -1, 0, 2 ** 63 - 1]),
    "i4": np.array([[-5], [7]], dtype="i4"),
    "i2": np.array([-300, 300], dtype="i2"),
    "i1": np.array([-128, 127], dtype="i1"),
    "u8": np.array([0, 2 ** 64 - 1], dtype="u8"),
    "u4": np.array([0, 2 ** 32 - 1], dtype="u4"),
    "u2": np.array([0, 65535], dtype="u2"),
    "u1": np.array([0, 255], dtype="u1"),
    "b1": np.array([True, False, True]),
    "scalar": np.array(3.5, dtype="f4"),
    "num_batches_tracked": np.array(17),
    "empty": np.zeros((0, 3), dtype="f4"),
}
keep("every-dtype.npz", every, stored)
keep("every-dtype-deflated.npz", every, deflated)

cube = rng.normal(size=(3, 4, 5)).astype("f4")
keep("orders.npz", {
    "c": cube,
    "fortran": np.asfortranarray(cube),
    "matrix": np.asfortranarray(rng.normal(size=(6, 7))),
    "big": rng.normal(size=(4, 3)).astype(">f4"),
    "big-fortran": np.asfortranarray(rng.integers(-99, 99, size=(2, 5)).astype(">i8")),
    "big-half": rng.normal(size=(3,)).astype(">f2"),
}, stored)
keep("orders-deflated.npz", {"fortran": np.asfortranarray(cube), "big": cube.astype(">f8")}, deflated)

keep("names.npz", {"модель/вес": np.ones(2, "f4"), "with space": np.zeros(1, "f4")}, stored)
keep("none.npz", {}, stored)


def streamed(path, arrays):
    """A ZIP whose sizes stand in data descriptors, as writers to pipes make them; and npy version 2.0."""
    class Pipe(io.RawIOBase):
        def __init__(self, file):
            self.file = file

        def writable(self):
            return True

        def write(self, data):
            return self.file.write(data)

    with open(path, "wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, version=(2, 0))
            archive.writestr(name + ".npy", buffer.getvalue())


keep("streamed.npz", {"a": rng.normal(size=(10, 10)), "b": np.arange(3)}, streamed)

keep("every-dtype.safetensors", {k: v for k, v in every.items()},
     lambda path, arrays: save_file(arrays, path, metadata={"format": "np", "note": "golden"}))
