"""What ships understands messages that nothing was learned from: a floor, well under the figures of the evaluation."""

from pathlib import Path

from bot.learning.cases import DEVELOPMENT, read_cases, read_unseen
from bot.learning.evaluation import quality
from bot.learning.plain_messages import read_unseen_plain
from expertise.topics import shipped_topics
from inbox.understanding import understand_with_vectors
from matcher.encoder import Encoder

CASES = Path(__file__).parent.parent / "cases"
EACH = 3  # one message in three says enough of a floor; `mixmatch evaluate` reads them all


def test_the_development_file_is_understood(encoder: Encoder) -> None:
    cases = [case for case in read_cases(CASES) if case.writer == DEVELOPMENT]
    readings = understand_with_vectors([case.message for case in cases], shipped_topics(), encoder.read)
    found = quality(cases, readings, shipped_topics())
    assert found.needs_micro.f1 > 0.60
    assert found.needs_macro > 0.58
    assert found.kind_accuracy > 0.95
    assert found.wrongly_eligible == 0


def test_messages_of_new_writers_are_understood(encoder: Encoder) -> None:
    cases = read_unseen(CASES)[::EACH]
    found = quality(
        cases,
        understand_with_vectors([case.message for case in cases], shipped_topics(), encoder.read),
        shipped_topics(),
    )
    assert found.needs_micro.f1 > 0.70
    assert found.kind_accuracy > 0.95
    assert found.requests_seen > 0.98
    assert dict(found.facts)["budget"].f1 > 0.72
    assert dict(found.facts)["provincial_dependence"].f1 > 0.75
    assert found.wrongly_eligible == 0


def test_the_plainest_messages_are_understood(encoder: Encoder) -> None:
    cases = read_unseen_plain(CASES)
    readings = understand_with_vectors([case.message for case in cases], shipped_topics(), encoder.read)
    found = quality(cases, readings, shipped_topics())
    assert found.needs_micro.f1 > 0.83
    assert found.kind_accuracy > 0.88
    assert found.requests_seen > 0.90
