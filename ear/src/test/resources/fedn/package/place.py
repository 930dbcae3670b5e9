"""What this site is: the JSON file that FEDN_DATA_PATH names."""

import json
import os

with open(os.environ["FEDN_DATA_PATH"]) as file:
    PLACE = json.load(file)
