"""A question asked on the web page, without mail, chat or JavaScript: the engine of every channel answers it."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.channels.local_box import KeptLetter
from bot.settings import Programme
from bot.store import cases, letters
from bot.story import Story, letter_to
from tests.accepted_cases import accepted_case, case_now
from tests.mails import COMPLETE, INCOMPLETE, NOT_CLOSING
from tests.sheet_builders import xlsx
from tests.web_visits import ask, only_case, press_button, words_of, write_back

BUDGET = xlsx(
    [
        ["Begroting", ""],
        ["Inkomsten", ""],
        ["Contributie", 8000],
        ["Totaal inkomsten", 8000],
        ["Kosten", ""],
        ["Huur", 20000],
        ["Totaal kosten", 20000],
    ]
)
POLISH = "Chcemy otworzyć sklep wiejski w Vessem. Szukamy kogoś, kto pomoże nam przygotować plan finansowy i budżet."
ARABIC = "نريد أن نفتح متجرًا في قريتنا فيسيم. نبحث عن شخص يساعدنا في إعداد خطة مالية وميزانية للمتجر."


def accepted(story: Story, browser: TestClient, sent: list[KeptLetter]) -> None:
    proposal = next(letter for letter in sent if letter.subject.startswith("Voorstel"))
    story.answer(proposal, "Ja")
    assert only_case(story).state == "accepted"


def test_a_question_is_asked_back_answered_told_and_stopped(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE, "Tuingroep")
    waiting = browser.get(path).text
    assert 'http-equiv="refresh" content="3"' in waiting
    assert "We lezen je bericht" in waiting
    assert 'name="text"' not in waiting  # a page that reloads by itself must not take away what somebody types
    story.go_on()
    asked = words_of(browser, path)
    assert "http-equiv" not in asked
    assert "Hallo Tuingroep" in asked
    assert "We wachten op jouw antwoord op onze vragen." in asked
    assert "Hebben we je goed begrepen?" in asked
    write_back(browser, path, "Wij zitten in Oss. De begroting sluit. Van de provincie vragen we geen geld.")
    story.go_on()
    assert only_case(story).state == "proposed"
    assert only_case(story).facts.municipality == "Oss"
    assert "Een adviseur kijkt welke expert bij je past." in words_of(browser, path)
    assert press_button(browser, path, "status").status_code == 303
    story.go_on()
    assert "Zo staat het met je vraag" in words_of(browser, path)
    assert "Wil je stoppen met je vraag?" in browser.get(f"{path}/stoppen").text
    assert only_case(story).state == "proposed"
    press_button(browser, path, "stoppen")
    story.go_on()
    assert only_case(story).state == "withdrawn"
    told = words_of(browser, path)
    assert "Je vraag is gestopt." in told
    assert "Stoppen met mijn vraag" not in told


def test_what_was_asked_first_still_counts_after_an_answer(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE)
    story.go_on()
    write_back(browser, path, "Wij zitten in Oss.")
    story.go_on()
    question = cases.question_of(story.db, only_case(story).id)
    assert "gesprek met de buurt" in question
    assert "Oss" in question


def test_the_whole_conversation_stands_in_order_and_stays(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE)
    story.go_on()
    write_back(browser, path, "Wij zitten in Oss.")
    story.go_on()
    for _ in range(2):
        page = words_of(browser, path)
        places = [
            page.index(words) for words in ("Met een paar buren", "Hebben we je goed begrepen?", "Wij zitten in Oss.")
        ]
        assert places == sorted(places)
    states = {letter.state for letter in letters.of_case(story.db, only_case(story).id) if letter.channel == "web"}
    assert states == {"sent"}


def test_letters_count_as_sent_only_when_the_page_showed_them(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE)
    story.go_on()
    (letter,) = letters.of_case(story.db, only_case(story).id)
    assert (letter.channel, letter.state, letter.reply_token) == ("web", "waiting", None)
    browser.get(path)
    (letter,) = letters.of_case(story.db, only_case(story).id)
    assert letter.state == "sent"


def test_the_begroting_is_read(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE, file=("Onze <begroting>.xlsx", BUDGET))
    assert "begroting_.xlsx" in browser.get(path).text
    story.go_on()
    sheet = only_case(story).facts.sheet
    assert sheet is not None
    assert only_case(story).facts.budget == "not_closing"
    assert "begroting_.xlsx" in browser.get(path).text


def test_a_begroting_without_words_answers_too(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE)
    story.go_on()
    write_back(browser, path, "", ("begroting.xlsx", BUDGET))
    story.go_on()
    assert only_case(story).facts.sheet is not None


@pytest.mark.parametrize(("text", "language", "direction"), [(POLISH, "pl", "ltr"), (ARABIC, "ar", "rtl")])
def test_words_in_another_language_say_so(
    story: Story, browser: TestClient, text: str, language: str, direction: str
) -> None:
    path = ask(browser, text)
    story.go_on()
    page = browser.get(path).text
    assert f'<div class="said" lang="{language}" dir="{direction}">' in page
    assert f'<h3 lang="{language}"' in page
    assert f'<strong lang="{language}">' in page
    assert '<div class="said" dir="auto">' in page
    assert "style=" not in page


def test_another_language_than_ours_gets_dutch_and_english(story: Story, browser: TestClient) -> None:
    german = "Wir möchten in unserem Dorf Vessem einen Laden eröffnen und suchen Hilfe bei unserem Finanzplan."
    path = ask(browser, german)
    story.go_on()
    page = browser.get(path).text
    assert '<div class="said" lang="nl" dir="ltr">' in page
    assert '<div class="said" lang="en" dir="ltr">' in page


def test_who_agrees_with_a_number_is_introduced_with_it(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE, "Werkgroep winkel")
    accepted(story, browser, story.go_on())
    assert "Mogen we je gegevens aan de expert geven?" in browser.get(path).text
    wrong = press_button(browser, path, "toestemming", choice="yes", contact="bel maar")
    assert wrong.status_code == 422
    assert 'value="bel maar"' in wrong.text
    assert "Fout: " in press_button(browser, path, "toestemming", contact="06 12345678").text
    assert only_case(story).state == "accepted"
    press_button(browser, path, "toestemming", choice="yes", contact=" 06 - 12 34 56 78 ")
    case = only_case(story)
    assert (case.state, case.consent, case.contact) == ("introduced", True, "06 - 12 34 56 78")
    sent = story.go_on()
    introduction = next(letter for letter in sent if letter.subject.startswith("Wil je dit initiatief helpen"))
    assert "06 - 12 34 56 78" in introduction.text
    assert "Werkgroep winkel" in introduction.text
    assert "web:" not in introduction.text
    assert "Maak kennis met een expert" in words_of(browser, path)


def test_a_yes_counts_for_the_case_of_its_form_alone(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE)
    accepted(story, browser, story.go_on())
    first = only_case(story)
    second = accepted_case(story, first.initiator, "web")
    stranger = accepted_case(story, "iemand@example.org", "mail")
    for wrong in ("", stranger.reference, "SV-2026-9999"):
        press_button(browser, path, "toestemming", case=wrong, choice="yes")
        assert [case_now(story, each).state for each in (first, second, stranger)] == ["accepted"] * 3
    assert f"<p>Dossier {first.reference}</p>" in words_of(browser, path), "the one that waits longest comes first"
    assert press_button(browser, path, "toestemming", case=second.reference).status_code == 422
    press_button(browser, path, "toestemming", choice="yes")
    assert [case_now(story, each).consent for each in (first, second)] == [True, None]
    press_button(browser, path, "toestemming", choice="no")
    assert [case_now(story, each).consent for each in (first, second, stranger)] == [True, False, None]


def test_who_agrees_without_an_address_can_give_it_later(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE)
    accepted(story, browser, story.go_on())
    press_button(browser, path, "toestemming", choice="yes")
    introduction = next(letter for letter in story.go_on() if letter.subject.startswith("Wil je dit initiatief"))
    assert "geeft berichten aan de initiatiefnemer door" in introduction.text
    assert "De expert kan je nog niet bereiken" in words_of(browser, path)
    assert press_button(browser, path, "bereikbaar", contact="niets").status_code == 422
    for _ in range(2):
        assert press_button(browser, path, "bereikbaar", contact="tuin@example.org").status_code == 303
    (told,) = story.go_on()
    assert told.recipient == introduction.recipient
    assert "tuin@example.org" in told.text
    assert "tuin@example.org" in browser.get(path).text


def test_who_refuses_shares_nothing(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE, "Werkgroep winkel")
    accepted(story, browser, story.go_on())
    press_button(browser, path, "toestemming", choice="no", contact="tuin@example.org")
    sent = story.go_on()
    assert (only_case(story).state, only_case(story).consent) == ("introduced", False)
    press_button(browser, path, "bereikbaar", contact="tuin@example.org")
    for letter in [*sent, *story.go_on()]:
        assert "tuin@example.org" not in letter.text
        assert "Werkgroep winkel" not in letter.text


def test_the_coordinator_hears_how_to_reach_somebody_under_review(story: Story, browser: TestClient) -> None:
    path = ask(browser, NOT_CLOSING)
    coordinator = Programme().coordinator
    assert "nog zonder mailadres" in letter_to(story.go_on(), coordinator).text
    press_button(browser, path, "bereikbaar", contact="0492 12 34 56")
    assert "0492 12 34 56" in letter_to(story.go_on(), coordinator).text


def test_own_data_are_shown(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE)
    story.go_on()
    press_button(browser, path, "gegevens")
    story.go_on()
    assert "Dit bewaren we van je" in words_of(browser, path)


def test_a_message_that_cannot_be_read_is_told(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE)
    story.db.execute("UPDATE messages SET raw = x'7b', state = 'quarantined'")
    page = browser.get(path).text
    assert "De computer kon dit bericht niet lezen. Een mens kijkt ernaar." in page
    assert "http-equiv" not in page


def test_a_page_that_waits_long_stops_reloading(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE)
    story.later(timedelta(minutes=3))
    page = browser.get(path).text
    assert "http-equiv" not in page
    assert "Lezen duurt langer dan anders" in page
    assert 'name="text"' in page
