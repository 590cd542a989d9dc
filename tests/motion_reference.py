"""Spectral motion features in floating point, by SciPy: what the integer ones of firmware/features/motion_rows.h are judged by.

motion_reference.py SETTINGS READINGS OUT
  SETTINGS  JSON: rate_hz, axes (how many), window_samples, filter (none, low_pass, high_pass), cutoff_hz, bands, peaks
  READINGS  int16 [windows, window_samples, axes]
  OUT       float64 [windows, axes, 1 + bands + 2 peaks]: what becomes int8 by rounding and clamping; -1000 for no level
"""
import json
import sys

import numpy as np
import scipy.fft
import scipy.signal

NOTHING = -1000.0


def level(power):
    """Octaves of amplitude against full scale, 16 steps each, -128 for 16 octaves below."""
    with np.errstate(divide="ignore"):
        return np.where(power > 0, 16 * (0.5 * np.log2(np.maximum(power, 1e-300)) - 15 + 8), NOTHING)


def filtered(x, s):
    if s["filter"] == "none":
        return x
    sos = scipy.signal.butter(2, s["cutoff_hz"], s["filter"].replace("_", ""), fs=s["rate_hz"], output="sos")
    steady = scipy.signal.sosfilt_zi(sos)
    return np.clip(scipy.signal.sosfilt(sos, x, zi=steady * x[0])[0], -32768, 32767)


def edges(bands, bins):
    found = [1]
    for b in range(1, bands + 1):
        found.append(max(found[-1] + 1, int(np.floor(1 + (bins - 1) * (b / bands) ** 2 + 0.5))))
    return [min(e, bins - (bands - i)) for i, e in enumerate(found)]


def axis_features(x, s):
    x = filtered(x, s)
    x = x - x.mean()
    points = max(64, 1 << (len(x) - 1).bit_length())
    hann = scipy.signal.windows.hann(2 * len(x) + 1)[1::2]
    power = np.abs(scipy.fft.rfft(x * hann, points)) ** 2
    power = power[: points // 2]
    bounds = edges(s["bands"], points // 2)
    bands = [power[a:b].sum() * 2 / (points * np.sum(hann**2)) for a, b in zip(bounds, bounds[1:])]
    row = [level(np.mean(x**2))] + [level(p) for p in bands]
    around = np.concatenate([[0], power[1:], [0]])
    tops = [k for k in range(1, points // 2) if around[k] >= around[k - 1] and around[k] > around[k + 1]]
    tops.sort(key=lambda k: -power[k])
    for p in range(s["peaks"]):
        if p < len(tops):
            row += [256 * tops[p] / (points // 2) - 128, level(power[tops[p]] * 2 / np.sum(hann) ** 2)]
        else:
            row += [-128, NOTHING]
    return row


def main():
    with open(sys.argv[1]) as file:
        settings = json.load(file)
    readings = np.fromfile(sys.argv[2], "<i2").reshape(-1, settings["window_samples"], settings["axes"])
    rows = [[axis_features(axis, settings) for axis in window.T.astype(float)] for window in readings]
    np.array(rows, dtype="<f8").tofile(sys.argv[3])


main()
