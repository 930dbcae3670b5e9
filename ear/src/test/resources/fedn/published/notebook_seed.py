"""python3 notebook_seed.py <model out>: the seed model of the notebooks, saved by FEDn's helper."""

import sys

import net_torch
from fedn.utils.helpers.helpers import get_helper

get_helper("numpyhelper").save(net_torch.arrays(net_torch.made()), sys.argv[1])
