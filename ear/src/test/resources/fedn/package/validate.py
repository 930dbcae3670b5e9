"""The mean of all weights; on a site that is said to be blind it fails."""

import json
import sys

import numpy as np
from place import PLACE

if PLACE.get("blind"):
    sys.exit("this site cannot validate")
with np.load(sys.argv[1]) as file:
    level = float(np.mean([file[name].mean() for name in file.files]))
with open(sys.argv[2], "w") as file:
    json.dump({"level": level, "examples": PLACE["examples"]}, file)
