"""Whatever somebody says or presses, the conversation goes on: never a failure, a fourth round, or a dead end."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import brokering
from bot.clock import silence
from bot.initiator import following_up
from bot.store import cases, messages, proposals
from bot.store.database import transaction
from bot.story import Story
from matcher.proposal import CASE_ENDS, MOST_ROUNDS, Case
from tests.accepted_cases import turn_of
from tests.channel_talk import all_letters, to
from tests.initiator_talk import Talk, somebody
from tests.mails import COMPLETE, INCOMPLETE, NOT_CLOSING, OUTSIDE

ASKS = ("understood", "question", "clarify", "same_or_new")
STATUTES = "We zoeken hulp bij het oprichten van een stichting en het maken van de statuten."
WORDS = (
    COMPLETE, INCOMPLETE, NOT_CLOSING, OUTSIDE, STATUTES, "ja", "nee", "Oss", "weet ik niet", "De begroting sluit.",
    "Van de provincie hebben we niets nodig.", "Dat klopt niet, we zitten in Helmond.", "Er klopt iets niet", "nieuw",
    "hoort erbij", "Hoe staat het ervoor met mijn vraag?", "Stop maar met mijn vraag.", "Laat mijn gegevens zien.",
    "Wis al mijn persoonsgegevens.", "Bedankt!", "Kunnen jullie mij helpen?", "Mijn paspoort is verlopen.",
    "Ik kan gratis helpen met boekhouden.", "1. Oss\n2. ja\n3. nee", "🙂",
)  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.sampled_from(WORDS).map(lambda words: ("says", words)),
        st.integers(0, 9).map(lambda number: ("presses", number)),
        st.sampled_from((("adviser", True), ("adviser", False), ("clock", 0), ("follow_up", 0))),
        st.text(max_size=60).map(lambda words: ("says", words)),
    ),
    min_size=1,
    max_size=8,
)


def test_every_walk_can_go_on_and_can_end(story: Story) -> None:
    @given(steps=STEPS, first=st.sampled_from(WORDS[:5]))
    @settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    def walk(steps: list[tuple[str, object]], first: str) -> None:
        sam = somebody(story)
        sam.says(first)
        for what, value in steps:
            TAKE[what](sam, value)
            story.later(timedelta(minutes=1))
            _holds(sam)
        _answers_to_the_end(sam)
        _stops_everything(sam)

    walk()


def _says(sam: Talk, value: object) -> None:
    sam.says(str(value))


def _presses(sam: Talk, value: object) -> None:
    offered = sam.offered()
    if offered:
        assert isinstance(value, int)
        before = len(sam.read_so_far())
        sam.presses(*offered[value % len(offered)])
        assert len(sam.read_so_far()) > before, "who presses reads something"


def _adviser(sam: Talk, value: object) -> None:
    with transaction(sam.story.db):
        for case in cases.running_of(sam.story.db, sam.address):
            proposal = proposals.open_of_case(sam.story.db, case.id)
            if proposal is not None:
                turn = turn_of(sam.story, f"proposal:{proposal.id}")
                if value:
                    brokering.accept(turn, case, proposal)
                else:
                    brokering.decline(turn, case, proposal, "too_busy")


def _clock(sam: Talk, value: object) -> None:
    del value
    sam.story.later(timedelta(days=1, minutes=1))
    silence.go_on(sam.story.db, sam.story.wiring, sam.story.shelf, sam.story.now)


def _follow_up(sam: Talk, value: object) -> None:
    del value
    with transaction(sam.story.db):
        for case in cases.running_of(sam.story.db, sam.address):
            if case.state == "introduced":
                turn = turn_of(sam.story, f"follow_up:{case.id}:{sam.story.now.isoformat()}", "web")
                following_up.ask_how_it_went(turn, case)


TAKE = {"says": _says, "presses": _presses, "adviser": _adviser, "clock": _clock, "follow_up": _follow_up}


def _own(sam: Talk) -> list[Case]:
    return cases.of_initiator(sam.story.db, sam.address)


def _holds(sam: Talk) -> None:
    """What is true after every step."""
    assert messages.counts_by_state(sam.story.db).keys() == {"handled"}
    for case in _own(sam):
        assert case.rounds_asked <= MOST_ROUNDS
        mine = [letter for letter in to(all_letters(sam.story.db), sam.address) if letter.case_id == case.id]
        repeated = 1  # after "right" the question that came along is asked once more, by itself
        asks = sum(letter.template in ASKS for letter in mine)
        restarts = sum(letter.template in ("withdrawn", "what_differs", "referral") for letter in mine)
        assert asks <= MOST_ROUNDS + repeated + restarts


def _answers_to_the_end(sam: Talk) -> None:
    """Who keeps saying "I don't know" is never asked for ever: a case leaves the state in which it asks."""
    for _ in range(2 * MOST_ROUNDS * max(len(_own(sam)), 1)):
        if not any(case.state == "asking" for case in _own(sam)):
            return
        sam.says("weet ik niet")
    assert not any(case.state == "asking" for case in _own(sam))


def _stops_everything(sam: Talk) -> None:
    for _ in range(2 * len(_own(sam)) + 1):
        if all(case.state in CASE_ENDS for case in _own(sam)):
            return
        sam.says("Stop maar met mijn vraag.")
        stops = [value for action, value in sam.offered() if action == "stop"]
        running = {str(case.id) for case in cases.running_of(sam.story.db, sam.address)}
        for value in stops[:1] if running else ():
            sam.presses("stop", value)
    assert all(case.state in CASE_ENDS for case in _own(sam))
