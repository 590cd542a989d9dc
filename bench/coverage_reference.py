#!/usr/bin/python3
"""Intervals of small examples by the formulas of docs/statistics.md, with SciPy's quantiles.

The tests of src/judge hold the C++ to what this prints. Needs python3-scipy.
"""

import numpy as np
from scipy import stats

HABIT_DEGREES = 6.0


def part(samples, sums, groups=None, weight=1.0, squares=None, made_up=0.5, made_up_square=None):
    """A mean over samples, with the counts and sums of its groups. Of values 0 and 1, squares are sums."""
    return {
        "n": np.array(samples, float),
        "s": np.array(sums, float),
        "g": list(groups if groups is not None else range(len(samples))),
        "weight": weight,
        "squares": sum(sums) if squares is None else squares,
        "made_up": made_up,
        "made_up_square": made_up if made_up_square is None else made_up_square,
    }


def spread(parts, likeness, shared):
    """The measure's variance, its degrees of freedom, and what made-up samples add to the measure."""
    groups = 1 + max(max(p["g"]) for p in parts)
    pull, deviation, square, alone, expected = (np.zeros(groups) for _ in range(5))
    lost = from_samples = shift = 0.0
    for p in parts:
        total = p["n"].sum()
        mean = p["s"].sum() / total
        with_made_up = (p["s"].sum() + p["made_up"]) / (total + 1)
        variance = (p["squares"] + p["made_up_square"]) / (total + 1) - with_made_up**2
        shift += p["weight"] * (with_made_up - mean)
        deviations = p["weight"] * p["n"] / total * np.sqrt(variance)
        expect = deviations**2 / p["n"] * (1 + (p["n"] - 1) * likeness)
        pulls = p["weight"] * (p["s"] - mean * p["n"]) / total / np.sqrt(1 - p["n"] / total)
        for i, g in enumerate(p["g"]):
            pull[g] += pulls[i]
            deviation[g] += deviations[i]
            square[g] += deviations[i] ** 2
            alone[g] += deviations[i] ** 2 / p["n"][i]
            expected[g] += expect[i]
        lost += (expect**2).sum() / expect.sum()
        from_samples += expect.sum() ** 2 / (total * variance)
    whole = expected.sum()
    of_groups = whole * (whole - lost) / (expected**2).sum()
    weight = 1 / (1 / of_groups + from_samples / (2 * whole**2))
    habitual = ((1 - likeness) * alone + likeness * ((1 - shared) * square + shared * deviation**2)).sum()
    variance = (weight * (pull**2).sum() + HABIT_DEGREES * habitual) / (weight + HABIT_DEGREES)
    return variance, of_groups + HABIT_DEGREES, shift


def share(value, parts, likeness=0.08, shared=0.5):
    variance, degrees, shift = spread(parts, likeness, shared)
    made_up = value + shift
    c = stats.t.ppf(0.975, degrees) ** 2 * variance / (made_up * (1 - made_up))
    middle, half = (value + c / 2) / (1 + c), np.sqrt(value * (1 - value) * c + c * c / 4) / (1 + c)
    return middle - half, middle + half


def error(values, likeness, made_up_variance, power):
    """Each sample a group of its own."""
    mean = np.mean(values)
    units = np.array(values) / mean
    p = part([1] * len(values), units, squares=(units**2).sum(), made_up=1, made_up_square=1 + made_up_variance)
    variance, degrees, _ = spread([p], likeness, 0.5)
    factor = np.exp(power * stats.t.ppf(0.975, degrees) * np.sqrt(variance))
    return mean**power / factor, mean**power * factor


def placed(values, groups):
    """Of AUC: each sample's share of the other kind that it beats."""
    return part([1] * len(values), values, groups, squares=sum(v * v for v in values), made_up_square=1 / 3)


def show(name, bounds):
    print(f"{name}: {bounds[0]:.4f} to {bounds[1]:.4f}")


def main():
    show("8 of 10, 10 of 10, 5 of 6", share(23 / 26, [part([10, 10, 6], [8, 10, 5])]))
    show("20 of 20, each a group", share(1, [part([1] * 20, [1] * 20)]))
    show("0 of 3, each a group", share(0, [part([1] * 3, [0] * 3)]))
    dragons = part([1] * 7, [1] * 7, range(7), 0.5, made_up=(1 + 4 / 30) / 2)
    others = part([5] * 6, [5, 4, 5, 3, 5, 4], range(7, 13), 0.5, made_up=(0 + 26 / 30) / 2)
    show("balanced: 7 of 7 dragons, 26 of 30 others", share((1 + 26 / 30) / 2, [dragons, others]))
    first = part([10] * 3, [9, 8, 10], weight=0.5, made_up=(27 + 4) / 60)
    second = part([10] * 3, [7, 10, 9], weight=0.5, made_up=(3 + 26) / 60)
    show("balanced: three people, each with both labels", share((27 + 26) / 60, [first, second]))
    show("mean absolute error of 1, 1, 0, 2", error([1, 1, 0, 2], 0.2, 1, 1))
    show("root mean squared error of 1, 1, 0, 2", error([1, 1, 0, 4], 0.4, 2, 0.5))
    auc = [placed([0.5, 1], [3, 4]), placed([1, 0.75, 0.5], [0, 1, 2])]
    show("AUC of 1, 2, 3 and 2, 4", share(0.75, auc, 0.05, -0.5))
    show("AUC of 3 normals below 2 anomalies", share(1, [placed([1, 1], [3, 4]), placed([1, 1, 1], [0, 1, 2])], 0.05, -0.5))


if __name__ == "__main__":
    main()
