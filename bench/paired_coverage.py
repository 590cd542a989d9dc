#!/usr/bin/python3
"""How often the interval of against_simple.py holds: a difference of two models' balanced accuracies, paired over groups.

Two models of known accuracy answer made-up samples of two labels. Half of the samples are as hard for one as for the
other, and groups differ: the logit of being right varies over them by 0, 0.7 or 1.5, for each model on its own. Needs
python3-scipy and python3-sklearn."""
import numpy

from against_simple import accuracy_difference

random = numpy.random.default_rng(1)
sets, labels = 400, 2


def share(logit):
    return 1 / (1 + numpy.exp(-logit))


def mean_share(logit, deviation):
    """Over all groups that there could be."""
    places = numpy.linspace(-4, 4, 81)
    weights = numpy.exp(-places**2 / 2)
    return (share(logit + deviation * places) * weights).sum() / weights.sum()


def answers_of(logits, label, samples):
    """Of both models to samples of one group: right where their draw is below the share."""
    hardness = random.uniform(size=samples)
    for logit in logits:
        draws = numpy.where(random.uniform(size=samples) < 0.5, hardness, random.uniform(size=samples))
        yield numpy.where(draws < share(logit), label, 1 - label)


def made_up_set(groups, is_nested, deviation, logits):
    """Rows of truth, our answer, theirs and group. Nested groups are of one label each."""
    most, rows = random.choice([1, 2, 5, 10, 20]), []
    for group in range(groups):
        shifts = random.normal(0, deviation, 2) if deviation else numpy.zeros(2)
        for label in [group % labels] if is_nested else range(labels):
            samples = random.integers(max(1, most // 2), most + 1)
            ours, theirs = answers_of(logits[:, label] + shifts, label, samples)
            rows.append(numpy.stack([numpy.full(samples, label), ours, theirs, numpy.full(samples, group)]))
    return numpy.concatenate(rows, axis=1)


def holds(groups, is_nested, deviation):
    """Whether the true difference lies in the interval, and how wide that is."""
    logits = random.uniform(0.5, 3, (2, labels))
    true = [numpy.mean([mean_share(logit, deviation) for logit in model]) for model in logits]
    _, low, high = accuracy_difference(*made_up_set(groups, is_nested, deviation, logits))
    return low <= true[0] - true[1] <= high, high - low


def main():
    print("| groups | are of | do not differ | moderately | strongly |\n| --- | --- | --- | --- | --- |")
    for is_nested in (True, False):
        for groups in (4, 8, 12, 20, 50):
            cells = []
            for deviation in (0, 0.7, 1.5):
                held, widths = zip(*(holds(groups, is_nested, deviation) for _ in range(sets)))
                cells.append(f"{100 * numpy.mean(held):.0f} ({numpy.mean(widths):.2f})")
            print("|", groups, "|", "one label" if is_nested else "both", "|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
