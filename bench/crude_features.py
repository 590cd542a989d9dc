"""What a person would compute of a sample in ten lines, for the simple models of against_simple.py: thumbnails and
colours of a picture, band levels of a sound, strengths of a movement. Windows and backgrounds are those of the
project's dragonet.toml, so that both sides are asked about the same thing."""
import csv

import numpy
from PIL import Image
from scipy import signal
from scipy.io import wavfile


def picture_features(path, settings, _window):
    """A thumbnail of 16 x 16, shares of 64 colours, and how strong edges are: across, down, and in 16 parts."""
    opened = Image.open(path).convert("RGBA")
    side = max(opened.size)
    square = Image.new("RGBA", (side, side), (settings["background"],) * 3 + (255,))
    square.alpha_composite(opened, ((side - opened.width) // 2, (side - opened.height) // 2))
    picture = square.convert("RGB")
    thumbnail = numpy.asarray(picture.resize((16, 16), Image.BOX), float) / 255
    colours = numpy.asarray(picture).reshape(-1, 3) // 64 @ [16, 4, 1]
    grey = numpy.asarray(picture.convert("L").resize((64, 64), Image.BOX), float) / 255
    across, down = numpy.abs(numpy.diff(grey, axis=1))[:63], numpy.abs(numpy.diff(grey, axis=0))[:, :63]
    parts = numpy.pad(across + down, ((0, 1), (0, 1))).reshape(4, 16, 4, 16).mean(axis=(1, 3))
    return numpy.concatenate([thumbnail.ravel(), numpy.bincount(colours, minlength=64) / len(colours),
                              [across.mean(), down.mean()], parts.ravel()])


def loudest(samples, length):
    """Where a window holds most energy."""
    energy = numpy.concatenate([[0], numpy.cumsum(samples**2)])
    return int(numpy.argmax(energy[length:] - energy[:-length]))


def sound_window(path, settings, window):
    """Shorter recordings stand in the middle of silence."""
    rate, samples = wavfile.read(path)
    samples = samples.astype(float) / 32768
    if rate != settings["sample_rate_hz"]:
        samples = signal.resample_poly(samples, settings["sample_rate_hz"], rate)
    length, stride = settings["window_samples"], settings["stride_samples"]
    if len(samples) <= length:
        before = (length - len(samples)) // 2
        return numpy.pad(samples, (before, length - len(samples) - before))
    first = min(window * stride, len(samples) - length) if stride else loudest(samples, length)
    return samples[first:first + length]


def mel_filters(settings):
    """Triangles that overlap by half, evenly spaced on the mel scale. [bands, frequencies]"""
    mel = lambda hz: 2595 * numpy.log10(1 + hz / 700)
    ends = numpy.linspace(mel(settings["low_hz"]), mel(settings["high_hz"]), settings["bands"] + 2)
    frequencies = mel(numpy.fft.rfftfreq(settings["frame_samples"], 1 / settings["sample_rate_hz"]))
    rising = (frequencies - ends[:-2, None]) / (ends[1] - ends[0])
    return numpy.clip(numpy.minimum(rising, 2 - rising), 0, None)


def sound_features(path, settings, window):
    """Mean, standard deviation and maximum over time of the level of each mel band."""
    frame, hop = settings["frame_samples"], settings["hop_samples"]
    frames = numpy.lib.stride_tricks.sliding_window_view(sound_window(path, settings, window), frame)[::hop]
    power = numpy.abs(numpy.fft.rfft(frames * numpy.hanning(frame)))**2
    levels = numpy.log10(power @ mel_filters(settings).T + 1e-6)
    return numpy.concatenate([levels.mean(axis=0), levels.std(axis=0), levels.max(axis=0)])


def column(rows, axis):
    """Of a recording whose columns may name their units, too: ax or ax_ms2."""
    name = next(name for name in rows[0] if name == axis or name.startswith(axis + "_"))
    return [float(row[name]) for row in rows]


def motion_window(path, settings, window):
    """Readings at an even rate. What is too short repeats its last one. [readings, axes]"""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    seconds = numpy.array([float(row["t_ms"]) / 1000 for row in rows])
    even = numpy.arange(seconds[0], seconds[-1] + 1e-9, 1 / settings["rate_hz"])
    readings = numpy.stack([numpy.interp(even, seconds, column(rows, axis))
                            for axis in settings["axes"]], axis=1)
    length = settings["window_samples"]
    first = max(0, min(window * (settings["stride_samples"] or (length + 1) // 2), len(readings) - length))
    part = readings[first:first + length]
    return numpy.pad(part, ((0, length - len(part)), (0, 0)), mode="edge")


def motion_features(path, settings, window):
    """Of each axis mean, standard deviation, minimum, maximum, energy, and how much it changes from reading to
    reading."""
    readings = motion_window(path, settings, window)
    changes = numpy.abs(numpy.diff(readings, axis=0)).mean(axis=0)
    return numpy.concatenate([readings.mean(axis=0), readings.std(axis=0), readings.min(axis=0),
                              readings.max(axis=0), (readings**2).mean(axis=0), changes])


features_of_kind = {"image": picture_features, "sound": sound_features, "motion": motion_features}
