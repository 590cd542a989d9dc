#!/usr/bin/python3
"""Dragonet's defaults against simple models, on the same folds of the same samples.
   against_simple.py COLLECTIONS [--dragonet PROGRAM] [--work DIR] [--only NAME]... [--folds K] [--again] [--out FILE]
tests `dragonet new`'s settings on each collection with `dragonet test --folds`, and beside it a random forest on crude
features, or for anomalies a z-score and a Gaussian mixture. It writes tables in Markdown with intervals of the
differences, paired over groups. What is done is kept in DIR, and not done again. Needs python3-sklearn."""
import argparse
import dataclasses
import functools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time
import tomllib

import numpy
from scipy import stats
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.mixture import GaussianMixture

import coverage_reference
import crude_features


@dataclasses.dataclass(frozen=True)
class Collection:
    name: str
    folder: str           # in COLLECTIONS
    kind: str
    folds: int
    group: str = ""       # as in `dragonet new --group`
    positive: str = ""    # this label against all others
    most: int = 0         # samples of each label; 0: all
    normal: str = ""      # an anomaly project: this label is normal,
    odd: tuple = ()       # and these are not


speaker, esc_fold, person = "/([a-z]+)_", "/([0-9])-", "/(s[0-9]+)_"
# Of `drake-burner-fly-1` and `elves-wood-archer_female-bow-attack1` the people and the unit, without what it does.
unit = "/((?:elves-wood|human-loyalists|trolls-troll|undead-skeletal|[a-z]+)-[a-z]+)"

collections = [
    Collection("sprites, dragon or not", "image-wesnoth-a", "image", 5, unit),
    Collection("doodles, dragon or not, 2 400", "image-quickdraw-a", "image", 5, positive="dragon", most=400),
    Collection("doodles, six labels", "image-quickdraw-a", "image", 5),
    Collection("watch, people apart", "motion-watch-activities-a", "motion", 12, person),
    Collection("gestures of one person", "motion-nano-gestures", "motion", 5),
    Collection("Speech Commands", "sound-speech-commands-a", "sound", 5),
    Collection("ten digits, speakers apart", "sound-fsdd-a", "sound", 4, speaker),
    Collection("ESC-10, its folds", "sound-esc10-a", "sound", 5, esc_fold),
    *(Collection(f"ESC-10, normal: {normal}", "sound-esc10-a", "sound", 5, esc_fold, normal=normal,
                 odd=tuple(sorted({"chainsaw", "clock_tick", "dog_bark", "rain"} - {normal})))
      for normal in ("rain", "clock_tick", "chainsaw", "dog_bark")),
    Collection("doodles, normal: apple", "image-quickdraw-a", "image", 5, most=250, normal="apple", odd=("cat", "dragon")),
    Collection("watch, normal: walking", "motion-watch-activities-a", "motion", 5, person, normal="walking",
               odd=("sitting_down", "standing_up")),
]


# --- Dragonet

def lay_out(source, collection, samples):
    """Copies what the collection has of the source: as its labels, or as what is normal and what is not."""
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        if collection.normal and folder.name not in (collection.normal, *collection.odd):
            continue
        to = samples / ("normal" if folder.name == collection.normal else folder.name)
        to.mkdir(parents=True)
        files = sorted(folder.iterdir())
        for file in files[:collection.most or len(files)]:
            shutil.copy(file, to)


def make_project(dragonet, source, collection, home):
    """Whole or not at all: a broken one would be taken for it the next time."""
    shutil.rmtree(home, ignore_errors=True)
    lay_out(source, collection, home / "laid_out")
    options = [("--kind", collection.kind), ("--group", collection.group), ("--positive", collection.positive),
               ("--task", "anomaly" if collection.normal else "")]
    words = [word for option in options if option[1] for word in option]
    subprocess.run([dragonet, "new", "project", "--samples", "laid_out", *words], cwd=home, check=True,
                   stdout=subprocess.DEVNULL)
    shutil.rmtree(home / "laid_out")


def test_in_folds(dragonet, project, folds):
    """The int8 model's answer to every sample, as docs/reference.md has folds/<n>/answers.json."""
    tested = subprocess.run([dragonet, "test", "--folds", str(folds), "--json"], cwd=project, stdout=subprocess.PIPE)
    result = json.loads(tested.stdout)
    if tested.returncode != 0:
        sys.exit(json.dumps(result))
    return json.loads((pathlib.Path(result["report"]).parent / "answers.json").read_text())


# --- The simple ones

@functools.lru_cache(maxsize=1)
def feature_settings(project):
    return tomllib.loads((project / "dragonet.toml").read_text())["features"]


def features_of(project, kind, names):
    """[samples, features]. A name is a path, or "PATH, window N" of the windows after the first."""
    rows = {}
    for name in set(names):
        path, _, window = name.partition(", window ")
        rows[name] = crude_features.features_of_kind[kind](project / "samples" / path, feature_settings(project),
                                                           int(window or 1) - 1)
    return numpy.array([rows[name] for name in names])


def forest_answers(answers, features):
    """Of each fold by a forest that saw all others."""
    folds, truth = (numpy.array([answer[key] for answer in answers]) for key in ("fold", "truth"))
    predicted = truth.copy()
    for fold in sorted(set(folds)):
        forest = RandomForestClassifier(500, class_weight="balanced", random_state=1)
        forest.fit(features[folds != fold], truth[folds != fold])
        predicted[folds == fold] = forest.predict(features[folds == fold])
    return predicted.tolist()


def z_scores(normal, tested):
    return (((tested - normal.mean(axis=0)) / (normal.std(axis=0) + 1e-6))**2).mean(axis=1)


def mixture_scores(normal, tested):
    """Of two diagonal Gaussians, of features whose deviation is 1."""
    mean, deviation = normal.mean(axis=0), normal.std(axis=0) + 1e-6
    mixture = GaussianMixture(2, covariance_type="diag", reg_covar=1e-2, random_state=1)
    mixture.fit((normal - mean) / deviation)
    return -mixture.score_samples((tested - mean) / deviation)


def anomaly_scores(score, answers, features):
    """Of each fold by the normal samples of all others; the anomalies are in every fold."""
    folds, odd = (numpy.array([answer[key] for answer in answers]) for key in ("fold", "anomaly"))
    scores = numpy.zeros(len(answers))
    for fold in sorted(set(folds)):
        scores[folds == fold] = score(features[(folds != fold) & ~odd], features[folds == fold])
    return scores.tolist()


def simple_answers(collection, answers, features):
    if not collection.normal:
        return {"forest": forest_answers(answers, features)}
    return {"z-score": anomaly_scores(z_scores, answers, features),
            "mixture": anomaly_scores(mixture_scores, answers, features)}


# --- Differences

def part_of(values, groups, weight, made_up_square):
    """A mean over samples, as coverage_reference.py has it, of differences between -1 and 1."""
    numbers = sorted(set(groups))
    members = [values[groups == number] for number in numbers]
    return coverage_reference.part([len(some) for some in members], [some.sum() for some in members], numbers, weight,
                                   (values**2).sum(), made_up=0, made_up_square=made_up_square)


def interval(parts, **habit):
    """A mean difference with its 95 % interval over groups; without bounds where fewer than three say something."""
    value = sum(part["weight"] * part["s"].sum() / part["n"].sum() for part in parts)
    if len({group for part in parts for group in part["g"]}) < 3 or min(len(part["g"]) for part in parts) < 2:
        return value, None, None
    variance, degrees, _ = coverage_reference.spread(parts, **habit)
    half = stats.t.ppf(0.975, degrees) * variance**0.5
    return value, value - half, value + half


def numbered(groups):
    return numpy.unique(groups, return_inverse=True)[1]


def accuracy_difference(truth, ours, theirs, groups):
    """Of balanced accuracies: each label's share of answers that only we have right, less those that only they do."""
    groups, labels = numbered(groups), sorted(set(truth))
    better = (ours == truth).astype(float) - (theirs == truth)
    parts = [part_of(better[truth == label], groups[truth == label], 1 / len(labels), 0.5) for label in labels]
    return interval(parts, likeness=0.08, shared=0.5)


def places(scores, odd, folds):
    """How often each sample is on its side of those of the other kind, in its fold. The mean over normal samples is
    the area under the curve, as is that over anomalies, whose folds weigh as many as they have normal samples."""
    shares, weights = numpy.zeros(len(scores)), numpy.ones(len(scores))
    for fold in set(folds):
        normals, anomalies = (folds == fold) & ~odd, (folds == fold) & odd
        above = scores[anomalies][:, None] - scores[normals][None, :]
        wins = (above > 0) + 0.5 * (above == 0)
        shares[normals], shares[anomalies] = wins.mean(axis=0), wins.mean(axis=1)
        weights[anomalies] = normals.sum() / (~odd).sum()
    return shares, weights


def once_each(values, weights, names):
    """An anomaly counts once, though every fold has it."""
    return numpy.bincount(numbered(names), values * weights)


def auc_parts(better, weights, odd, names, groups):
    groups = numbered(groups)
    first = numpy.unique(names[odd], return_index=True)[1]
    return [part_of(better[~odd], groups[~odd], 0.5, 1 / 6),
            part_of(once_each(better[odd], weights[odd], names[odd]), groups[odd][first], 0.5, 1 / 6)]


def auc_difference(ours, theirs, weights, odd, names, groups):
    return interval(auc_parts(ours - theirs, weights, odd, names, groups), likeness=0.05, shared=-0.5)


# --- The tables

def column(answers, key):
    return numpy.array([answer[key] for answer in answers])


def classification_scores(result):
    answers, forest = result["answers"], numpy.array(result["simple"]["forest"])
    truth, ours = column(answers, "truth"), column(answers, "answer")
    return {"dragonet": balanced_accuracy_score(truth, ours), "forest": balanced_accuracy_score(truth, forest),
            "difference": accuracy_difference(truth, ours, forest, column(answers, "group"))}


def anomaly_scores_of(result):
    answers = result["answers"]
    odd, folds, names, groups = (column(answers, key) for key in ("anomaly", "fold", "sample", "group"))
    ours, weights = places(column(answers, "score"), odd, folds)
    scores = {"dragonet": ours[~odd].mean()}
    for name, simple in result["simple"].items():
        theirs, _ = places(numpy.array(simple), odd, folds)
        scores[name] = theirs[~odd].mean()
        scores["difference to " + name] = auc_difference(ours, theirs, weights, odd, names, groups)
    return scores


def words(difference):
    value, low, high = difference
    return f"{value:+.3f} (cannot know)" if low is None else f"{value:+.3f} ({low:+.3f} to {high:+.3f})"


def verdict(differences):
    """Against the one that is furthest ahead."""
    bounds = [(high, low) for _, low, high in differences if low is not None]
    if not bounds:
        return "cannot know"
    if min(high for high, _ in bounds) < 0:
        return "**worse**"
    return "better" if min(low for _, low in bounds) > 0 else "level"


def table(heading, rows):
    return "\n".join([" | ".join(["", *row, ""]).strip() for row in [heading, ["---"] * len(heading), *rows]]) + "\n"


def sizes_of(result):
    answers = result["answers"]
    return [f"{len(set(column(answers, 'sample'))):,}".replace(",", " "),
            f"{len(set(column(answers, 'group'))):,}".replace(",", " "), str(max(column(answers, "fold")))]


def classification_row(name, result):
    scores = classification_scores(result)
    return [name, *sizes_of(result), f"{scores['dragonet']:.3f}", f"{scores['forest']:.3f}", words(scores["difference"]),
            verdict([scores["difference"]])]


def shares_above_threshold(answers):
    """Of normal samples, and of anomalies, in all folds. Scores are multiples of each fold's threshold."""
    above, odd = column(answers, "score") > 1, column(answers, "anomaly")
    return [f"{100 * above[~odd].mean():.1f} %", f"{100 * above[odd].mean():.0f} %"]


def anomaly_row(name, result):
    scores = anomaly_scores_of(result)
    differences = [scores["difference to z-score"], scores["difference to mixture"]]
    return [name, *sizes_of(result), *(f"{scores[model]:.3f}" for model in ("dragonet", "z-score", "mixture")),
            *map(words, differences), verdict(differences), *shares_above_threshold(result["answers"])]


def tables(results):
    """results  of each collection's name; those that are not there yet are left out"""
    done = [collection for collection in collections if collection.name in results]
    counts = ["collection", "samples", "groups", "folds"]
    classes = [classification_row(one.name, results[one.name]) for one in done if not one.normal]
    anomalies = [anomaly_row(one.name, results[one.name]) for one in done if one.normal]
    return "\n".join(filter(None, [
        classes and table(counts + ["Dragonet, int8", "forest", "difference", "Dragonet is"], classes),
        anomalies and table(counts + ["Dragonet, int8", "z-score", "mixture", "difference to the z-score",
                                      "to the mixture", "Dragonet is", "false alarms", "found"], anomalies)]))


# --- Once through

def home_of(collection, options):
    return options.work / re.sub("[^a-z0-9]+", "-", collection.name.lower()).strip("-")


def measure(collection, options):
    home, begin = home_of(collection, options), time.monotonic()
    folds = options.folds or collection.folds
    print(f"{collection.name}: {folds} folds by Dragonet", file=sys.stderr, flush=True)
    make_project(options.dragonet, options.collections / collection.folder, collection, home)
    answers = test_in_folds(options.dragonet, home / "project", folds)
    print(f"{collection.name}: {time.monotonic() - begin:.0f} s; now the simple", file=sys.stderr, flush=True)
    features = features_of(home / "project", collection.kind, [answer["sample"] for answer in answers])
    result = {"answers": answers, "simple": simple_answers(collection, answers, features)}
    (home / "result.json").write_text(json.dumps(result))
    print(table(["", ""], [[collection.name, str(scores_of(collection, result))]]), file=sys.stderr, flush=True)


def scores_of(collection, result):
    return anomaly_scores_of(result) if collection.normal else classification_scores(result)


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("collections", type=pathlib.Path, help="the folder that has a folder for each collection")
    parser.add_argument("--dragonet", default="build/dragonet", type=pathlib.Path)
    parser.add_argument("--work", default=pathlib.Path("build/against_simple"), type=pathlib.Path)
    parser.add_argument("--only", action="append", default=[], help="collections whose name begins so")
    parser.add_argument("--folds", type=int, help="instead of each collection's own number")
    parser.add_argument("--again", action="store_true", help="also what is done already")
    parser.add_argument("--out", type=pathlib.Path, help="a file for the tables; left out: standard output")
    options = parser.parse_args()
    options.dragonet, options.work = options.dragonet.resolve(), options.work.resolve()
    return options


def main():
    options = read_options()
    wanted = [one for one in collections if not options.only or one.name.startswith(tuple(options.only))]
    for collection in wanted:
        if options.again or not (home_of(collection, options) / "result.json").exists():
            measure(collection, options)
    results = {one.name: json.loads((home_of(one, options) / "result.json").read_text()) for one in wanted}
    options.out.write_text(tables(results)) if options.out else print(tables(results))


if __name__ == "__main__":
    main()
