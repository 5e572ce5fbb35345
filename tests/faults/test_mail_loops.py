"""Machines that answer machines: what we write stays a small number of letters, whatever comes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.local_box import KeptLetter
from bot.store import letters
from bot.story import Story, letter_to
from tests.faults.mail_loops import (
    address_of,
    as_it_is,
    asked_by,
    automatic_answer,
    bounce,
    correspond,
    engine,
    from_a_list,
    without_marks,
)
from tests.mails import COMPLETE, INCOMPLETE, SHOP, mail

pytestmark = pytest.mark.faults

STORM = 300
FAR_TOO_MANY = 200
NEIGHBOUR = "mixmatch-buren@example.org"


@pytest.fixture
def neighbour(story: Story, tmp_path: Path) -> Iterator[Story]:
    """A second service, which works the same."""
    made = engine(tmp_path / "buren", NEIGHBOUR, story)
    with closing(made.db):
        yield made


def cap_of(story: Story) -> int:
    return story.wiring.settings.programme.letters_a_day


def sent_to(story: Story, address: str) -> int:
    """How many letters to an address left."""
    (row,) = story.db.query("SELECT count(*) AS n FROM letters WHERE recipient = ? AND state = 'sent'", [address])
    return int(row["n"])


def decisions(story: Story) -> list[tuple[str, str]]:
    rows = story.db.query("SELECT 'case' AS what, state FROM cases UNION ALL SELECT 'proposal', state FROM proposals")
    return sorted((row["what"], row["state"]) for row in rows)


def with_a_proposal(story: Story) -> list[KeptLetter]:
    """A question about which an adviser has to decide; the letters so far."""
    came = story.mail_arrives(mail(COMPLETE, now=story.now))
    assert ("proposal", "open") in decisions(story)
    return came


def test_two_services_that_write_to_each_other_stop_at_once(story: Story, neighbour: Story) -> None:
    first = asked_by(NEIGHBOUR, address_of(story), story, COMPLETE)
    went = correspond(story, neighbour, first, as_it_is, FAR_TOO_MANY)
    print(f"{went} mails went")
    assert 1 < went <= 1 + len(("received", "asks")), "the question was answered, and that answer not"
    assert sent_to(neighbour, address_of(story)) == 0


@pytest.mark.parametrize("text", [COMPLETE, INCOMPLETE], ids=["complete", "incomplete"])
def test_with_every_mark_taken_away_the_day_has_its_cap(story: Story, neighbour: Story, text: str) -> None:
    first = asked_by(NEIGHBOUR, address_of(story), story, text)
    went = correspond(story, neighbour, first, without_marks, FAR_TOO_MANY)
    answered, written = sent_to(story, NEIGHBOUR), sent_to(neighbour, address_of(story))
    print(f"{went} mails went: {answered} and {written} letters")
    assert went < FAR_TOO_MANY
    assert answered <= cap_of(story)
    assert written <= cap_of(neighbour)
    assert written > 0, "without marks they do take each other for people"


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "by words"])
def test_hundreds_of_automatic_answers_in_an_hour_get_none(story: Story, marked: bool) -> None:
    ours = letter_to(story.mail_arrives(mail(INCOMPLETE, now=story.now)), SHOP)
    before = decisions(story)
    assert before == [("case", "asking")], "any answer counts"
    written = [
        letter
        for number in range(STORM if marked else STORM // 10)
        for letter in story.mail_arrives(automatic_answer(ours.raw, number, story.now, marked))
    ]
    assert written == []
    assert decisions(story) == before


def test_an_adviser_whose_mail_program_answers_hundreds_of_times_gets_and_decides_nothing(story: Story) -> None:
    proposal = next(each for each in with_a_proposal(story) if "Voorstel" in each.subject)
    before = decisions(story)
    written: list[KeptLetter] = []
    for number in range(STORM):
        story.now -= timedelta(minutes=6, seconds=50)  # an hour in all
        written += story.mail_arrives(automatic_answer(proposal.raw, number, story.now, marked=True))
    assert written == []
    assert decisions(story) == before


def test_letters_that_could_not_be_delivered_are_not_answered_nor_sent_again(story: Story) -> None:
    came = with_a_proposal(story)
    before = decisions(story)
    reports = [bounce(letter.raw, number, story.now) for number in range(60) for letter in came]
    assert [letter for raw in reports for letter in story.mail_arrives(raw)] == []
    assert decisions(story) == before


@pytest.mark.parametrize(
    ("marked", "renumbered"), [(True, False), (True, True), (False, False)], ids=["marked", "renumbered", "our number"]
)
def test_our_letter_back_from_a_list_is_not_heard(story: Story, marked: bool, renumbered: bool) -> None:
    came = with_a_proposal(story)
    before = decisions(story)
    back = [
        from_a_list(letter.raw, number, marked=marked, renumbered=renumbered) for number in range(20) for letter in came
    ]
    assert [letter for raw in back for letter in story.mail_arrives(raw)] == []
    assert decisions(story) == before


def test_a_list_that_takes_away_everything_gets_no_more_than_the_cap(story: Story) -> None:
    post = [each.raw for each in with_a_proposal(story)]
    handed = 0
    while post and handed < FAR_TOO_MANY:
        back = [from_a_list(raw, handed + number, marked=False, renumbered=True) for number, raw in enumerate(post)]
        handed += len(back)
        written = [letter for raw in back for letter in story.mail_arrives(raw)]
        post = [each.raw for each in written if each.recipient == "buurtlijst@example.org"]
    got = sent_to(story, "buurtlijst@example.org")
    print(f"{handed} mails came back, {got} letters to the list")
    assert handed < FAR_TOO_MANY
    assert 0 < got <= cap_of(story)
    assert {state for what, state in decisions(story) if what == "proposal"} == {"open"}, "nothing was decided"
    assert len(letters.with_state(story.db, "unknown")) == 0
