"""A case at the desk in a browser without JavaScript: decided, corrected, assigned, closed, written about."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.store import case_notes, cases, corrections, events, pool, proposals, reviews
from bot.story import Story, letter_to
from matcher.proposal import Case
from tests.advisers_at_work import adviser_of, ask, colleague_of, person, templates_to, waiting
from tests.at_the_desk import COORDINATOR, csrf_in, press, sign_in, words_of
from tests.mails import COMPLETE, NOT_CLOSING, SHOP, mail

CASE = "/bureau/dossiers/SV-2026-0001"
HOUSE = "ouders@example.org"


def the_case(story: Story, number: int = 1) -> Case:
    found = cases.find(story.db, number)
    assert found is not None
    return found


def fields_of(page: str, path: str) -> dict[str, str]:
    """What a browser would send of a form: hidden fields, texts and what is chosen."""
    form = re.search(rf'<form[^>]* action="{re.escape(path)}".*?</form>', page, re.DOTALL)
    assert form is not None, path
    found = dict(re.findall(r'<input(?: type="hidden")?(?: id="\w+")? name="(\w+)"[^>]* value="([^"]*)"', form[0]))
    for name, options in re.findall(r'<select id="[\w-]+" name="([\w-]+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in found.items()}


def history(story: Story, number: int = 1) -> list[tuple[str, str, str]]:
    return [(row["event"], row["actor"], row["person"]) for row in events.of_case(story.db, number)]


def test_the_page_shows_all_that_is_known(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    page = words_of(browser, CASE)
    for shown in (
        "SV-2026-0001", SHOP, "Eersel", "Financieringsmodel", "We zoeken iemand die met ons een verdienmodel",
        "Dorpswinkel Vessem", "Waarom anderen niet", "Wacht op de adviseur", adviser_of(story).name,
        "Het initiatief is in Noord-Brabant.", "De vraag kwam binnen", "Voorstel",
    ):  # fmt: skip
        assert shown in page, shown
    assert page.count("<h1") == 1
    assert browser.get("/bureau/dossiers/SV-2026-0999").status_code == 404


def test_markup_in_a_message_is_shown_as_text(story: Story, browser: TestClient) -> None:
    evil = COMPLETE.replace("dorpswinkel", '<script>alert("x")</script>"><img src=x onerror=y> dorpswinkel', 1)
    story.mail_arrives(mail(evil, subject="<b>Let op</b>", now=story.now))
    sign_in(story, browser)
    for path in (CASE, "/bureau/dossiers", "/bureau"):
        page = browser.get(path).text
        assert "<script" not in page
        assert "<img" not in page
        assert "<b>" not in page


def test_a_review_is_decided_once_with_a_reason(story: Story, browser: TestClient) -> None:
    story.mail_arrives(mail(NOT_CLOSING, sender=HOUSE, now=story.now))
    assert the_case(story).state == "review"
    sign_in(story, browser)
    assert "SV-2026-0001" in words_of(browser, "/bureau")
    path = f"{CASE}/toetsing"
    for fields in ({"choice": "yes"}, {"review_reason": "Er is zicht op geld."}, {"choice": "misschien"}):
        assert press(browser, CASE, path, **fields).status_code == 422
    assert the_case(story).state == "review"
    form = {**fields_of(browser.get(CASE).text, path), "choice": "yes", "review_reason": "De gemeente springt bij."}
    assert browser.post(path, data=form).headers["location"] == f"{CASE}?gedaan=review_yes"
    assert the_case(story).state == "proposed"
    assert ("review_decided", "coordinator", COORDINATOR) in history(story)
    late = browser.post(path, data={**form, "review_reason": "Ik had nog een reden."})
    assert (late.status_code, "Je schreef:" in late.text) == (409, True), "the same press once more"
    assert "Ik had nog een reden." in late.text, "where its form is gone, too"
    assert "De gemeente springt bij." in words_of(browser, CASE)


def test_a_review_may_be_refused(story: Story, browser: TestClient) -> None:
    story.mail_arrives(mail(NOT_CLOSING, sender=HOUSE, now=story.now))
    sign_in(story, browser)
    press(browser, CASE, f"{CASE}/toetsing", choice="no", review_reason="Dit is maatwerk van de provincie.")
    assert the_case(story).state == "closed"
    assert reviews.open_of_case(story.db, 1) is None


def test_the_second_of_two_coordinators_is_told(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    mine = fields_of(browser.get(CASE).text, f"{CASE}/sluiten")
    assert press(browser, CASE, f"{CASE}/notitie", note="Ik bel ze morgen.").status_code == 303
    told = browser.post(f"{CASE}/sluiten", data={**mine, "close_reason": "Dubbel."})
    assert told.status_code == 409
    assert "Er is net iets in dit dossier veranderd." in unescape(told.text)
    assert "Dubbel." in unescape(told.text), "what was typed is still there"
    assert the_case(story).state == "proposed"
    again = fields_of(told.text, f"{CASE}/sluiten")
    assert browser.post(f"{CASE}/sluiten", data={**again, "close_reason": "Dubbel."}).status_code == 303
    assert the_case(story).state == "closed"


def test_new_words_of_the_initiator_count_as_a_change(story: Story, browser: TestClient) -> None:
    (sent,) = [one for one in story.mail_arrives(mail(COMPLETE, now=story.now)) if one.recipient == SHOP]
    sign_in(story, browser)
    mine = fields_of(browser.get(CASE).text, f"{CASE}/sluiten")
    story.answer(sent, "We hebben nu ook een pand gevonden.")
    assert browser.post(f"{CASE}/sluiten", data={**mine, "close_reason": "Klaar."}).status_code == 409


def test_a_correction_is_kept_to_learn_from_and_the_case_goes_on(story: Story, browser: TestClient) -> None:
    ask(story)
    before = waiting(story)
    sign_in(story, browser)
    path = f"{CASE}/verbeteren"
    page = browser.get(CASE).text
    form = fields_of(page, path)
    assert (form["municipality"], form["budget"], form["provincial_dependence"]) == ("Eersel", "prospect", "no")
    assert form["need-financing"]
    sentence = form["need-financing"]
    wanted = {**form, "need-financing": "", "need-governance": sentence, "municipality": "Oss", "phase": "2"}
    assert browser.post(path, data=wanted).headers["location"].endswith("gedaan=corrected")
    (kept,) = corrections.of_case(story.db, 1)
    assert (kept.person, kept.before["needs"], kept.after["needs"]) == (COORDINATOR, ["financing"], ["governance"])
    assert kept.after["facts"]["municipality"] == "Oss"
    case = the_case(story)
    assert [need.code for need in case.needs] == ["governance"]
    assert (case.facts.municipality, case.facts.province, case.facts.phase) == ("Oss", "Noord-Brabant", 2)
    assert case.needs[0].evidence in cases.question_of(story.db, 1)
    assert case.state in ("proposed", "unserved")
    assert waiting(story).id != before.id, "another question, another proposal"
    assert ("corrected", "coordinator", COORDINATOR) in history(story)


def test_a_correction_that_changes_nothing_or_is_wrong_is_told(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    path = f"{CASE}/verbeteren"
    form = fields_of(browser.get(CASE).text, path)
    assert browser.post(path, data=form).headers["location"].endswith("gedaan=nothing_new")
    wrong = browser.post(path, data={**form, "municipality": "Nergenshuizen"})
    assert wrong.status_code == 422
    assert 'value="Nergenshuizen"' in wrong.text
    many = {f"need-{topic.code}": "1" for topic in story.wiring.topics}
    assert browser.post(path, data={**form, **many}).status_code == 422
    assert corrections.of_case(story.db, 1) == []


def test_an_expert_is_assigned_by_hand(story: Story, browser: TestClient) -> None:
    ask(story)
    before = waiting(story)
    sign_in(story, browser)
    other = next(row for row in story.db.query("SELECT expert_id FROM ranked WHERE position = 2"))["expert_id"]
    colleague = colleague_of(story, adviser_of(story))
    done = press(browser, CASE, f"{CASE}/toewijzen", expert=other, adviser=colleague.id)
    assert done.headers["location"].endswith("gedaan=assigned")
    now = waiting(story)
    assert (now.expert_id, now.adviser_id) == (other, colleague.id)
    assert [each.state for each in proposals.of_case(story.db, 1)] == ["replaced", "open"]
    story.go_on()
    assert templates_to(story, person(story, before.adviser_id).email)[-1] == "proposal_withdrawn"
    assert templates_to(story, colleague.email)[-1] == "proposal"
    assert ("proposed", "coordinator", COORDINATOR) in history(story)


def test_only_the_adviser_may_change(story: Story, browser: TestClient) -> None:
    ask(story)
    before = waiting(story)
    sign_in(story, browser)
    colleague = colleague_of(story, adviser_of(story))
    done = press(browser, CASE, f"{CASE}/toewijzen", expert=before.expert_id, adviser=colleague.id)
    assert done.headers["location"].endswith("gedaan=passed_on")
    assert (waiting(story).id, waiting(story).adviser_id) == (before.id, colleague.id)
    nothing = press(browser, CASE, f"{CASE}/toewijzen", expert=before.expert_id, adviser="")
    assert nothing.headers["location"].endswith("gedaan=nothing_new")


def test_who_cannot_be_asked_is_not_assigned(story: Story, browser: TestClient) -> None:
    ask(story)
    other = next(one for one in pool.everyone(story.db) if one.role == "expert" and one.id != waiting(story).expert_id)
    story.db.execute("UPDATE experts SET active = 0 WHERE id = ?", [other.id])
    sign_in(story, browser)
    for expert in (other.id, "", "p999"):
        assert press(browser, CASE, f"{CASE}/toewijzen", expert=expert, adviser="").status_code == 422
    told = press(browser, CASE, f"{CASE}/toewijzen", expert=other.id, adviser="")
    assert "doet nu niet mee" in told.text


def test_closing_and_opening_again(story: Story, browser: TestClient) -> None:
    ask(story)
    adviser = adviser_of(story)
    sign_in(story, browser)
    assert press(browser, CASE, f"{CASE}/sluiten").status_code == 422
    press(browser, CASE, f"{CASE}/sluiten", close_reason="Ze vonden zelf iemand.")
    assert the_case(story).state == "closed"
    assert pool.loads(story.db) == {}
    story.go_on()
    assert templates_to(story, adviser.email)[-1] == "proposal_withdrawn"
    assert f'action="{CASE}/sluiten"' not in browser.get(CASE).text
    press(browser, CASE, f"{CASE}/heropenen", reopen_reason="Toch niet.")
    assert the_case(story).state == "proposed"
    assert [note.event for note in case_notes.of_case(story.db, 1)] == ["closed", "reopened"]


def test_a_letter_of_the_coordinator_goes_through_us_and_is_answered(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    for wrong in ("", "x" * 600):
        assert press(browser, CASE, f"{CASE}/brief", letter=wrong).status_code == 422
    press(browser, CASE, f"{CASE}/brief", letter="Goed gesprek gehad.\r\n\r\nWanneer begint de winkel?")
    letter = letter_to(story.go_on(), SHOP)
    assert "Goed gesprek gehad.\n\nWanneer begint de winkel?" in letter.text
    assert COORDINATOR not in letter.raw.decode()
    story.answer(letter, "Na de zomer.")
    assert "Na de zomer." in words_of(browser, CASE)


def test_a_colleague_follows_a_case_and_hears_so(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    assert press(browser, CASE, f"{CASE}/collega", owner="vreemde@example.org").status_code == 422
    press(browser, CASE, f"{CASE}/collega", owner=COORDINATOR, owner_words="Die ken ik.")
    assert case_notes.owner_of(story.db, 1) == COORDINATOR
    assert "Die ken ik." in words_of(browser, CASE)
    assert "SV-2026-0001" in words_of(browser, f"/bureau/dossiers?van={COORDINATOR}")


@pytest.mark.parametrize("act", ["toetsing", "verbeteren", "toewijzen", "sluiten", "heropenen", "collega", "brief"])
def test_looking_changes_nothing_and_every_form_is_guarded(story: Story, browser: TestClient, act: str) -> None:
    ask(story)
    sign_in(story, browser)
    before = browser.get(CASE).text
    assert browser.get(f"{CASE}/{act}").status_code == 405
    assert browser.post(f"{CASE}/{act}", data={"version": "x"}).status_code == 403
    assert browser.post(f"{CASE}/{act}", data={"csrf": csrf_in(before), "version": "x"}).status_code == 409
    assert browser.get(CASE).text == before
