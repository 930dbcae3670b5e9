"""Makes fedn-pytorch.npz and pytorch.npz: state_dicts of a small network after three steps of training, with PyTorch.

    apt-get install python3-torch && /usr/bin/python3 make_pytorch.py

fedn-pytorch.npz lies as FEDn's helper writes it (deflated, tensors by number), pytorch.npz by name and stored, with one
transposed weight, which NumPy keeps in Fortran order.
"""

import torch
from golden_files import deflated, keep, stored

torch.manual_seed(20261124)
network = torch.nn.Sequential(
    torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(18, 3))
optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(network(torch.randn(4, 1, 5, 5)), torch.tensor([0, 1, 2, 0]))
    loss.backward()
    optimizer.step()
state = {name: tensor.cpu().numpy() for name, tensor in network.state_dict().items()}
keep("fedn-pytorch.npz", {str(i): array for i, array in enumerate(state.values())}, deflated)
state["4.weight.transposed"] = network.state_dict()["4.weight"].t().numpy()
state["4.weight.half"] = network.state_dict()["4.weight"].half().numpy()
keep("pytorch.npz", state, stored)
