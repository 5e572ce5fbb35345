"""Judged requests of the labelled messages as lessons for the ranking; reading and learning are done elsewhere."""

from collections.abc import Sequence

from bot.learning.cases import Case
from bot.learning.judgments import Judged
from bot.learning.rank_learning import Lesson, lesson_of
from inbox.understanding import Reading
from inbox.vectors import TextVectors
from matcher.pool import QueryMeans, pool_vectors
from matcher.ranking import Told
from matcher.request import request_vectors


def told_by(reading: Reading) -> Told:
    """What a message tells the ranking."""
    own = reading.understood
    request = request_vectors(reading.text, reading.spans, reading.vectors)
    return Told(own.needs, own.facts, own.language, request, reading.probabilities)


def judged_lessons(
    judged: Judged,
    profiles: Sequence[TextVectors],
    means: QueryMeans | None,
    cases: Sequence[Case],
    readings: Sequence[Reading],
) -> tuple[Lesson, ...]:
    """Return a lesson for each of the cases that is judged in this pool, in their order.

    `profiles` follow the experts of the pool; they, `means` and `readings` must come from one model, which learned
    nothing from these requests, or the weights would trust it too much.
    """
    pool = pool_vectors(judged.experts, profiles, means)
    return tuple(
        lesson_of(judged.name, told_by(reading), pool, judged.grades[case.id])
        for case, reading in zip(cases, readings, strict=True)
        if judged.grades.get(case.id)
    )
