"""Words that come while we wait for an answer stop a question only when it is sure enough that they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot import reading
from bot.initiator.live import ASIDE, SURE_TO_STOP, is_aside, stands_by_itself
from bot.intake_files import plain_message
from bot.reading import Read
from bot.store import cases
from bot.story import Story, letter_to
from inbox.facts import Facts
from inbox.kind import KINDS
from inbox.message import Message
from inbox.understanding import Understood, understand_with_vectors
from tests.accepted_cases import accepted_case
from tests.channel_talk import chat_of, says
from tests.initiator_talk import Talk, somebody, templates
from tests.mails import INCOMPLETE, SHOP
from tests.proposed_cases import proposed, the_case
from tests.test_following_up import asks

SURE, UNSURE = SURE_TO_STOP, SURE_TO_STOP - 0.01
NEXT = "We gaan verder met de proef."


def a_reading(kind: str, confidence: float) -> Read:
    message = plain_message("1", "chat", "", NEXT)
    told = Understood(kind, confidence, "nl", (), Facts())  # type: ignore[arg-type]
    return Read(1, message, told)


def a_stop(understood: Understood, confidence: float) -> Understood:
    return replace(understood, kind="withdraw", kind_confidence=confidence)


@pytest.fixture
def as_a_stop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """From here on all words are read as stopping, so surely."""

    def so_sure(confidence: float) -> None:
        def understood(messages: Sequence[Message], *others: Any, **named: Any) -> list[Any]:
            found = understand_with_vectors(messages, *others, **named)
            return [replace(one, understood=a_stop(one.understood, confidence)) for one in found]

        monkeypatch.setattr(reading, "understand_with_vectors", understood)

    return so_sure


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("confidence", [0.2, UNSURE, SURE, 1.0])
def test_only_stopping_asks_for_certainty(kind: str, confidence: float) -> None:
    read = a_reading(kind, confidence)
    expected = kind in ASIDE and (kind != "withdraw" or confidence >= SURE_TO_STOP)
    assert stands_by_itself(read) == is_aside(read) == expected


@pytest.mark.parametrize(
    ("confidence", "letter", "state"), [(UNSURE, "follow_up", "closed"), (SURE, "withdrawn", "withdrawn")]
)
def test_what_comes_next_is_no_stop_unless_it_surely_is(
    story: Story, as_a_stop: Any, confidence: float, letter: str, state: str
) -> None:
    sam = somebody(story)
    accepted_case(story, sam.address, "web")
    sam.presses("consent", "yes")
    asks(story, sam.case())
    sam.presses("helped", "yes")
    sam.presses("phase", "4")
    as_a_stop(confidence)
    assert templates(sam.says(NEXT)) == [letter]
    assert sam.case().state == state


@pytest.mark.parametrize(("confidence", "state"), [(UNSURE, "asking"), (SURE, "withdrawn")])
def test_a_place_that_we_asked_for_is_heard(story: Story, as_a_stop: Any, confidence: float, state: str) -> None:
    sam: Talk = somebody(story)
    sam.says(INCOMPLETE)
    as_a_stop(confidence)
    sam.says("Sorry dat het zo laat is, we zitten in Oss")
    case = sam.case()
    assert (case.state, case.facts.municipality) == (state, "Oss" if state == "asking" else None)


@pytest.mark.parametrize(("confidence", "state"), [(UNSURE, "proposed"), (SURE, "withdrawn")])
def test_an_answer_to_an_adviser_is_passed_on(story: Story, as_a_stop: Any, confidence: float, state: str) -> None:
    asked = letter_to(story.answer(proposed(story), "vraag ze of de gemeente meedoet"), SHOP)
    as_a_stop(confidence)
    sent = story.answer(asked, "De gemeente gaat verder met de proef.")
    assert the_case(story).state == state
    assert letter_to(sent, SHOP).subject.startswith("We geven je antwoord door") == (confidence == UNSURE)


def test_a_command_to_stop_is_always_sure(story: Story, as_a_stop: Any) -> None:
    says(story, 77, "Kunnen jullie ons misschien helpen?")
    as_a_stop(UNSURE)
    assert templates(says(story, 77, "/stop"))[-1] == "withdrawn"
    assert [case.state for case in cases.of_initiator(story.db, chat_of(77))] == ["withdrawn"]
