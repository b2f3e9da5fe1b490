"""How near needs are to a text and how well they answer a query: what each kind of likeness is worth.

The shares were chosen so that they hold on each labelled set when it is left out (``benchmarks/search/``).
"""

import numpy as np

from needs.search.features import Features
from needs.search.packed import Candidates, Floats, Numbers, Statistics, Weights
from needs.search.query import Query

LETTERS_IN_SIMILAR = 0.2
LEAST_SIMILAR = 0.03
WHOLE_TEXT = 0.35
LETTERS = 0.15
LIKE_THE_BEST = 0.5
MUCH_LIKE_THE_BEST = 0.15


def similar(needs: Candidates, found: Features, statistics: Statistics) -> Floats:
    """How near each need is to a text, 0..1: words and meanings, and a share of letters; 0 for hardly at all."""
    near = needs.near_text(found, statistics) + LETTERS_IN_SIMILAR * needs.near_letters(found, statistics)
    near /= 1 + LETTERS_IN_SIMILAR
    return np.where(near >= LEAST_SIMILAR, near, 0)


def answers(needs: Candidates, query: Query, statistics: Statistics) -> Floats:
    """How well each need answers a query, 0..1; 0 for those that are not listed.

    Three shares: how much of what is asked a need speaks of, how near it is to the query as a text, and how near in
    letters. What is like the best answer is then moved up, and listed when it is much like it: it often says the same
    in other words.
    """
    covered = query.covered(needs, statistics)
    near = needs.near_text(query.features, statistics)
    score = covered + WHOLE_TEXT * near + LETTERS * needs.near_letters(query.features, statistics)
    score /= 1 + WHOLE_TEXT + LETTERS
    score[score < query.threshold(statistics)] = 0
    if not score.any():
        return score
    best = int(score.argmax())
    like_best = needs.near(*needs.features_of(best), statistics)
    like_best[(score == 0) & (like_best < MUCH_LIKE_THE_BEST)] = 0
    return (score + LIKE_THE_BEST * score[best] * like_best) / (1 + LIKE_THE_BEST)


def like_the_best(others: Candidates, best: tuple[Numbers, Weights], score: float, statistics: Statistics) -> Floats:
    """What needs score that speak of nothing that was asked, when the best answer is this and scores so."""
    near = others.near(*best, statistics)
    near[near < MUCH_LIKE_THE_BEST] = 0
    return LIKE_THE_BEST * score * near / (1 + LIKE_THE_BEST)
