"""Recordings of many gigabytes through `dragonet train`: how much memory it takes, and how long training waits for its samples.
   large.py [--gigabytes N] [--seconds N] [--rate HZ] [--channels N] [--epochs N] [--folder DIR] [DRAGONET]
makes the recordings in DIR (kept, so that a second time begins at once), trains, and prints one JSON object."""
import argparse
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import time
import wave

import numpy

hums = {"low": 220.0, "high": 880.0}  # Hz; what the two labels are told apart by


def recording(label, number, options):
    """A hum in noise, as 16-bit PCM. Each is another: nothing can be shared between files."""
    random = numpy.random.default_rng(number)
    frames = int(options.seconds * options.rate)
    hz = hums[label] * random.uniform(0.9, 1.1)
    hum = 3000 * numpy.sin(2 * numpy.pi * hz * numpy.arange(frames) / options.rate + random.uniform(0, 6))
    noise = random.integers(-2000, 2000, (frames, options.channels), dtype=numpy.int16)
    return (noise + hum[:, None]).astype("<i2").tobytes()


def write(path, pcm, options):
    part = path.with_suffix(".part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(options.channels)
        file.setsampwidth(2)
        file.setframerate(options.rate)
        file.writeframes(pcm)
    part.rename(path)


def make_recordings(folder, options):
    count = int(options.gigabytes * 2**30 / (options.seconds * options.rate * options.channels * 2))
    for number in range(count):
        label = list(hums)[number % 2]
        path = folder / label / f"{number:07}.wav"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, recording(label, number, options), options)
        if number % 500 == 0:
            print(f"recording {number} of {count}", file=sys.stderr, flush=True)
    return count


def make_project(dragonet, folder, options):
    """Its samples stay where they are: a copy would only cost disk."""
    subprocess.run([dragonet, "new", "large", "--kind", "sound"], cwd=folder, check=True)
    toml = folder / "large" / "dragonet.toml"
    text = toml.read_text()
    for key, value in (("folder", '"../recordings"'), ("epochs", options.epochs), ("window_samples", 16000),
                       ("stride_samples", 16000)):
        text, found = re.subn(rf"(?m)^{key} = [^#\n]*", f"{key} = {value} ", text)
        assert found == 1, key
    toml.write_text(text)
    (folder / "large" / "samples").rmdir()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dragonet", nargs="?", default="build/dragonet", type=pathlib.Path)
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=5, help="of each recording")
    parser.add_argument("--rate", type=int, default=44100)
    parser.add_argument("--channels", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/large"))
    options = parser.parse_args()
    dragonet, folder = options.dragonet.resolve(), options.folder.resolve()
    recordings = make_recordings(folder / "recordings", options)
    if not (folder / "large").exists():
        make_project(dragonet, folder, options)
    begin = time.monotonic()
    trained = subprocess.run([dragonet, "train", "--json"], cwd=folder / "large", stdout=subprocess.PIPE)
    result = json.loads(trained.stdout)
    if trained.returncode != 0:
        sys.exit(json.dumps(result))
    # The largest of all children; the only one that is large. Of mapped files, pages that others may have are in it too.
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    size = sum(path.stat().st_size for path in (folder / "recordings").glob("*/*.wav"))
    print(json.dumps({"gigabytes": round(size / 2**30, 2), "recordings": recordings, "samples": result["samples"],
                      "minutes": round((time.monotonic() - begin) / 60, 1), "memory_gigabytes": round(memory / 2**30, 2),
                      "waiting": round(result["waiting"], 3), "int8": result["int8"]["accuracy"]}))


main()
