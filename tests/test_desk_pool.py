"""The pool at the desk: looked at, changed with the checks of the whole pool, and who is away."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.store import absences, pool
from bot.story import Story
from expertise.availability import Absence
from tests.advisers_at_work import person, templates_to
from tests.at_the_desk import COORDINATOR, press, sign_in, words_of

TODAY = date(2026, 11, 16)
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def an_expert_id(story: Story) -> str:
    return next(one.id for one in pool.everyone(story.db) if one.role == "expert")


def filled(browser: TestClient, path: str) -> dict[str, str]:
    """What a browser would send of the form of a person."""
    page = browser.get(path).text
    form = re.search(rf'<form method="post" action="{path}".*?</form>', page, re.DOTALL)
    assert form is not None
    found = dict(re.findall(r'<input(?: type="hidden")?(?: id="\w+")? name="(\w+)" value="([^"]*)"', form[0]))
    found |= dict.fromkeys(re.findall(r'name="([\w-]+)" value="yes" checked', form[0]), "yes")
    profile = re.search(r"<textarea[^>]*>(.*?)</textarea>", form[0], re.DOTALL)
    assert profile is not None
    return {name: unescape(value) for name, value in {**found, "profile": profile[1]}.items()}


def test_everybody_is_shown_and_words_narrow_the_list(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    everyone = pool.everyone(story.db)
    assert f"Gevonden: {len(everyone)}." in words_of(browser, "/bureau/pool")
    advisers = [one for one in everyone if one.role == "adviser"]
    assert f"Gevonden: {len(advisers)}." in words_of(browser, "/bureau/pool?rol=adviser")
    assert "Gevonden: 0." in words_of(browser, "/bureau/pool?woorden=<script>")
    assert browser.get("/bureau/pool/p999").status_code == 404


def test_somebody_is_changed_and_nothing_else(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    before = person(story, an_expert_id(story))
    path = f"/bureau/pool/{before.id}"
    form = filled(browser, path)
    assert browser.post(path, data=form).status_code == 303
    assert person(story, before.id) == before, "the form itself changes nothing"
    form = {name: value for name, value in form.items() if name != "active"}
    browser.post(path, data={**form, "capacity": "7"})
    after = person(story, before.id)
    assert (after.capacity, after.active) == (7, False)
    assert (after.name, after.needs, after.profile) == (before.name, before.needs, before.profile)
    (line,) = story.db.query("SELECT event, actor, person, detail FROM events WHERE event = 'pool_changed'")
    assert (line["person"], line["detail"]) == (COORDINATOR, before.id)


@pytest.mark.parametrize(
    ("column", "typed"),
    [("capacity", "veel"), ("capacity", "-1"), ("email", "geen adres"), ("name", ""), ("regions", "Verweggistan"),
     ("languages", "klingon"), ("profile", ""), ("telegram", "a b")],
)  # fmt: skip
def test_a_mistake_is_told_beside_its_field(story: Story, browser: TestClient, column: str, typed: str) -> None:
    sign_in(story, browser)
    before = person(story, an_expert_id(story))
    path = f"/bureau/pool/{before.id}"
    told = browser.post(path, data={**filled(browser, path), column: typed})
    assert told.status_code == 422
    assert f'<a href="#{column}">' in told.text
    assert f'id="{column}-problem"' in told.text
    assert person(story, before.id) == before


def test_an_address_of_somebody_else_is_refused(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    path = f"/bureau/pool/{an_expert_id(story)}"
    other = person(story, "p002").email
    assert browser.post(path, data={**filled(browser, path), "email": other}).status_code == 422


def test_the_second_of_two_coordinators_is_told(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    path = f"/bureau/pool/{an_expert_id(story)}"
    mine = filled(browser, path)
    browser.post(path, data={**mine, "capacity": "7"})
    told = browser.post(path, data={**mine, "capacity": "3"})
    assert told.status_code == 409
    assert person(story, an_expert_id(story)).capacity == 7


def test_an_adviser_is_away_and_hears_so(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    path = "/bureau/pool/p002"
    wrong = press(browser, path, f"{path}/afwezig", first="morgen", last="2020-01-01")
    assert wrong.status_code == 422
    press(browser, path, f"{path}/afwezig", first="2026-11-23", last="27-11-2026", substitute="p008")
    (kept,) = absences.of_person(story.db, "p002", TODAY)
    assert kept.absence == Absence("p002", MONDAY, FRIDAY, "p008")
    story.go_on()
    assert templates_to(story, person(story, "p002").email)[-1] == "absence_kept"
    press(browser, path, f"{path}/terug")
    assert absences.of_person(story.db, "p002", TODAY) == []


def test_an_expert_who_is_away_gets_no_proposal_and_no_letter(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    expert = an_expert_id(story)
    path = f"/bureau/pool/{expert}"
    press(browser, path, f"{path}/afwezig", first="2026-11-16", last="2026-11-20")
    assert person(story, expert).away_until == date(2026, 11, 20)
    assert story.go_on() == []
    press(browser, path, f"{path}/terug")
    assert person(story, expert).away_until is None
