"""Hard constraints are hard: whoever fails one is never proposed, whatever the score, and hears every reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expertise.availability import unavailable_because
from expertise.experts import Expert
from expertise.places import covers
from inbox.facts import Facts
from inbox.found_need import Need
from matcher.constraints import REASONS
from matcher.ranking import Ranking, rank
from tests.pool_builders import a_pool, a_request, an_expert

TODAY = date(2026, 3, 2)
NEEDS = ("financing", "impact", "dialogue")
PLACES = ("Oss", "Breda", "Utrecht", None)
REGIONS = ("Noord-Brabant", "West-Brabant", "Noordoost-Brabant", "Oss", "Breda", "Nederland")
TEXT = "Wij zoeken iemand die met ons een begroting maakt. Het gaat om een buurthuis."

experts = st.builds(
    an_expert,
    st.just("e"),
    needs=st.lists(st.sampled_from(NEEDS), max_size=2, unique=True).map(tuple),
    profile=st.sampled_from(("Maakt begrotingen.", "Leidt gesprekken in de wijk. Luistert.", "")),
    regions=st.lists(st.sampled_from(REGIONS), max_size=2, unique=True).map(tuple),
    languages=st.sampled_from((("nl",), ("en",), ("nl", "pl"), ("tr",))),
    capacity=st.integers(0, 2),
    active=st.booleans(),
    away_until=st.sampled_from((None, date(2026, 3, 1), TODAY, date(2026, 4, 1))),
)
pools = st.lists(experts, max_size=4).map(
    lambda people: tuple(an_expert(f"e{i}", **fields_of(person)) for i, person in enumerate(people))
)


def fields_of(person: Expert) -> dict[str, Any]:
    names = ("needs", "profile", "regions", "languages", "capacity", "active", "away_until")
    return {name: getattr(person, name) for name in names}


def ranked(people: tuple[Expert, ...], **changes: Any) -> Ranking:
    asked: dict[str, Any] = {
        "needs": [Need("financing", 0.9, "een begroting maakt")],
        "facts": Facts(municipality="Oss"),
        "language": "nl",
        "loads": {},
        "today": TODAY,
    }
    return rank(request=a_request(TEXT), pool=a_pool(people), **asked | changes)


def reasons(person: Expert, **changes: Any) -> tuple[str, ...]:
    """Why this one person is left out; () when proposed."""
    ranking = ranked((person,), **changes)
    return ranking.left_out[0].because if ranking.left_out else ()


def simply_why_not(
    person: Expert, place: str | None, language: str, load: int, declined: set[str], initiator: str
) -> set[str]:
    """The constraints once more, for one person at a time, as a reader would check them by hand."""
    found = {unavailable_because(person, load, TODAY)} - {None}
    if covers(person.regions, place) is False:
        found.add("region")
    if not {language, *(("nl", "en") if language != "nl" else ())} & set(person.languages):
        found.add("language")
    if person.id in declined:
        found.add("declined")
    if person.email == initiator:
        found.add("is_initiator")
    return {str(reason) for reason in found}


@settings(max_examples=150, deadline=None)
@given(
    people=pools,
    needs=st.lists(st.sampled_from(NEEDS), max_size=3, unique=True),
    place=st.sampled_from(PLACES),
    language=st.sampled_from(("nl", "en", "pl", "uk")),
    load=st.integers(0, 3),
    declined=st.sets(st.sampled_from(("e0", "e3", "unknown"))),
    initiator=st.sampled_from(("", "e1@example.org", "nobody@example.org")),
    limit=st.integers(0, 4),
)
def test_nobody_who_fails_a_constraint_is_proposed_and_nobody_is_forgotten(
    people: tuple[Expert, ...],
    needs: list[str],
    place: str | None,
    language: str,
    load: int,
    declined: set[str],
    initiator: str,
    limit: int,
) -> None:
    ranking = ranked(
        people,
        needs=[Need(code, 0.5, "") for code in needs],
        facts=Facts(municipality=place),
        language=language,
        loads={person.id: load for person in people},
        declined=declined,
        initiator=initiator,
        limit=limit,
    )
    matched = [match.expert for match in ranking.matches]
    left_out = [left.expert for left in ranking.left_out]
    assert sorted(expert.id for expert in matched + left_out) == sorted(expert.id for expert in people)
    assert len(matched) <= limit
    for expert in matched:
        assert not simply_why_not(expert, place, language, load, declined, initiator)
        assert not needs or set(needs) & set(expert.needs), "in so small a pool nobody stands out undeclared"
    for left in ranking.left_out:
        told = set(left.because)
        assert told
        assert told == {"ranked_lower"} or "ranked_lower" not in told
        unavailable = {"inactive", "away", "full"}
        known = simply_why_not(left.expert, place, language, load, declined, initiator)
        assert known - unavailable == told - unavailable - {"no_need", "ranked_lower"}
        assert known & unavailable <= told
        assert ("no_need" in told) == bool(needs and not set(needs) & set(left.expert.needs))


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"active": False}, ("inactive",)),
        ({"away_until": TODAY}, ("away",)),
        ({"capacity": 0}, ("full",)),
        ({"regions": ("West-Brabant",)}, ("region",)),
        ({"languages": ("en",)}, ("language",)),
        ({"needs": ("impact",)}, ("no_need",)),
        ({"active": False, "capacity": 0, "needs": ("impact",)}, ("inactive", "full", "no_need")),
        ({}, ()),
        ({"away_until": date(2026, 3, 1)}, ()),
    ],
)
def test_each_reason_is_told(change: dict[str, Any], because: tuple[str, ...]) -> None:
    assert reasons(an_expert(**change)) == because


def test_who_was_declined_or_asks_is_left_out() -> None:
    assert reasons(an_expert("e1"), declined=("e1",)) == ("declined",)
    assert reasons(an_expert("e1"), initiator=" E1@Example.org ") == ("is_initiator",)
    assert reasons(an_expert("e1", telegram="@wijk"), initiator="wijk") == ("is_initiator",)


def test_a_full_expert_has_room_again_when_a_case_closes() -> None:
    assert reasons(an_expert("e1", capacity=2), loads={"e1": 2}) == ("full",)
    assert reasons(an_expert("e1", capacity=2), loads={"e1": 1}) == ()


def test_an_unknown_place_leaves_nobody_out_and_says_so() -> None:
    west = an_expert(regions=("West-Brabant",))
    for place in (None, "Geen gemeente"):
        ranking = ranked((west,), facts=Facts(municipality=place))
        assert [match.region for match in ranking.matches] == ["unknown_place"]
    assert ranked((west,), facts=Facts(municipality="Breda")).matches[0].region == "covers"


@pytest.mark.parametrize(
    ("writer", "expert", "because"),
    [
        ("nl", ("en",), ("language",)),
        ("pl", ("pl",), ()),
        ("pl", ("nl",), ()),
        ("pl", ("en",), ()),
        ("pl", ("tr",), ("language",)),
        ("en", ("nl",), ()),
    ],
)
def test_languages(writer: str, expert: tuple[str, ...], because: tuple[str, ...]) -> None:
    assert reasons(an_expert(languages=expert), language=writer) == because


def test_a_profile_that_stands_out_may_serve_a_need_it_did_not_declare() -> None:
    others = tuple(an_expert(f"o{i}", needs=("impact",), profile=f"Doet iets anders nummer {i}.") for i in range(12))
    close = an_expert("e1", needs=("impact",), profile="Maakt met ons een begroting voor het buurthuis.")
    silent = an_expert("s", needs=("impact",), profile="")
    ranking = ranked((*others, silent, close))
    assert [(match.expert.id, match.needs) for match in ranking.matches] == [("e1", ("financing",))]
    assert {left.because for left in ranking.left_out} == {("no_need",)}


def test_every_reason_can_be_told() -> None:
    people = tuple(an_expert(f"e{i}", needs=("financing",)) for i in range(12))
    told = {reason for left in ranked(people).left_out for reason in left.because}
    assert told == {"ranked_lower"}
    assert len(ranked(people).left_out) == 2
    assert len(REASONS) == len(set(REASONS)) == 9
