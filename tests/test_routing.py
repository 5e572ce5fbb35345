"""Who gets a proposal: organisation, topic, region and load in that order, with the reason, and who stands in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertise.availability import Absence
from expertise.experts import Expert, shipped_pool
from expertise.topics import shipped_topics
from matcher.routing import Question, Routed, organisation_first, route
from tests.pool_builders import an_expert

TODAY = date(2026, 3, 2)
MONEY = Question(("financing", "impact"), "Oss")


def adviser(adviser_id: str, *needs: str, **changes: Any) -> Expert:
    return an_expert(adviser_id, **{"role": "adviser", "needs": needs, "capacity": 3, **changes})


def away(person: str, substitute: str = "", days: int = 5) -> Absence:
    return Absence(person, TODAY, TODAY + timedelta(days=days), substitute)


def routed(
    advisers: Sequence[Expert],
    question: Question = MONEY,
    loads: Mapping[str, int] | None = None,
    absences: Collection[Absence] = (),
    avoid: Collection[str] = (),
) -> Routed | None:
    return route(advisers, question, loads or {}, TODAY, absences, avoid)


def chosen(advisers: Sequence[Expert], **how: Any) -> str | None:
    found = routed(advisers, **how)
    return None if found is None else found.adviser.id


def test_the_adviser_who_knows_the_subject_and_is_least_busy_gets_the_proposal() -> None:
    both, one, none = adviser("c", "financing", "impact"), adviser("b", "impact"), adviser("a", "data")
    assert chosen([none, one, both]) == "c"
    assert chosen([adviser("b", "impact"), adviser("a", "impact")]) == "a"
    assert chosen([adviser("b", "impact"), adviser("a", "impact")], loads={"a": 2, "b": 1}) == "b"


def test_an_adviser_covers_the_place_is_at_work_and_is_an_adviser() -> None:
    gone = adviser("a", "impact", away_until=TODAY)
    stopped = adviser("b", "impact", active=False)
    elsewhere = adviser("c", "impact", regions=("West-Brabant",))
    expert = an_expert("d", needs=("impact",))
    assert chosen([gone, stopped, elsewhere, expert]) is None
    assert chosen([gone, stopped, elsewhere, expert, adviser("e")]) == "e"
    assert chosen([adviser("e"), adviser("f")], avoid=("e",)) == "f"


def test_a_full_adviser_is_asked_only_when_nobody_else_is_there() -> None:
    full, other = adviser("a", "financing", "impact", capacity=1), adviser("b")
    assert chosen([full, other], loads={"a": 1}) == "b"
    assert chosen([full], loads={"a": 1}) == "a"


def test_an_unknown_place_excludes_no_adviser() -> None:
    assert chosen([adviser("a", regions=("West-Brabant",))], question=Question()) == "a"


def test_who_works_in_the_region_itself_goes_before_who_works_everywhere() -> None:
    wide, near = adviser("a", "impact"), adviser("b", "impact", regions=("Noordoost-Brabant",))
    found = routed([wide, near])
    assert found == Routed(near, ("region",))


@pytest.mark.parametrize(
    ("question", "organisation"),
    [
        (Question(("care_technology",), "Oss"), "Zorgbelang"),
        (Question(("financing", "care_technology"), "Oss"), "Zorgbelang"),
        (Question(("financing",), "Oss"), "Zet"),
        (Question(), "Zet"),
        (Question(("governance",), "Oss", asked="Hoe richten we het bestuur van ons zorghuis in?"), "Zorgbelang"),
        (Question(("governance",), "Oss", asked="Cliënten moeten meebeslissen."), "Zorgbelang"),
        # Care in passing is no question about care; twice, it is.
        (Question(("financing",), "Oss", text="Een dorpswinkel, ook voor wie thuiszorg krijgt."), "Zet"),
        (Question(("financing",), "Oss", text="Voor mensen met dementie en hun mantelzorgers."), "Zorgbelang"),
        (Question(("dialogue",), "Oss", asked="We maken ons zorgen en zorgen voor rust."), "Zet"),
    ],
)
def test_care_goes_to_zorgbelang_first_and_all_else_to_zet(question: Question, organisation: str) -> None:
    first = organisation_first(question)
    assert first is not None
    assert first.name == organisation
    people = [
        adviser("a", organisation="KNHM"),
        adviser("b", organisation="Zet"),
        adviser("c", organisation="Zorgbelang"),
    ]
    found = routed(people, question)
    assert found is not None
    assert (found.adviser.organisation, found.because) == (organisation, ("organisation",))


def test_the_other_organisation_is_asked_when_the_first_has_nobody() -> None:
    care = Question(("care_technology",), "Oss")
    assert chosen([adviser("a"), adviser("z", organisation="Zorgbelang", active=False)], question=care) == "a"


def test_reasons_are_what_tells_the_one_from_others() -> None:
    alone = routed([adviser("a", "impact")])
    assert alone is not None
    assert alone.because == ("only_one",)
    busy = routed([adviser("a", "impact"), adviser("b", "impact")], loads={"a": 1})
    assert busy is not None
    assert (busy.adviser.id, busy.because) == ("b", ("least_busy",))
    knows = routed([adviser("a", "data"), adviser("b", "impact")], loads={"a": 9})
    assert knows is not None
    assert (knows.adviser.id, knows.because) == ("b", ("has_room", "topics", "least_busy"))


def test_the_substitute_gets_what_suits_who_is_away() -> None:
    knows, other, deputy = adviser("a", "financing", "impact"), adviser("b", "impact"), adviser("c")
    found = routed([knows, other, deputy], absences=[away("a", "c")])
    assert found is not None
    assert (found.adviser, found.instead_of) == (deputy, knows)
    assert found.because[-1] == "stands_in"


def test_without_a_substitute_who_is_away_is_passed_over() -> None:
    people = [adviser("a", "financing", "impact"), adviser("b", "impact")]
    assert chosen(people, absences=[away("a")]) == "b"
    assert chosen(people, absences=[away("a"), away("b", "a")]) is None
    assert chosen(people, absences=[away("a", "b"), away("b", "a")]) is None
    assert chosen(people, absences=[away("a", "nobody")]) == "b"


def test_substitutes_follow_each_other() -> None:
    people = [adviser("a", "impact"), adviser("b"), adviser("c")]
    assert chosen(people, absences=[away("a", "b"), away("b", "c")]) == "c"


def test_every_topic_of_the_sample_pool_reaches_an_adviser_in_every_city() -> None:
    for topic in shipped_topics():
        for city in ("Oss", "Helmond", "Roosendaal", "Tilburg"):
            assert routed(shipped_pool(), Question((topic.code,), city)) is not None


ids = st.sampled_from("abcd")


@given(
    st.lists(st.tuples(ids, st.sampled_from(["", "a", "b", "c", "d"])), max_size=6),
    st.dictionaries(ids, st.integers(0, 5)),
    st.sets(ids),
)
def test_whoever_is_chosen_is_at_work_and_was_not_to_be_avoided(
    pairs: list[tuple[str, str]], loads: dict[str, int], avoid: set[str]
) -> None:
    absences = [away(person, substitute) for person, substitute in pairs if person != substitute]
    gone = {each.person_id for each in absences}
    found = routed([adviser(each, "impact") for each in "abcd"], loads=loads, absences=absences, avoid=avoid)
    if found is not None:
        assert found.adviser.id not in gone | avoid
        assert found.because
    else:
        assert gone | avoid >= set("abcd") - {each.substitute_id for each in absences}
