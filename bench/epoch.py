"""Seconds that an epoch of training takes with PyTorch's Python: what bench/epoch.cpp does with Dragonet's trainer.
   epoch.py keywords|persons TRAIN VALIDATION THREADS EPOCHS [plain|channels_last]
prints one JSON object: {"parameters": N, "seconds": [an epoch each]}. The first epoch warms up, and is left out."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH = 64


class Same(nn.ZeroPad2d):
    """TensorFlow's padding where its two sides differ, which a convolution's own cannot be."""

    def __init__(self, height, width, kernel, stride):
        def sides(size, kernel):
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            return total // 2, total - total // 2
        super().__init__(sides(width, kernel[1]) + sides(height, kernel[0]))


def normalized(network, inputs, outputs, kernel, stride, groups, size):
    pad = Same(*size, kernel, stride)
    left, right, top, bottom = pad.padding
    even = left == right and top == bottom
    if not even:
        network.append(pad)
    network += [nn.Conv2d(inputs, outputs, kernel, stride, (top, left) if even else 0, groups=groups),
                nn.BatchNorm2d(outputs, eps=1e-3), nn.ReLU()]
    return tuple(-(-side // stride) for side in size)


def separable(network, inputs, outputs, stride, size):
    size = normalized(network, inputs, inputs, (3, 3), stride, inputs, size)
    return normalized(network, inputs, outputs, (1, 1), 1, 1, size)


class Mean(nn.Module):
    def forward(self, maps):
        return maps.mean((2, 3))


def keywords():
    network = []
    size = normalized(network, 1, 64, (10, 4), 2, 1, (49, 10))
    for _ in range(4):
        size = separable(network, 64, 64, 1, size)
    return nn.Sequential(*network, Mean(), nn.Linear(64, 12)), (49, 10, 1), 12


def persons():
    network = []
    size = normalized(network, 3, 8, (3, 3), 2, 1, (96, 96))
    inputs = 8
    for outputs, stride in ((16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (128, 1), (128, 1),
                            (128, 1), (128, 1), (256, 2), (256, 1)):
        size = separable(network, inputs, outputs, stride, size)
        inputs = outputs
    return nn.Sequential(*network, Mean(), nn.Linear(256, 2)), (96, 96, 3), 2


def reals(rows, layout):
    """[samples, height, width, channels] of int8 to [samples, channels, height, width] of 0..1."""
    return ((rows.float() + 128) / 255).permute(0, 3, 1, 2).contiguous(memory_format=layout)


def train_epoch(network, optimizer, features, labels, layout):
    network.train()
    total = 0.0
    for chosen in torch.randperm(len(labels)).split(BATCH):
        loss = functional.cross_entropy(network(reals(features[chosen], layout)), labels[chosen])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(chosen)
    return total / len(labels)


@torch.no_grad()
def validate(network, features, labels, layout):
    network.eval()
    total = right = 0.0
    for rows, truth in zip(features.split(256), labels.split(256)):
        answers = network(reals(rows, layout))
        total += functional.cross_entropy(answers, truth, reduction="sum").item()
        right += (answers.argmax(1) == truth).sum().item()
    return total / len(labels), right / len(labels)


def main():
    train, validation, threads, epochs = map(int, sys.argv[2:6])
    layout = torch.contiguous_format if sys.argv[6:7] == ["plain"] else torch.channels_last
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    network, shape, classes = {"keywords": keywords, "persons": persons}[sys.argv[1]]()
    network = network.to(memory_format=layout)
    features = torch.randint(-128, 128, (train + validation, *shape), dtype=torch.int8)
    labels = torch.arange(train + validation) % classes
    kernels = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": kernels, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0}],
                                  lr=0.001)
    seconds = []
    for _ in range(epochs + 1):
        begin = time.perf_counter()
        train_epoch(network, optimizer, features[:train], labels[:train], layout)
        validate(network, features[train:], labels[train:], layout)
        seconds.append(round(time.perf_counter() - begin, 4))
    print(json.dumps({"parameters": sum(p.numel() for p in network.parameters()), "seconds": seconds[1:]}))


main()
