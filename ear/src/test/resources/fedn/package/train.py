"""Adds the site's shift to every weight, so that the exact global model is known in advance."""

import json
import os
import sys
import time

import numpy as np
from place import PLACE

model_in, model_out = sys.argv[1:]
with open(os.environ["FEDN_DATA_PATH"] + ".calls", "a") as file:
    print("train", file=file)
if PLACE.get("fails"):
    sys.exit("the data of this site is broken")
time.sleep(PLACE.get("seconds", 0))
with np.load(model_in) as file:
    weights = {name: file[name] for name in file.files}
with open(model_out, "wb") as file:
    np.savez_compressed(file, **{name: w + np.asarray(PLACE["shift"], w.dtype) for name, w in weights.items()})
with open(model_out + "-metadata", "w") as file:
    json.dump({"num_examples": PLACE["examples"]}, file)
