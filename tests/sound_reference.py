"""Sound features in floating point, by SciPy: what the integer ones of firmware/features/ are judged by.

sound_reference.py SETTINGS SAMPLES OUT
  SETTINGS  JSON: kind (log_mel, mfcc, pcen), sample_rate_hz, frame_samples, hop_samples, bands, low_hz, high_hz,
            coefficients, low_db, high_db, window_samples
  SAMPLES   int16, recordings of window_samples back to back
  OUT       float64 [recordings, rows, columns]: dB of log_mel; of the others the model's input, 0..1, not clamped
"""
import json
import sys

import numpy as np
import scipy.fft
import scipy.signal


def mel(hz):
    return 2595 * np.log10(1 + hz / 700)


def mel_weights(s, points):
    """[bands, bins]: triangles of height 1; where no bin lies inside, the nearest."""
    bins = mel(np.arange(points // 2 + 1) * s["sample_rate_hz"] / points)
    edges = np.linspace(mel(s["low_hz"]), mel(s["high_hz"]), s["bands"] + 2)
    rows = []
    for left, centre, right in zip(edges, edges[1:], edges[2:]):
        row = np.maximum(0, np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)))
        if (row[1:-1] < 0.5 / 32767).all():
            row[1 + np.argmin(np.abs(bins[1:-1] - centre))] = 1
        rows.append(row)
    return np.array(rows)


def band_power(x, s):
    """[recordings, rows, bands], against a sine of full scale."""
    frame, hop = s["frame_samples"], s["hop_samples"]
    points = max(64, 1 << (frame - 1).bit_length())
    window = scipy.signal.get_window("hann", frame, fftbins=True)
    frames = np.lib.stride_tricks.sliding_window_view(x, frame, axis=1)[:, ::hop]
    power = np.abs(scipy.fft.rfft(frames * window, points)) ** 2
    return power @ mel_weights(s, points).T / (32768**2 / 4 * points * np.sum(window**2))


def mfcc(db, s):
    x = np.clip((db - s["low_db"]) / (s["high_db"] - s["low_db"]), 0, 1)
    c = scipy.fft.dct(x, type=2, norm="ortho")[..., : s["coefficients"]]
    return np.concatenate([c[..., :1] / np.sqrt(s["bands"]), 0.5 + c[..., 1:] / 2], axis=-1)


def pcen(power, s):
    smoothing = 1 - np.exp(-s["hop_samples"] / s["sample_rate_hz"] / 0.4)
    first = (1 - smoothing) * power[:, :1]
    mean, _ = scipy.signal.lfilter([smoothing], [1, smoothing - 1], power, axis=1, zi=first)
    return ((power / (2.0**-30 + mean) ** (63 / 64) + 2) ** 0.5 - 2**0.5) / 4


def features(x, s):
    power = band_power(x, s)
    if s["kind"] == "pcen":
        return pcen(power, s)
    db = 10 * np.log10(np.maximum(power, 1e-30))
    return mfcc(db, s) if s["kind"] == "mfcc" else db


def main():
    with open(sys.argv[1]) as file:
        settings = json.load(file)
    samples = np.fromfile(sys.argv[2], "<i2").reshape(-1, settings["window_samples"])
    parts = [features(part.astype(np.float64), settings) for part in np.array_split(samples, 1 + len(samples) // 50)]
    np.concatenate(parts).astype("<f8").tofile(sys.argv[3])


main()
