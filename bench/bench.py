"""Dragonet's trainer against PyTorch's Python, and the load of recordings; see bench/README.md.
   bench.py [--rounds N] [--threads N ...] [--keywords N] [--persons N] [--clips N] [BUILD]      BUILD: the folder of the programs; build"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).parent


def result_of(*command):
    return json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout)


def of_three(values):
    return f"{min(values):.3f} / {statistics.median(values):.3f} / {max(values):.3f}"


def compare_epochs(build, network, samples, threads, rounds):
    """Turn by turn, so that what else the machine does falls on both."""
    arguments = (network, samples, samples // 8, threads, 2)
    ours, theirs = [], []
    for _ in range(rounds):
        for seconds, command in ((ours, [build / "bench_epoch"]), (theirs, ["/usr/bin/python3", here / "epoch.py"])):
            result = result_of(*command, *arguments)
            parameters = result["parameters"]
            seconds.append(min(result["seconds"]))
            if seconds is ours:
                expected = parameters
        if parameters != expected:
            sys.exit(f"{network}: {expected} parameters with Dragonet, {parameters} in Python: not the same network")
    print(f"{network}, {samples} samples, {threads} thread(s), {rounds} rounds: minimum / median / maximum")
    print(f"  seconds an epoch, Dragonet   {of_three(ours)}")
    print(f"  seconds an epoch, Python     {of_three(theirs)}")
    print(f"  Dragonet / Python, by round  {of_three([a / b for a, b in zip(ours, theirs)])}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", nargs="?", default="build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=sorted({1, os.cpu_count()}))
    parser.add_argument("--keywords", type=int, default=6400, help="samples to train with; 0: leave it out")
    parser.add_argument("--persons", type=int, default=640, help="the same of pictures")
    parser.add_argument("--clips", type=int, default=10000, help="recordings to load; 0: none")
    options = parser.parse_args()
    for threads in options.threads:
        for network, samples in (("keywords", options.keywords), ("persons", options.persons)):
            if samples:
                compare_epochs(options.build, network, samples, threads, options.rounds)
    if options.clips:
        loaded = result_of(options.build / "bench_features", options.clips)
        print(f"features of {loaded['clips']} one-second clips, seconds: {of_three(loaded['seconds'])}")


main()
