"""Why an expert fits: the initiator's sentence beside the nearest sentence of the profile; no wording, no score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from inbox.found_need import Need
from matcher.pool import PoolVectors
from matcher.request import RequestVectors, vector_of

TELLING = 40
"""Characters from which a sentence says what somebody does; "Ook in het weekend" is a last resort."""


@dataclass(frozen=True, slots=True)
class Why:
    """For one need: the initiator's own words and the expert's own words that answer them best.

    `evidence` is an exact substring of the request and `profile` of the expert's profile; either may
    be "" when there are no such words.
    """

    need: str
    evidence: str
    profile: str


def explain(row: int, needs: Iterable[Need], request: RequestVectors, pool: PoolVectors) -> tuple[Why, ...]:
    """Explain each need for the expert in this row of the pool; `request` is centred as the pool is."""
    return tuple(Why(need.code, need.evidence, nearest_sentence(row, need.evidence, request, pool)) for need in needs)


def nearest_sentence(row: int, evidence: str, request: RequestVectors, pool: PoolVectors) -> str:
    """Return the profile sentence nearest to the evidence (the first of equals), "" for an empty profile."""
    profile = pool.experts[row].profile
    sentences = [profile[start:end] for start, end in pool.spans[row]]
    if not sentences:
        return ""
    closeness = pool.sentences[pool.sentence_rows(row)] @ vector_of(evidence, request)
    # Rounded, so that the same profile gives the same sentence wherever it stands in the pool.
    telling = [len(sentence) >= TELLING for sentence in sentences]
    best = np.lexsort((-np.round(closeness, 5), ~np.array(telling)))[0]
    return sentences[int(best)]
