"""The network of FEDn's PyTorch examples: its parameters as a list of arrays, one epoch of training, a measurement."""

import torch

torch.manual_seed(0)
torch.set_num_threads(1)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(784, 64)
        self.second = torch.nn.Linear(64, 32)
        self.third = torch.nn.Linear(32, 10)

    def forward(self, x):
        x = torch.relu(self.first(x))
        x = torch.nn.functional.dropout(x, p=0.5, training=self.training)
        return torch.log_softmax(self.third(torch.relu(self.second(x))), dim=1)


def made():
    return Net()


def arrays(net):
    return [value.cpu().numpy() for value in net.state_dict().values()]


def set_arrays(net, values):
    net.load_state_dict({name: torch.tensor(value) for name, value in zip(net.state_dict(), values)})


def train(net, x, y, rate=0.05):
    net.train()
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    for batch_x, batch_y in zip(torch.tensor(x).split(32), torch.tensor(y).split(32)):
        optimizer.zero_grad()
        torch.nn.functional.nll_loss(net(batch_x), batch_y).backward()
        optimizer.step()


def measure(net, x, y):
    net.eval()
    with torch.no_grad():
        out, wanted = net(torch.tensor(x)), torch.tensor(y)
        return {
            "training_loss": torch.nn.functional.nll_loss(out, wanted).item(),
            "training_accuracy": (out.argmax(1) == wanted).float().mean().item(),
        }
