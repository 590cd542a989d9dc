#!/usr/bin/python3
"""Joins recordings that the latest run was tested with to a long one, for `dragonet run --samples long.wav`.

    join.py                     long.wav, and long.txt with what is where: start, end and label (Audacity opens it)

Between two words are pauses of quiet noise. Nothing of it was heard in training: the files are those of the split `test` in
runs/<n>/run.json. Needs NumPy (Debian: python3-numpy).
"""
import argparse
import json
import pathlib
import wave

import numpy as np

RATE_HZ = 16000


def read(path):
    with wave.open(str(path)) as sound:
        if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (RATE_HZ, 1, 2):
            raise SystemExit(f"{path}: a WAV of {RATE_HZ} Hz, one channel and 16 bits is needed")
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)


def latest_run(runs):
    found = sorted((int(p.parent.name), p) for p in runs.glob("[0-9]*/run.json"))
    if not found:
        raise SystemExit(f"{runs}: there is no run yet; `dragonet train` makes one")
    return json.loads(found[-1][1].read_text())


def main():
    about, usage = __doc__.split("\n\n", 1)
    options = argparse.ArgumentParser(description=about, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--project", type=pathlib.Path, default=pathlib.Path("."))
    options.add_argument("--count", type=int, default=14, help="words (14)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("-o", "--out", type=pathlib.Path, default=pathlib.Path("long.wav"))
    given = options.parse_args()

    random = np.random.default_rng(given.seed)
    files = [pathlib.Path(name) for name in latest_run(given.project / "runs")["split"]["test"]]
    labels = sorted({file.parts[0] for file in files} - {"silence"})
    order = [labels[i % len(labels)] for i in range(given.count)]
    random.shuffle(order)

    parts, lines, at = [], [], 0
    for label in order + [None]:
        pause = 12 * random.normal(size=int(random.uniform(0.4, 1.3) * RATE_HZ))
        parts.append(pause)
        at += len(pause)
        if label:
            candidates = [file for file in files if file.parts[0] == label]
            word = read(given.project / "samples" / candidates[random.integers(len(candidates))])
            lines.append(f"{at / RATE_HZ:.2f}\t{(at + len(word)) / RATE_HZ:.2f}\t{label}\n")
            parts.append(word)
            at += len(word)
    with wave.open(str(given.out), "wb") as sound:
        sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(RATE_HZ)
        sound.writeframes(np.clip(np.round(np.concatenate(parts)), -32768, 32767).astype("<i2").tobytes())
    given.out.with_suffix(".txt").write_text("".join(lines))
    print(f"{given.out}: {at / RATE_HZ:.1f} s, {', '.join(order)}")


if __name__ == "__main__":
    main()
