"""The list of instruments: what ships, changed by a coordinator, and what initiatives told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlite_utils import Database

from bot.store import instruments
from bot.store.database import transaction
from bot.store.instruments import InstrumentHelp
from expertise.instruments import Instrument, shipped_instruments
from tests.store_builders import NOW, a_case
from tests.store_builders import db as db
from tests.store_builders import store_file as store_file

SHIPPED = shipped_instruments()
OWN = Instrument("dorpsfonds", "Dorpsfonds", ("Het dorp",), ("funders",), "Een fonds van het dorp.", "funder")


def keep(db: Database, instrument: Instrument, active: bool = True) -> None:
    with transaction(db):
        instruments.keep(db, instrument, active, NOW)


def test_without_changes_the_list_is_what_ships(db: Database) -> None:
    assert instruments.in_use(db, SHIPPED) == SHIPPED


def test_a_change_keeps_its_place_and_what_is_added_comes_last(db: Database) -> None:
    keep(db, replace(SHIPPED[2], name="Anders"))
    keep(db, OWN)
    now = instruments.in_use(db, SHIPPED)
    assert now == (*SHIPPED[:2], replace(SHIPPED[2], name="Anders"), *SHIPPED[3:], OWN)
    assert [each.changed for each in instruments.all_of(db, SHIPPED)].count(True) == 2


def test_what_is_put_out_of_use_is_recommended_no_more_but_stays_in_the_list(db: Database) -> None:
    keep(db, SHIPPED[0], active=False)
    assert instruments.in_use(db, SHIPPED) == SHIPPED[1:]
    assert not instruments.all_of(db, SHIPPED)[0].active
    keep(db, SHIPPED[0])
    assert instruments.in_use(db, SHIPPED) == SHIPPED


def test_what_was_told_is_counted_once_a_case_and_the_last_word_counts(db: Database) -> None:
    first, second = a_case(db), a_case(db, "ander@example.org")
    with transaction(db):
        instruments.note_recommended(db, first.id, ["impactmonitor", "dorpsfonds"], NOW)
        instruments.note_recommended(db, first.id, ["impactmonitor"], NOW + timedelta(days=1))
        instruments.note_recommended(db, second.id, ["impactmonitor"], NOW)
        instruments.tell_help(db, first.id, "impactmonitor", "no", "initiator", NOW)
        instruments.tell_help(db, first.id, "impactmonitor", "yes", "coordinator", NOW)
        instruments.tell_help(db, second.id, "dorpsfonds", "yes", "initiator", NOW)  # never recommended there
    counts = instruments.help_counts(db)
    assert counts == {"impactmonitor": {"recommended": 2, "yes": 1}, "dorpsfonds": {"recommended": 1}}
    told = [(each.instrument, each.helped) for each in instruments.recommended_in(db, first.id)]
    assert told == [("impactmonitor", "yes"), ("dorpsfonds", None)]


def test_what_helped_counts_from_three_answers_on_and_who_did_not_use_it_says_nothing(db: Database) -> None:
    told: dict[str, tuple[InstrumentHelp, ...]] = {
        "impactmonitor": ("yes", "partly", "no"),
        "dorpsfonds": ("yes", "yes", "unused"),
    }
    asked = [a_case(db, f"initiatief{number}@example.org") for number in range(3)]
    with transaction(db):
        for code, answers in told.items():
            for case, answer in zip(asked, answers, strict=True):
                instruments.note_recommended(db, case.id, [code], NOW)
                instruments.tell_help(db, case.id, code, answer, "initiator", NOW)
    assert instruments.helped_most(db, ["impactmonitor", "dorpsfonds"]) == {"impactmonitor": 0.5}
