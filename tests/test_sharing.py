"""Initiatives that share a question find each other: only who agreed is named, and a wish to meet reaches a person."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.coordinator.portfolio import portfolio
from bot.initiator.sharing import alike_facts, wish_to_meet
from bot.letters import LANGUAGES
from bot.links import Links
from bot.store import cases, events, instruments, lessons, proposals, scrubbing, sharing
from bot.store.database import transaction
from bot.store.scrubbing import STAND_IN, Scope
from bot.story import Story, letter_to
from bot.web.page_words import say
from bot.web.sharing import LONGEST_LESSON
from tests.accepted_cases import case_now, turn_of
from tests.mails import COMPLETE, mail
from tests.shared_cases import introduced_case

TUIN, HOF = "tuin@example.org", "hof@example.org"


def agree(story: Story, code: str, case_id: int | None = None, said: bool = True) -> None:
    with transaction(story.db):
        sharing.keep(story.db, code, case_id, said, "coordinator", story.now)


def path_of(story: Story, reference: str) -> str:
    return story.wiring.links.sharing(reference).removeprefix(story.wiring.links.base_url.rstrip("/"))


def names(story: Story, case_id: int, *, agreed_only: bool) -> list[str]:
    case = cases.find(story.db, case_id)
    assert case is not None
    return [each["name"] for each in alike_facts(story.db, story.wiring, case, agreed_only=agreed_only)]


def test_the_portfolio_is_what_ships_and_the_cases_that_agreed(story: Story) -> None:
    shipped = story.wiring.initiatives
    tuin = introduced_case(story, TUIN, name="Buurttuin Zuid")
    assert [each.initiative.code for each in portfolio(story.db, shipped)] == [each.code for each in shipped]
    agree(story, tuin.reference, tuin.id)
    (entry,) = portfolio(story.db, shipped)[len(shipped) :]
    assert (entry.initiative.name, entry.initiative.phases, entry.agreed) == ("Buurttuin Zuid", (3,), True)
    assert entry.initiative.question == ""  # never a word that somebody wrote
    story.db.execute("UPDATE cases SET state = 'withdrawn' WHERE id = ?", [tuin.id])
    assert len(portfolio(story.db, shipped)) == len(shipped)


def test_an_initiator_hears_only_of_who_agreed_and_an_adviser_of_the_public_portfolio_too(story: Story) -> None:
    tuin = introduced_case(story, TUIN, name="Buurttuin Zuid")
    hof = introduced_case(story, HOF, name="Het Hof")
    assert names(story, hof.id, agreed_only=True) == []
    assert len(names(story, hof.id, agreed_only=False)) == 3
    assert "Buurttuin Zuid" not in names(story, hof.id, agreed_only=False)  # a case is named by its own yes only
    agree(story, tuin.reference, tuin.id)
    assert names(story, hof.id, agreed_only=True) == ["Buurttuin Zuid"]
    assert names(story, hof.id, agreed_only=False)[0] == "Buurttuin Zuid"
    assert names(story, tuin.id, agreed_only=True) == []  # nobody is like itself


def test_who_refused_is_named_to_nobody(story: Story) -> None:
    hof = introduced_case(story, HOF)
    first = names(story, hof.id, agreed_only=False)[0]
    code = next(each.code for each in story.wiring.initiatives if each.name == first)
    agree(story, code, said=False)
    assert first not in names(story, hof.id, agreed_only=False)


def test_the_letters_name_them(story: Story) -> None:
    tuin = introduced_case(story, TUIN, name="Buurttuin Zuid")
    introduced_case(story, HOF, name="Het Hof")
    to_hof = letter_to(story.go_on(), HOF)
    assert "Anderen met een vraag" not in to_hof.text
    agree(story, tuin.reference, tuin.id)
    introduced_case(story, "plein@example.org")
    letters = [each for each in story.go_on() if each.recipient == "plein@example.org"]
    told = next(each.text for each in letters if "Anderen met een vraag" in each.text)
    assert "Buurttuin Zuid (Oss)" in told
    assert "/delen/" in told
    proposal = next(each for each in story.mail_arrives(mail(COMPLETE, now=story.now)) if "Voorstel" in each.subject)
    assert "Wie heeft een vraag als deze?" in proposal.text
    assert TUIN not in proposal.text


def test_a_wish_to_meet_reaches_the_adviser_once(story: Story) -> None:
    tuin, hof = introduced_case(story, TUIN, name="Buurttuin Zuid"), introduced_case(story, HOF, name="Het Hof")
    agree(story, tuin.reference, tuin.id)
    story.go_on()
    accepted = proposals.accepted_of_case(story.db, hof.id)
    assert accepted is not None
    adviser = turn_of(story, "x").person(accepted.adviser_id)
    for press in range(2):
        with transaction(story.db):
            assert wish_to_meet(turn_of(story, f"wish:{press}"), hof, tuin.reference)
            assert not wish_to_meet(turn_of(story, f"other:{press}"), hof, "slowcare")
    (letter,) = story.go_on()
    assert letter.recipient == adviser.email
    assert "Buurttuin Zuid" in letter.text
    assert TUIN not in letter.text
    assert [row["event"] for row in events.of_case(story.db, hof.id)].count("contact_wished") == 1


def test_without_an_adviser_the_coordinator_hears_of_the_wish(story: Story) -> None:
    tuin, hof = introduced_case(story, TUIN, name="Buurttuin Zuid"), introduced_case(story, HOF)
    agree(story, tuin.reference, tuin.id)
    story.go_on()
    story.db.execute("UPDATE proposals SET state = 'replaced' WHERE case_id = ?", [hof.id])
    with transaction(story.db):
        wish_to_meet(turn_of(story, "wish"), hof, tuin.reference)
    assert letter_to(story.go_on(), story.wiring.settings.programme.coordinator)


def test_an_adviser_who_left_hears_of_no_wish(story: Story) -> None:
    tuin, hof = introduced_case(story, TUIN, name="Buurttuin Zuid"), introduced_case(story, HOF)
    agree(story, tuin.reference, tuin.id)
    story.go_on()
    accepted = proposals.accepted_of_case(story.db, hof.id)
    assert accepted is not None
    story.db.execute("UPDATE experts SET active = 0 WHERE id = ?", [accepted.adviser_id])
    with transaction(story.db):
        wish_to_meet(turn_of(story, "wish"), hof, tuin.reference)
    (letter,) = story.go_on()
    assert letter.recipient == story.wiring.settings.programme.coordinator


# The initiator's page


def test_what_is_filled_in_is_kept_and_shown_again(story: Story, browser: TestClient) -> None:
    hof = introduced_case(story, HOF, name="Het Hof")
    path = path_of(story, hof.reference)
    recommended = instruments.recommended_in(story.db, hof.id)
    assert recommended
    before = browser.get(path)
    assert before.status_code == 200
    fields = {"lesson": "Begin klein.\r\nVraag hulp.", "others": "yes", f"help_{recommended[0].instrument}": "partly"}
    answer = browser.post(path, data=fields)
    assert answer.headers["location"] == f"{path}?bewaard"
    page = unescape(browser.get(answer.headers["location"]).text)
    assert say("nl", "sharing.saved") in page
    assert "Begin klein.\nVraag hulp.</textarea>" in page
    told, lesson = sharing.find(story.db, hof.reference), lessons.told_in(story.db, hof.id)
    assert told is not None
    assert (told.agreed, told.told_by, told.case_id) == (True, "initiator", hof.id)
    assert lesson is not None
    assert (lesson.state, lesson.initiative, lesson.needs) == ("waiting", "Het Hof", ("financing",))
    assert instruments.recommended_in(story.db, hof.id)[0].helped == "partly"
    browser.post(
        path, data={"others": "no", "lesson": "", "help_other": "yes", f"help_{recommended[0].instrument}": "x"}
    )
    again = sharing.find(story.db, hof.reference)
    assert again is not None
    assert not again.agreed
    assert lessons.told_in(story.db, hof.id) == lesson  # what is left open stays
    assert instruments.recommended_in(story.db, hof.id)[0].helped == "partly"


def test_a_lesson_told_again_waits_again(story: Story, browser: TestClient) -> None:
    hof = introduced_case(story, HOF)
    path = path_of(story, hof.reference)
    browser.post(path, data={"lesson": "Begin klein."})
    (first,) = lessons.with_state(story.db, "waiting")
    with transaction(story.db):
        assert lessons.settle(story.db, first.id, "shared")
    browser.post(path, data={"lesson": "Begin klein."})
    assert lessons.with_state(story.db, "waiting") == []
    browser.post(path, data={"lesson": "Begin groot."})
    (second,) = lessons.with_state(story.db, "waiting")
    assert (second.id, second.lesson) == (first.id, "Begin groot.")


def test_too_much_or_from_elsewhere_changes_nothing(story: Story, browser: TestClient) -> None:
    hof = introduced_case(story, HOF)
    path = path_of(story, hof.reference)
    answer = browser.post(path, data={"lesson": "a" * (LONGEST_LESSON + 1), "others": "yes"})
    assert answer.status_code == 422
    assert "2.001" in answer.text
    assert (
        browser.post(path, data={"others": "yes"}, headers={"origin": "https://elders.example.org"}).status_code == 403
    )
    assert sharing.find(story.db, hof.reference) is None


def test_the_button_to_meet_works_and_is_then_gone(story: Story, browser: TestClient) -> None:
    tuin, hof = introduced_case(story, TUIN, name="Buurttuin <b>"), introduced_case(story, HOF)
    agree(story, tuin.reference, tuin.id)
    path = path_of(story, hof.reference)
    assert f'action="{path}/contact"' in browser.get(path).text
    assert "<b>" not in browser.get(path).text
    browser.post(f"{path}/contact", data={"code": tuin.reference})
    page = browser.get(path).text
    assert f'action="{path}/contact"' not in page
    assert say("nl", "sharing.wished") in unescape(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_case(story: Story, browser: TestClient, language: str) -> None:
    hof = introduced_case(story, HOF, language=language)
    page = browser.get(path_of(story, hof.reference)).text
    assert f'<html lang="{language}"' in page
    for key in ("title", "intro", "lesson_hint", "others_hint", "others_yes"):
        assert say(language, f"sharing.{key}") in unescape(page)
    assert len(re.findall("<h1", page)) == 1


@settings(deadline=None)
@given(st.text(max_size=60))
def test_a_link_that_was_not_signed_opens_nothing(told: str) -> None:
    links = Links("https://example.org", b"k" * 32, timedelta(days=1))
    good = links.sharing("SV-2026-0001").rpartition("/")[2]
    assert links.sharing_reference_in(good) == "SV-2026-0001"
    assert links.sharing_reference_in(told) is None
    assert links.secret_in(good) is None
    assert links.sharing_reference_in(links.decision("SV-2026-0001").rpartition("/")[2]) is None


def test_a_wrong_link_and_an_erased_case_are_not_found(story: Story, browser: TestClient) -> None:
    hof = introduced_case(story, HOF, name="Het Hof")
    path = path_of(story, hof.reference)
    browser.post(path, data={"lesson": "Begin klein.", "others": "yes"})
    assert browser.get(path[:-1]).status_code == 404
    assert browser.get("/delen/niets").status_code == 404
    with transaction(story.db):
        scope = Scope(addresses=(HOF,), cases=(hof.id,), references=(hof.reference,))
        scrubbing.scrub(story.db, scope, f"{STAND_IN}1", story.now)
    assert browser.get(path).status_code == 404
    assert browser.post(path, data={"others": "yes"}).status_code == 404
    assert lessons.told_in(story.db, hof.id) is None
    assert sharing.find(story.db, hof.reference) is None
    assert case_now(story, hof).facts.initiative is None
