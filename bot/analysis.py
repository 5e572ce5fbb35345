"""A dry run over messages: understood, judged, matched, nothing stored. The contract of `mixmatch analyse --json`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import numpy as np

from bot.intake_files import Given
from bot.wiring import Wiring
from expertise.initiatives import Initiative
from expertise.instruments import recommend
from inbox.understanding import Reading, Understood, understand_with_vectors
from matcher.encoder import Encoder
from matcher.pool import Matrix, PoolVectors
from matcher.ranking import Match, Ranking, rank
from matcher.request import request_vectors
from matcher.rules import Verdict, assess
from matcher.similar import Similar, similar_initiatives

AT_ONCE = 256  # messages understood together: enough for full batches, little enough to see results soon


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """One message and everything the product would make of it."""

    id: str
    text: str
    understood: Understood
    verdict: Verdict | None
    ranking: Ranking
    instruments: tuple[str, ...]
    similar: tuple[Similar, ...]


def initiative_vectors(initiatives: Iterable[Initiative], encoder: Encoder) -> Matrix:
    """The vectors (initiatives, d) of the portfolio's questions, made once a run."""
    questions = [initiative.question for initiative in initiatives]
    return np.stack([vectors.whole for vectors in encoder.read(questions, [()] * len(questions))])


def analyse(
    given: Iterable[Given], wiring: Wiring, pool: PoolVectors, initiatives: Matrix, today: date
) -> Iterator[Analysis | Given]:
    """Analyse messages in order, many at a time; what could not be read passes through as it is."""
    waiting = iter(given)
    while batch := list(islice(waiting, AT_ONCE)):
        readable = [one.message for one in batch if one.message is not None]
        readings = iter(understand_with_vectors(readable, wiring.topics, wiring.encoder.read))
        for one in batch:
            if one.message is None:
                yield one
            else:
                yield _analyse(one.id, one.message.own_raw_text, next(readings), wiring, pool, initiatives, today)


def _analyse(
    name: str,
    text: str,
    reading: Reading,
    wiring: Wiring,
    pool: PoolVectors,
    initiatives: Matrix,
    today: date,
) -> Analysis:
    understood = reading.understood
    if understood.kind != "request":
        return Analysis(name, text, understood, None, Ranking(), (), ())
    request = request_vectors(reading.text, reading.spans, reading.vectors)
    facts, needs = understood.facts, understood.needs
    ranking = rank(
        needs,
        facts,
        understood.language,
        request,
        pool,
        loads={},
        today=today,
        probabilities=reading.probabilities,
    )
    instruments = recommend([need.code for need in needs], wiring.instruments)
    return Analysis(
        id=name,
        text=text,
        understood=understood,
        verdict=assess(facts),
        ranking=ranking,
        instruments=tuple(instrument.code for instrument in instruments),
        similar=similar_initiatives(request.whole, needs, wiring.initiatives, initiatives),
    )


def as_object(analysis: Analysis) -> dict[str, Any]:
    """The JSON object of the contract; `evidence` is always an exact substring of the message's text."""
    understood = analysis.understood
    facts = understood.facts
    return {
        "id": analysis.id,
        "kind": understood.kind,
        "language": understood.language,
        "needs": [
            {
                "code": need.code,
                "confidence": round(need.confidence, 4),
                "evidence": exact_piece(need.evidence, analysis.text),
            }
            for need in understood.needs
        ],
        "facts": {
            "municipality": facts.municipality,
            "budget": facts.budget,
            "provincial_dependence": facts.provincial_dependence,
            "phase": facts.phase,
        },
        "eligibility": analysis.verdict.eligibility if analysis.verdict else None,
        "matches": [_match_object(match) for match in analysis.ranking.matches],
        "instruments": list(analysis.instruments),
        "similar": [
            {"initiative": each.code, "score": round(each.score, 4), "needs": list(each.needs)}
            for each in analysis.similar
        ],
    }


def exact_piece(evidence: str, text: str) -> str:
    """The evidence as it stands in the text as it was given.

    A forwarded mail is read without the marks before its lines; then the longest line that stands there exactly.
    """
    if evidence in text:
        return evidence
    return max((line for line in evidence.splitlines() if line in text), key=len, default="")


def _match_object(match: Match) -> dict[str, Any]:
    reasons = [f'{why.need}: "{why.evidence}" ~ "{why.profile}"' for why in match.why]
    region = "region: covers the place" if match.region == "covers" else "region: place not known yet"
    return {
        "expert": match.expert.id,
        "score": round(match.score, 4),
        "needs": list(match.needs),
        "why": "; ".join((*reasons, region)),
    }
