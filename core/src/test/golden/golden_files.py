"""Where golden files go, and how golden.json describes them: per file the tensors in order, with name, dtype, shape and
the payload as hexadecimal in C order, little-endian, so that a test needs neither NumPy nor any arithmetic of its own.
"""

import json
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "golden"
INDEX = OUT / "golden.json"
LABELS = {
    "f8": "f64", "f4": "f32", "f2": "f16", "b1": "bool",
    "i8": "i64", "i4": "i32", "i2": "i16", "i1": "i8",
    "u8": "u64", "u4": "u32", "u2": "u16", "u1": "u8",
}


def describe(arrays):
    tensors = []
    for name, array in arrays.items():
        little = np.ascontiguousarray(array)
        if array.dtype.byteorder == ">":
            little = little.astype(array.dtype.newbyteorder("<"))
        tensors.append({
            "name": name,
            "dtype": "bf16" if array.dtype.name == "bfloat16" else LABELS[array.dtype.str[1:]],
            "shape": list(array.shape),
            "hex": little.tobytes("C").hex(),
        })
    return tensors


def keep(name, arrays, save):
    save(OUT / name, arrays)
    golden = json.loads(INDEX.read_text(encoding="utf-8")) if INDEX.exists() else {}
    golden[name] = describe(arrays)
    INDEX.write_text(json.dumps(golden, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def stored(path, arrays):
    np.savez(path, **arrays)


def deflated(path, arrays):
    np.savez_compressed(path, **arrays)
