"""Prints the ε values that PrivacyTest expects, computed by Google's dp-accounting.

    pip install dp-accounting && python make_epsilons.py
"""

import dp_accounting
from dp_accounting import rdp

for q, z, rounds, delta in [(0.01, 4, 10_000, 1e-5), (0.1, 1, 100, 1e-6), (1, 2, 10, 1e-5)]:
    accountant = rdp.RdpAccountant(orders=list(range(2, 513)))
    event = dp_accounting.GaussianDpEvent(z)
    if q < 1:
        event = dp_accounting.PoissonSampledDpEvent(q, event)
    accountant.compose(event, rounds)
    print(q, z, rounds, delta, repr(accountant.get_epsilon(delta)))
