#!/usr/bin/python3
"""Sounds to try regression and anomalies with, as docs/tasks.md does: tones of known frequency, and a hum that squeals."""

import math
import pathlib
import random
import struct
import sys
import wave

RATE = 16000


def save(path, sample):
    """A second of what sample(t) gives, -1..1, with some noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = [max(-1, min(1, sample(i / RATE) + random.gauss(0, 0.01))) for i in range(RATE)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{RATE}h", *(int(32767 * value) for value in values)))


def tone():
    hz, loud, phase = random.uniform(300, 3000), random.uniform(0.1, 0.6), random.uniform(0, 6)
    return hz, lambda t: loud * math.sin(2 * math.pi * hz * t + phase)


def hum(squeal=0.0):
    hz, high = random.uniform(95, 105), random.uniform(2000, 5000)
    parts = [(k, random.uniform(0.12, 0.2) / k, random.uniform(0, 6)) for k in range(1, 9)]
    return lambda t: (sum(loud * math.sin(2 * math.pi * hz * k * t + phase) for k, loud, phase in parts)
                      + squeal * math.sin(2 * math.pi * high * t))


def main():
    random.seed(3)
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    lines = ["file,hz"]
    for i in range(120):
        hz, sample = tone()
        save(folder / "tones" / f"{i}.wav", sample)
        lines.append(f"{i}.wav,{hz:.1f}")
    (folder / "tones" / "labels.csv").write_text("\n".join(lines) + "\n")
    for i in range(80):
        save(folder / "hums" / "normal" / f"{i}.wav", hum())
    for i in range(15):
        save(folder / "hums" / "squeal" / f"{i}.wav", hum(squeal=0.01))


main()
