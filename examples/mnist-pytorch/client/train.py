"""python3 train.py <model in> <model out>: one local epoch on this site's data."""

import json
import sys

import torch

import data
import model

model_in, model_out = sys.argv[1:]
with open(model_in + "-metadata") as file:  # what the session's settings hand to every client
    settings = json.load(file) or {}
batch_size = settings.get("batch_size", 32)

x, y = map(torch.as_tensor, data.load("train"))
network = model.load(model_in)
optimizer = torch.optim.SGD(network.parameters(), lr=settings.get("learning_rate", 0.05), momentum=0.9)
network.train()
for _ in range(settings.get("epochs", 1)):
    for batch in torch.randperm(len(x)).split(batch_size):
        if len(batch) > 1:  # batch normalisation cannot learn from one picture
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(x[batch].unsqueeze(1)), y[batch]).backward()
            optimizer.step()

model.save(network, model_out)
with open(model_out + "-metadata", "w") as file:
    json.dump({"num_examples": len(x), "batch_size": batch_size}, file)
