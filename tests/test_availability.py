"""Whether one expert can be asked now: active, not away, with room."""

from dataclasses import replace
from datetime import date

import pytest

from expertise.availability import has_room, is_away, unavailable_because
from expertise.experts import Expert

TODAY = date(2026, 11, 21)
EXPERT = Expert(
    id="x1",
    name="Adviseur governance",
    organisation="Zet",
    role="expert",
    email="",
    telegram="",
    needs=("governance",),
    profile="Helpt besturen.",
    regions=("Noord-Brabant",),
    languages=("nl",),
    capacity=2,
    active=True,
)


@pytest.mark.parametrize(
    ("until", "away"),
    [(None, False), (date(2026, 11, 20), False), (TODAY, True), (date(2026, 11, 22), True)],
)
def test_an_expert_is_away_up_to_and_including_the_last_day(until: date | None, away: bool) -> None:
    assert is_away(replace(EXPERT, away_until=until), TODAY) is away


@pytest.mark.parametrize(("load", "room"), [(0, True), (1, True), (2, False), (3, False)])
def test_room_ends_at_the_capacity(load: int, room: bool) -> None:
    assert has_room(EXPERT, load) is room


def test_an_expert_without_capacity_never_has_room() -> None:
    assert unavailable_because(replace(EXPERT, capacity=0), 0, TODAY) == "full"


def test_an_available_expert_has_no_reason() -> None:
    assert unavailable_because(EXPERT, 1, TODAY) is None


def test_the_lasting_reason_is_given_first() -> None:
    away = replace(EXPERT, away_until=TODAY)
    assert unavailable_because(replace(away, active=False), 9, TODAY) == "inactive"
    assert unavailable_because(away, 9, TODAY) == "away"
    assert unavailable_because(EXPERT, 2, TODAY) == "full"
