"""Advisers and initiators in a real browser: by keyboard, at 320 pixels and 200 %, without JavaScript, axe-core."""

from __future__ import annotations

import pytest

from bot.store import absences, cases, lessons, sharing
from bot.store.database import transaction
from bot.story import Story, letter_to
from bot.web.page_words import say
from tests.accepted_cases import case_now
from tests.advisers_at_work import ask, page_in, person
from tests.browser.after_the_answer import until_written
from tests.browser.conftest import Visitor
from tests.browser.keyboard import follows, presses_on, sees, tab_to, types
from tests.mails import INCOMPLETE
from tests.proposed_cases import proposed, the_case
from tests.shared_cases import introduced_case
from tests.web_visits import link_in, only_case

pytestmark = [pytest.mark.needs_browser, pytest.mark.timeout(900)]
TUIN, HOF = "tuin@example.org", "hof@example.org"


def test_an_adviser_decides_on_a_proposal(story: Story, visitor: Visitor) -> None:
    path = link_in(proposed(story))
    assert visitor.faults(path) == []
    visitor.opens(path)
    follows(visitor, "Bevestigen")
    sees(visitor, "Kies eerst wat je wilt.")
    assert the_case(story).state == "proposed", "without a choice nothing is decided"
    follows(visitor, "Wie nog meer?")
    sees(visitor, "Hieronder staan nu ook andere experts.")
    tab_to(visitor, "keuze1")
    visitor.presses("Space")
    follows(visitor, "Bevestigen")
    sees(visitor, "Je hebt ja gezegd.")
    assert the_case(story).state == "accepted"
    assert visitor.faults(path) == [], "a link that was used"


def test_an_adviser_says_no_with_a_reason(story: Story, visitor: Visitor) -> None:
    visitor.opens(link_in(proposed(story)))
    tab_to(visitor, "keuze1")
    visitor.presses("ArrowUp")  # round to the last choice of the group
    assert visitor.does(lambda page: page.locator(":checked[type=radio]").get_attribute("id")) == "nee"
    types(visitor, "reason", "Te ver weg.")
    follows(visitor, "Bevestigen")
    reasons = [row["reason"] for row in story.db.query("SELECT reason FROM proposals ORDER BY id")]
    assert reasons[0] == "Te ver weg."


def test_an_adviser_is_away_and_comes_back_on_the_own_page(story: Story, visitor: Visitor) -> None:
    ask(story)
    adviser = person(story, story.db.execute("SELECT adviser_id FROM proposals").fetchone()[0])
    assert visitor.faults("/adviseur") == []
    visitor.opens("/adviseur")
    types(visitor, "address", adviser.email)
    visitor.presses("Enter")
    sees(visitor, "Kijk in je mailbox")
    until_written(story, adviser.email)
    path = page_in(letter_to(story.go_on(), adviser.email))
    visitor.opens(path)
    follows(visitor, "Bewaar mijn afwezigheid")
    assert "Fout:" in visitor.does(lambda page: page.title()), "what is missing is told in the title too"
    for field, day in (("first", "12122026"), ("last", "01012027")):
        tab_to(visitor, field)
        visitor.presses(*day)
    tab_to(visitor, "substitute")
    visitor.presses("ArrowDown")
    follows(visitor, "Bewaar mijn afwezigheid")
    sees(visitor, "12 december 2026 tot en met 1 januari 2027")
    (kept,) = absences.of_person(story.db, adviser.id, story.now.date())
    assert kept.absence.substitute_id
    assert visitor.faults(path) == []
    follows(visitor, "Dit gaat niet door")
    sees(visitor, "Je hebt geen afwezigheid gemeld.")
    follows(visitor, "Bekijk SV-2026-0001 en beslis")
    sees(visitor, "Past deze expert?")


def test_an_initiator_asks_answers_and_stops_on_the_page(story: Story, visitor: Visitor) -> None:
    for page in ("/", "/vraag", "/vraag?taal=ar"):
        assert visitor.faults(page) == []
    visitor.opens("/vraag")
    types(visitor, "text", INCOMPLETE)
    types(visitor, "name", "Tuingroep")
    follows(visitor, say("nl", "form.send"))
    sees(visitor, say("nl", "talk.heading"))
    path = visitor.does(lambda page: page.url).removeprefix(visitor.address).partition("#")[0]
    story.go_on()
    visitor.opens(path)
    types(visitor, "text", "Wij zitten in Oss. De begroting sluit. Van de provincie vragen we geen geld.")
    follows(visitor, say("nl", "form.send"))
    story.go_on()
    assert only_case(story).state == "proposed"
    visitor.opens(path)
    presses_on(visitor, say("nl", "talk.show_address"))
    assert visitor.does(lambda page: page.locator(".address").is_visible())
    assert visitor.faults(path) == []
    follows(visitor, say("nl", "talk.stop"))
    assert visitor.faults(f"{path}/stoppen") == []
    assert only_case(story).state == "proposed", "looking stops nothing"
    follows(visitor, visitor.does(lambda page: page.locator("main form button").first.inner_text()))
    story.go_on()
    assert only_case(story).state == "withdrawn"


def test_an_initiator_shares_what_was_learned(story: Story, visitor: Visitor) -> None:
    tuin = introduced_case(story, TUIN, name="Buurttuin Zuid")
    hof = introduced_case(story, HOF, name="Het Hof")
    with transaction(story.db):
        sharing.keep(story.db, tuin.reference, tuin.id, True, "coordinator", story.now)
    path = story.wiring.links.sharing(hof.reference).removeprefix(story.wiring.links.base_url.rstrip("/"))
    assert visitor.faults(path) == []
    visitor.opens(path)
    types(visitor, "lesson", "Begin klein.")
    tab_to(visitor, "others-yes")
    visitor.presses("Space")
    follows(visitor, say("nl", "form.save"))
    sees(visitor, say("nl", "sharing.saved"))
    told, lesson = sharing.find(story.db, hof.reference), lessons.told_in(story.db, hof.id)
    assert told is not None
    assert lesson is not None
    assert (told.agreed, lesson.lesson) == (True, "Begin klein.")
    follows(visitor, say("nl", "sharing.meet"))
    sees(visitor, say("nl", "sharing.wished"))
    assert sharing.wishes_of(story.db, hof.id)
    assert visitor.faults(f"{path}?bewaard") == []


def test_a_page_from_right_to_left_has_no_faults_either(story: Story, visitor: Visitor) -> None:
    hof = introduced_case(story, HOF, name="Het Hof", language="ar")
    path = story.wiring.links.sharing(hof.reference).removeprefix(story.wiring.links.base_url.rstrip("/"))
    assert visitor.faults(path) == []
    assert case_now(story, hof).language == "ar"
    assert cases.find(story.db, hof.id) is not None
