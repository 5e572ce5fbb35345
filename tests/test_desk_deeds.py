"""Who did what at the desk, and when, over all cases."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.reasons import word_tables
from bot.store import audit, events, pool
from bot.store.database import transaction
from bot.story import Story
from bot.web.desk_deeds import A_PAGE
from tests.advisers_at_work import ask
from tests.at_the_desk import COORDINATOR, press, sign_in, words_of

CASE = "/bureau/dossiers/SV-2026-0001"
PAGE = "/bureau/wie-deed-wat"


def test_what_a_coordinator_did_stands_there_with_case_and_person(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    press(browser, CASE, f"{CASE}/notitie", note="Ze bellen terug.")
    press(browser, "/bureau/onderwerpen", "/bureau/onderwerpen/impact", phrase="Wat levert het op?")
    someone = pool.everyone(story.db)[0]
    page = f"/bureau/pool/{someone.id}"
    press(browser, page, f"{page}/afwezig", first="2026-11-30", last="2026-12-04")
    found = [(each.event, each.reference) for each in audit.deeds(story.db, 10)]
    done = ["absence_kept_by_desk", "absence_announced", "phrase_added", "noted", "signed_in"]
    assert [event for event, _ in found] == done
    assert dict(found)["noted"] == "SV-2026-0001"
    shown = words_of(browser, PAGE)
    for told in (
        "Aangemeld bij het bureau", "De coördinator schreef een notitie", "Zette een zin bij een onderwerp",
        f"Zette iemand op afwezig: {someone.name}, {someone.organisation}", f'href="{CASE}"', COORDINATOR,
    ):  # fmt: skip
        assert told in shown, told
    assert "Ze bellen terug." not in shown
    assert {each.event for each in audit.deeds(story.db, 10)} <= set(word_tables("nl")["event"])


@pytest.mark.parametrize(("typed", "heading"), [("2", "pagina 2"), ("0", ""), ("²", ""), ("-1", ""), ("99999999", "")])
def test_a_long_list_comes_in_pages(story: Story, browser: TestClient, typed: str, heading: str) -> None:
    sign_in(story, browser)
    with transaction(story.db):
        for _ in range(A_PAGE + 3):
            events.keep(story.db, None, "pool_changed", "coordinator", story.now, "web", "", COORDINATOR)
    shown = words_of(browser, f"{PAGE}?pagina={typed}")
    assert ("<title>Wie deed wat, pagina 2" in shown) == bool(heading)
    assert shown.count('<th scope="row">') == (4 if heading else A_PAGE)
