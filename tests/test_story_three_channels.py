"""The same story by mail, chat and page, for initiator and adviser: the same ending, and nothing leaked on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.initiator import following_up
from bot.installation import links_of
from bot.pool_vectors import PoolShelf
from bot.settings import Programme, Settings
from bot.store import cases, events, follow_ups, pool, proposals
from bot.store.database import open_database, transaction
from bot.story import Story
from bot.wiring import Wiring
from expertise.initiatives import shipped_initiatives
from expertise.instruments import shipped_instruments
from expertise.topics import shipped_topics
from matcher.encoder import Encoder
from matcher.proposal import Case
from tests.accepted_cases import turn_of
from tests.conftest import MONDAY
from tests.three_channel_people import Advisers, Initiator, answer_everything, coordinator_does, initiator
from tests.three_channel_steps import (
    Answers,
    AskedAfter,
    Begins,
    Coordinates,
    Decides,
    Ending,
    Replies,
    Scenario,
    Step,
    Waits,
)
from tests.three_channel_stories import SCENARIOS
from tests.three_channels import CHANNELS, Channel, Stage, letters_of, stage_of

TALK = frozenset({"asked", "answered", "confirmed", "objected", "follow_up"})
"""Events of the questions and answers themselves: how many there are differs by channel, which a scenario tells."""
QUESTIONS = frozenset({"understood", "question", "follow_up"})
"""Letters that only ask: the same things are asked in one of them by mail and in several in a live conversation."""
MAY_NAME = frozenset({"introduction_expert", "contact_told"})
"""Letters that hold how an initiator can be reached, once that was allowed."""
SHARES_AN_ADDRESS = frozenset({"introduction_initiator"})
COORDINATOR = Programme().coordinator
PAIRS = [[(channel, CHANNELS[(place + shift) % 3]) for place, channel in enumerate(CHANNELS)] for shift in range(3)]
"""Channel of the initiator and of the adviser: a story is played by one of these three rows, so each pair in some."""


@pytest.fixture
def stories(
    encoder: Encoder, prepared_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Story]]:
    """Stories that can begin, each in an installation of its own."""
    opened: list[Story] = []

    def begin() -> Story:
        settings = Settings(data_dir=str(tmp_path_factory.mktemp("story")))
        shutil.copy(prepared_database, settings.database)
        links = links_of(settings)
        parts = (shipped_topics(), shipped_instruments(), shipped_initiatives(), encoder, links)
        opened.append(Story(open_database(settings.database), Wiring(settings, *parts), PoolShelf(encoder), MONDAY))
        return opened[-1]

    yield begin
    for story in opened:
        story.db.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one case, whatever the channels: everything but the evidence in somebody's own words."""

    ending: Ending
    experts: tuple[str, ...]
    advisers: tuple[str, ...]
    reasons: tuple[str, ...]
    phase: int | None
    helped: str | None
    initiative: str | None
    history: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a story: its cases, oldest first, and which letters went to whom."""

    cases: tuple[Seen, ...]
    told: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays a story, and in which channels."""

    stage: Stage
    asks: Channel
    decides: Channel
    sam: Initiator
    advisers: Advisers


def play(story: Story, scenario: Scenario, asks: Channel, decides: Channel) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome of a story, and each round of what its initiator was asked."""
    with stage_of(story) as stage:
        cast = Cast(stage, asks, decides, initiator(asks, stage), Advisers(stage, decides))
        for step in scenario.steps:
            _take(cast, step)
        nothing_went_wrong(stage)
        nothing_leaked(stage, cast.sam)
        left_out = TALK.union(*(scenario.only.get(side, ()) for side in (("initiator", asks), ("adviser", decides))))
        return outcome_of(stage, cast.sam, left_out), rounds(stage)


def _take(cast: Cast, step: Step) -> None:
    match step:
        case Begins() | Replies():
            say = cast.sam.begins if isinstance(step, Begins) else cast.sam.replies
            for act in step.said.by(cast.asks):
                say(act)
        case Answers():
            answer_everything(cast.sam, cast.asks, step.knows)
        case Decides():
            cast.advisers.do(step.said)
        case Coordinates():
            coordinator_does(cast.stage, step.said.by("web" if cast.decides == "web" else "mail")[0])
        case Waits():
            cast.stage.story.later(timedelta(days=step.days))
            cast.stage.tick()
        case AskedAfter():
            with transaction(cast.stage.story.db):
                following_up.ask_how_it_went(turn_of(cast.stage.story, "follow_up:1", cast.asks), cast.stage.case())
            cast.stage.go()


@pytest.mark.parametrize(("number", "scenario"), list(enumerate(SCENARIOS)), ids=[each.name for each in SCENARIOS])
def test_the_same_story_ends_the_same_in_every_channel(
    stories: Callable[[], Story], number: int, scenario: Scenario
) -> None:
    played = {asks: play(stories(), scenario, asks, decides) for asks, decides in PAIRS[number % 3]}
    (first, _), *others = played.values()
    for outcome, _ in others:
        assert outcome == first
    assert (first.cases[-1].ending if first.cases else None) == scenario.ending
    assert {asks: asked for asks, (_, asked) in played.items() if asked} == dict(scenario.asked)


@pytest.mark.parametrize("asks", CHANNELS)
def test_every_channel_of_the_one_with_every_channel_of_the_other(stories: Callable[[], Story], asks: Channel) -> None:
    clear = SCENARIOS[0]
    for decides in CHANNELS:
        outcome, asked = play(stories(), clear, asks, decides)
        assert (outcome.cases[0].ending, asked) == (clear.ending, ())


def outcome_of(stage: Stage, sam: Initiator, left_out: frozenset[str]) -> Outcome:
    db = stage.story.db
    people = {each.email: each.role for each in pool.everyone(db)} | {COORDINATOR: "coordinator"}
    written = [(to, template) for to, template, _ in letters_of(stage)]
    return Outcome(
        cases=tuple(seen(stage, case, left_out) for case in reversed(cases.newest(db, 9))),
        told=tuple(template for to, template in written if to == sam.address and template not in QUESTIONS | left_out),
        others=tuple((people[to], template) for to, template in written if to in people and template not in left_out),
    )


def seen(stage: Stage, case: Case, left_out: frozenset[str]) -> Seen:
    """One case, and what the newest of them ends with."""
    db, facts = stage.story.db, case.facts
    put, told = proposals.of_case(db, case.id), follow_ups.of_case(db, case.id)
    history = [(each["event"], each["actor"], each["detail"]) for each in events.of_case(db, case.id)]
    return Seen(
        ending=Ending(
            case.state,
            facts.municipality,
            facts.budget,
            facts.provincial_dependence,
            frozenset(need.code for need in case.needs),
            case.eligibility,
            case.consent,
            tuple(each.state for each in put),
            len(cases.newest(db, 9)),
        ),
        experts=tuple(each.expert_id for each in put),
        advisers=tuple(each.adviser_id for each in put),
        reasons=tuple(each.reason for each in put),
        phase=facts.phase,
        helped=told.helped if told is not None else None,
        initiative=facts.initiative,
        history=tuple(each for each in history if each[0] not in left_out),
    )


def rounds(stage: Stage) -> tuple[str, ...]:
    """What was asked, round after round, whichever the case."""
    sql = "SELECT detail FROM events WHERE event = 'asked' ORDER BY id"
    return tuple(row["detail"] for row in stage.story.db.query(sql))


def nothing_went_wrong(stage: Stage) -> None:
    """Every message was handled, every update confirmed, every letter sent."""
    db = stage.story.db
    assert {row["state"] for row in db.query("SELECT state FROM messages")} == {"handled"}
    assert stage.service.reported == []
    assert list(db.query("SELECT 1 FROM letters WHERE state != 'sent' AND channel != 'web'")) == []


def nothing_leaked(stage: Stage, sam: Initiator) -> None:
    """Who asks stays unknown to all but the coordinator until it was allowed; staff stay unknown to who asks."""
    staff = {each.email for each in pool.everyone(stage.story.db)}
    agreed = stage.case().consent is True if cases.newest(stage.story.db, 1) else False
    for to, template, words in letters_of(stage):
        if to == sam.address:
            if template not in SHARES_AN_ADDRESS:
                assert not [each for each in (*staff, COORDINATOR, "te druk") if each in words], template
        elif to != COORDINATOR and not (agreed and template in MAY_NAME):
            assert not [each for each in sam.personal if each in words], (to, template)
    for sent in stage.telegram.sent():
        if f"telegram:{sent.chat_id}" != sam.address and not agreed:
            assert not [each for each in sam.personal if each in sent.text]
