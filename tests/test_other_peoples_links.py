"""A link opens one page for one person: on every other page, and with the number of somebody else's things, nothing."""

from __future__ import annotations

from itertools import permutations

from starlette.testclient import TestClient

from bot.links import new_secret
from bot.store import absences, adviser_links
from bot.store.database import transaction
from bot.story import Story
from expertise.availability import Absence
from tests.advisers_at_work import a_turn, person
from tests.at_the_desk import link_for
from tests.mails import SHOP
from tests.proposed_cases import proposed, the_case
from tests.shared_cases import introduced_case
from tests.test_sharing import path_of
from tests.web_visits import ask, link_in

HOF = "hof@example.org"


def own_page(story: Story, adviser_id: str) -> str:
    secret = new_secret()
    with transaction(story.db):
        turn, adviser = a_turn(story), person(story, adviser_id)
        adviser_links.keep(turn.db, secret, adviser.id, adviser.email, turn.now, turn.now + turn.wiring.links.life)
    return story.wiring.links.adviser_path(secret)


def test_no_link_opens_the_page_of_another(story: Story, browser: TestClient) -> None:
    case = introduced_case(story, HOF, name="Het Hof")
    paths = [
        link_in(proposed(story)),
        own_page(story, "p002"),
        ask(browser, "Hoe krijgen wij onze buurttuin rond?"),
        path_of(story, case.reference),
        link_for(story, browser),
    ]
    assert [browser.get(path).status_code for path in paths] == [200] * 5
    for mine, other in permutations(paths, 2):
        crossed = f"{other.rpartition('/')[0]}/{mine.rpartition('/')[2]}"
        for answer in (browser.get(crossed), browser.post(crossed, data={"choice": "yes", "text": "Ja"})):
            assert answer.status_code in (404, 405, 410), crossed
            assert SHOP not in answer.text
    assert the_case(story, SHOP).state == "proposed"
    assert not browser.cookies


def test_a_link_with_another_ending_is_no_link(story: Story, browser: TestClient) -> None:
    case = introduced_case(story, HOF, name="Het Hof")
    for path in (link_in(proposed(story)), own_page(story, "p002"), path_of(story, case.reference)):
        for changed in (path[:-1], path + "A", path[:-1] + ("B" if path[-1] == "A" else "A"), path.swapcase()):
            assert browser.get(changed).status_code == 404, changed


def test_an_adviser_ends_no_absence_of_a_colleague(story: Story, browser: TestClient) -> None:
    today = story.now.date()
    with transaction(story.db):
        kept = absences.keep(story.db, Absence("p008", today, today, ""), story.now)
    mine, theirs = own_page(story, "p002"), own_page(story, "p008")
    browser.post(f"{mine}/terug", data={"absence": str(kept.id)})
    assert [each.id for each in absences.of_person(story.db, "p008", today)] == [kept.id]
    browser.post(f"{theirs}/terug", data={"absence": str(kept.id)})
    assert absences.of_person(story.db, "p008", today) == []


def test_a_reference_opens_nothing_without_its_signature(story: Story, browser: TestClient) -> None:
    case = introduced_case(story, HOF, name="Het Hof")
    signed = path_of(story, case.reference).rpartition("/")[2]
    other = introduced_case(story, SHOP, name="De Winkel")
    named = path_of(story, other.reference).rpartition("/")[2].partition(".")[0]
    for guess in (other.reference, f"{named}.{signed.partition('.')[2]}"):
        answer = browser.get(f"/delen/{guess}")
        assert (answer.status_code, "De Winkel" in answer.text) == (404, False)
    assert browser.get(f"/bureau/dossiers/{case.reference}").status_code == 303
