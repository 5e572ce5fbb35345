"""What would have changed the choice is told only when it is so, and for one reason."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from expertise.experts import Expert
from inbox.facts import Facts
from matcher.constraints import LeftOut, Reason
from matcher.ranking import Match, Ranking, Told, may_be_picked
from matcher.what_if import what_if
from tests.pool_builders import a_request, an_expert

BEST, OTHER = an_expert("best"), an_expert("other")
LOADS = {"other": 2}


def first(expert: Expert, *because: Reason) -> Ranking:
    """A ranking with one expert first; the other one is left out for these reasons."""
    return Ranking((Match(expert, 0.9, (), (), "covers"),), (LeftOut(OTHER, because),) if because else ())


def told(language: str = "nl", municipality: str | None = "Oss") -> Told:
    return Told((), Facts(municipality=municipality), language, a_request("Wie helpt ons?"))


def otherwise(asked: Told, loads: Mapping[str, int]) -> Ranking:
    """The other expert would be first with room, at any place, or in Dutch."""
    changed = not loads or asked.facts.municipality is None or asked.language == "nl"
    return first(OTHER if changed else BEST)


@pytest.mark.parametrize("because", ["full", "region", "language"])
def test_the_one_reason_is_told(because: Reason) -> None:
    found = what_if(told("pl"), LOADS, first(BEST, because), otherwise)
    assert found is not None
    assert (found.because, found.expert) == (because, OTHER)


def test_nothing_is_told_of_somebody_who_is_left_out_for_something_else() -> None:
    assert what_if(told("pl"), LOADS, first(BEST, "away"), otherwise) is None
    assert what_if(told("pl"), LOADS, first(BEST), otherwise) is None


def test_nothing_is_told_when_the_choice_would_stay() -> None:
    assert what_if(told("pl"), LOADS, first(BEST, "full"), lambda *_: first(BEST)) is None


def test_what_is_so_already_is_not_asked() -> None:
    def never(asked: Told, loads: Mapping[str, int]) -> Ranking:
        raise AssertionError((asked, loads))

    assert what_if(told(municipality=None), {}, first(BEST, "full"), never) is None


@pytest.mark.parametrize(
    ("because", "may"),
    [
        (("ranked_lower",), True),
        (("region", "no_need"), True),
        (("language",), True),
        (("full",), False),
        (("region", "away"), False),
        (("declined",), False),
        (("is_initiator",), False),
        (("inactive",), False),
    ],
)
def test_an_adviser_overrules_judgements_about_the_fit_only(because: tuple[Reason, ...], may: bool) -> None:
    assert may_be_picked(first(BEST, *because), "other") is may


def test_a_match_may_be_picked_and_a_stranger_may_not() -> None:
    assert may_be_picked(first(BEST), "best")
    assert not may_be_picked(first(BEST), "nobody")
