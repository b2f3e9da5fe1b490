"""Prints how well similar needs and search answer the labelled set, beside plain character n-gram TF-IDF.

Run from the project's root: ``python benchmarks/search/measure.py [first] [second]``. ``--missed`` lists what was not
found, ``--missed development`` only in that half, so that the other half stays unseen.
"""

import argparse
import math
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.search import labelled
from needs.search import ranking
from needs.search.features import features_of
from needs.search.guesses import guesses_for
from needs.search.packed import Candidates, Statistics, pack
from needs.search.query import query_for
from needs.search.text import content

FIRST = 5
RANKS = 10
LOW = 0.8


class Plain:
    """The baseline: cosine of TF-IDF over character 3- to 5-grams within words."""

    def __init__(self, texts):
        grams = [self._grams(text) for text in texts]
        seen = Counter(gram for found in grams for gram in found)
        self.rarity = {gram: math.log(1 + len(texts) / count) for gram, count in seen.items()}
        self.vectors = [self._vector(found) for found in grams]

    def near(self, text):
        asked = self._vector(self._grams(text))
        return np.array([sum(w * vector.get(gram, 0) for gram, w in asked.items()) for vector in self.vectors])

    @staticmethod
    def _grams(text):
        counts = Counter()
        for word in re.findall(r"\w+", text.lower()):
            padded = f" {word} "
            counts.update(padded[at : at + n] for n in (3, 4, 5) for at in range(len(padded) - n + 1))
        return {gram: 1 + math.log(count) for gram, count in counts.items()}

    def _vector(self, grams):
        vector = {gram: weight * self.rarity.get(gram, 0) for gram, weight in grams.items()}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1
        return {gram: weight / length for gram, weight in vector.items()}


class Engine:
    def __init__(self, needs):
        packed = [pack(features_of(need.title, need.text)) for need in needs]
        self.needs = Candidates(packed)
        self.statistics = Statistics.of(packed)
        self.vocabulary = {word for need in needs for word in content(f"{need.title} {need.text}")}

    def near(self, need):
        return ranking.similar(self.needs, features_of(need.title, need.text), self.statistics)

    def answers(self, asked):
        wanted = query_for(asked, guesses_for(content(asked), self.vocabulary))
        return ranking.answers(self.needs, wanted, self.statistics)


def recall(needs, near):
    """Share of the known duplicates among the first five, by group, and the pairs that were missed by half."""
    found, missed = defaultdict(list), []
    for at, need in enumerate(needs):
        scores = near(need)
        scores[at] = -1
        first = {near_at for near_at in np.argsort(-scores, kind="stable")[:FIRST] if scores[near_at] > 0}
        for other_at, other in enumerate(needs):
            if other is need or other.topic != need.topic:
                continue
            pair = "bokmål-nynorsk" if other.language != need.language else "same language"
            for group in ("all", pair, need.half):
                found[group].append(other_at in first)
            if other_at not in first:
                missed.append((need.half, f"{need.title} ≠ {other.title}"))
    return {group: float(np.mean(hits)) for group, hits in found.items()}, missed


def gain(needs, asked, scores):
    """nDCG@10 of one query; what scores 0 is not listed."""
    grades = np.array([asked.grades.get(need.topic, 0) for need in needs])
    order = np.argsort(-scores, kind="stable")[:RANKS]
    worth = sum((2.0 ** grades[at] - 1) / math.log2(rank + 2) for rank, at in enumerate(order) if scores[at] > 0)
    best = sum((2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(sorted(grades)[::-1][:RANKS]))
    return worth / best


def gains(labels, answers):
    """nDCG@10 by group and kind of query, and the queries below 0.8 by half."""
    found, missed = defaultdict(list), []
    for asked in labels.queries:
        value = gain(labels.needs, asked, answers(asked.text))
        for group in filter(None, ("all", asked.half, asked.kind)):
            found[group].append(value)
        if value < LOW:
            missed.append((asked.half, f"{value:.2f} {asked.text}"))
    return {group: float(np.mean(values)) for group, values in found.items()}, missed


def show(title, ours, theirs, missed, wanted):
    print(f"\n{title:34} ours   plain n-grams")
    for group in ours:
        print(f"  {group:32} {ours[group]:.3f}  {theirs[group]:.3f}")
    for half, line in missed:
        if wanted in ("all", half):
            print(f"    missed: {line}")


def measure(name, wanted):
    labels = labelled.SETS[name]()
    needs = labels.needs
    plain, engine = Plain([f"{need.title} {need.text}" for need in needs]), Engine(needs)
    print(f"\n{name} set: {len(needs)} needs, {len(labels.queries)} queries")
    theirs, _ = recall(needs, lambda need: plain.near(f"{need.title} {need.text}"))
    ours, missed = recall(needs, engine.near)
    show("duplicates among the first five", ours, theirs, missed, wanted)
    theirs, _ = gains(labels, plain.near)
    ours, missed = gains(labels, engine.answers)
    show("nDCG@10 of search", ours, theirs, missed, wanted)
    answered = [asked for asked in labels.nonsense if engine.answers(asked).any()]
    print(f"\nnonsense queries: {len(labels.nonsense)}, answered with anything: {len(answered)} {answered}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", metavar="set", help="first, second (both when none is named)")
    parser.add_argument("--missed", nargs="?", const="all", default="")
    asked = parser.parse_args()
    for name in asked.sets or labelled.SETS:
        measure(name, asked.missed)


if __name__ == "__main__":
    main()
