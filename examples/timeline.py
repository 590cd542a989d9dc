#!/usr/bin/python3
"""Draws what a chip heard or felt in a long recording, beside the recording itself.

    dragonet run --samples long.wav --board mkrzero --json > heard.json
    timeline.py heard.json long.wav -o heard.svg --truth long.txt

LONG is a WAV (16 bits, drawn as a spectrogram) or a table of comma-separated values (drawn as curves of its acceleration). What
was really there is a column `label` of the table, or lines "start end label" in seconds, as Audacity exports its labels.
Needs NumPy (Debian: python3-numpy).
"""
import argparse
import base64
import csv
import html
import itertools
import json
import pathlib
import struct
import wave
import zlib

import numpy as np

LEFT, WIDTH, PANEL = 84, 860, 120
QUIET = {"silence", "rest", "unknown", "other", "-"}  # drawn softly
STYLE = """<style>
  svg { color-scheme: light dark; --ink: #22262e; --soft: #667080; --paper: #fbfaf7; --line: #c9cdd3; --good: #9bcabd;
    --x: #d0643a; --y: #228770; --z: #4a78b5; }
  @media (prefers-color-scheme: dark) { svg { --ink: #e8e6e1; --soft: #9aa3b0; --paper: #16191f; --line: #3b424d;
    --good: #2c6d5f; --x: #e57b50; --y: #4ebea0; --z: #7ba4d9; } }
  text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); }
  .soft { fill: var(--soft); } .paper { fill: var(--paper); stroke: var(--line); }
  .said { fill: var(--good); } .quiet { fill: var(--line); opacity: 0.45; } .tick { stroke: var(--line); }
  .x, .y, .z { fill: none; } .x { stroke: var(--x); } .y { stroke: var(--y); } .z { stroke: var(--z); }
</style>"""


def png(pixels, palette):
    """[rows, columns] of indices into [(r, g, b, alpha)], as a PNG (its specification, ISO/IEC 15948)."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in pixels)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 3, 0, 0, 0))
            + chunk(b"PLTE", bytes(c for rgba in palette for c in rgba[:3]))
            + chunk(b"tRNS", bytes(rgba[3] for rgba in palette)) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def spectrogram(path, top):
    with wave.open(str(path)) as sound:
        if sound.getsampwidth() != 2:
            raise SystemExit(f"{path}: samples of 16 bits are needed")
        rate = sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, sound.getnchannels())[:, 0] / 32768
    columns, rows, size = 640, 40, 512
    starts = np.linspace(0, len(samples) - size, columns).astype(int)
    frames = samples[starts[:, None] + np.arange(size)] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames)) ** 2 / (size / 4) ** 2
    edges = np.linspace(1, np.sqrt(size / 2), rows + 1) ** 2  # low frequencies get more room, as in the ear
    bands = np.stack([power[:, int(a):max(int(a) + 1, int(b))].mean(1) for a, b in zip(edges, edges[1:])])
    level = np.clip((10 * np.log10(bands + 1e-12) + 85) / 60, 0, 1)
    palette = [(56, 152, 160, round(255 * i / 11)) for i in range(12)]
    data = base64.b64encode(png(np.round(11 * level[::-1]), palette)).decode()
    return len(samples) / rate, [
        f'<image x="{LEFT}" y="{top}" width="{WIDTH}" height="{PANEL}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{data}"/>',
        f'<text class="soft" x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{rate / 2000:g} kHz</text>',
        f'<text class="soft" x="{LEFT - 8}" y="{top + PANEL}" text-anchor="end">0</text>'], []


def curves(path, top):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    seconds = np.array([float(row["t_ms"]) / 1000 for row in rows])
    length = seconds[-1] + seconds[1] - seconds[0]
    parts = []
    step = max(1, len(rows) // 700)
    names = [name for name in rows[0] if name.startswith(("ax", "ay", "az"))]
    values = np.array([[float(row[name]) for name in names] for row in rows])
    limit = np.abs(values).max()
    for i, name in enumerate(names):
        ys = top + PANEL / 2 * (1 - values[::step, i] / limit)
        xs = LEFT + WIDTH * seconds[::step] / length
        parts.append(f'<polyline class="{name[1]}" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys)) + '"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{top + 20 + 18 * i}" text-anchor="end" style="fill: var(--{name[1]})">{name}</text>')
    truth, at = [], 0
    for label, group in itertools.groupby(row.get("label", "") for row in rows):
        count = len(list(group))
        if label:
            truth.append((seconds[at], seconds[at] + count * length / len(rows), label))
        at += count
    return length, parts, truth


def band(intervals, length, top, name):
    parts = [f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end">{name}</text>']
    for start, end, label in intervals:
        x, width = LEFT + WIDTH * start / length, WIDTH * (end - start) / length
        parts.append(f'<rect class="{"quiet" if label in QUIET else "said"}" x="{x:.1f}" y="{top}" '
                     f'width="{max(width - 1, 0.5):.1f}" height="22"/>')
        if width > 6 * len(label) and label not in {"rest", "silence", "-"}:
            parts.append(f'<text x="{x + width / 2:.1f}" y="{top + 15}" text-anchor="middle">{html.escape(label)}</text>')
    return parts


def main():
    about, usage = __doc__.split("\n\n", 1)
    options = argparse.ArgumentParser(description=about, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("heard", type=pathlib.Path, help="what `dragonet run --json` wrote")
    options.add_argument("long", type=pathlib.Path, help="the recording")
    options.add_argument("-o", "--out", type=pathlib.Path, default=pathlib.Path("heard.svg"))
    options.add_argument("--truth", type=pathlib.Path, help="lines of start, end and label")
    given = options.parse_args()

    length, parts, truth = (spectrogram if given.long.suffix.lower() == ".wav" else curves)(given.long, 20)
    if given.truth:
        lines = [line.split(None, 2) for line in given.truth.read_text().splitlines() if line.strip()]
        truth = [(float(start), float(end), label.strip()) for start, end, label in lines]
    changes = json.loads(given.heard.read_text())["heard"][0]["changes"]
    ends = [change["seconds"] for change in changes[1:]] + [length]
    answers = [(change["seconds"], end, change["label"]) for change, end in zip(changes, ends)]

    top = 20 + PANEL + 14
    if truth:
        parts += band(truth, length, top, "truth")
        top += 30
    parts += band(answers, length, top, "chip")
    every = next(step for step in (1, 2, 5, 10, 30, 60, 300, 1e9) if length / step <= 20)
    for s in np.arange(0, length, every):
        x = LEFT + WIDTH * s / length
        parts.append(f'<path class="tick" d="M{x:.1f} {top + 26}v5"/>'
                     f'<text class="soft" x="{x:.1f}" y="{top + 44}" text-anchor="middle">{s:g} s</text>')
    width, height = LEFT + WIDTH + 16, top + 58
    said = "; ".join(f"{change['seconds']:.1f} s {change['label']}" for change in changes)
    given.out.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{html.escape("What the chip answered: " + said)}">\n{STYLE}\n<rect class="paper" x="0.5" y="0.5" '
        f'width="{width - 1}" height="{height - 1}" rx="10"/>\n' + "\n".join(parts) + "\n</svg>\n")


if __name__ == "__main__":
    main()
