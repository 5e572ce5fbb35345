"""The pages for initiators speak six languages: which one, and that each says everything in it, from its own side."""

import re
from html import unescape
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.letters import LANGUAGES
from bot.reasons import UnknownWord, words
from bot.store import cases
from bot.story import Story, letter_to
from bot.web import conversation
from bot.web.app import Site, make_app
from bot.web.page_words import number, own_names, page_words, preferred, say
from tests.mails import COMPLETE, NOT_CLOSING, SHOP, mail
from tests.page_samples import read_aloud, sample_pages
from tests.web_visits import ask, only_case, press_button, press_in, send, words_of, write_back

OTHERS = [language for language in LANGUAGES if language != "nl"]
QUESTIONS = {
    "nl": "Wij willen in Vessem een dorpswinkel beginnen. Wie helpt ons met een financieel plan en een begroting?",
    "en": "We want to open a village shop in Vessem. We are looking for someone to help us with a financial plan.",
    "pl": "Chcemy otworzyć sklep wiejski w Vessem. Szukamy kogoś, kto pomoże nam przygotować plan finansowy i budżet.",
    "tr": "Vessem'de bir köy dükkanı açmak istiyoruz. Mali plan ve bütçe hazırlamamıza yardım edecek birini arıyoruz.",
    "ar": "نريد أن نفتح متجرًا في قريتنا فيسيم. نبحث عن شخص يساعدنا في إعداد خطة مالية وميزانية للمتجر.",
    "uk": "Ми хочемо відкрити сільську крамницю у Vessem. Шукаємо людину, яка допоможе скласти фінансовий план.",
}
# Letters outside the braces of a template that are the same in every language.
SAME_EVERYWHERE = {"Mix", "Match", "Versterken", "Sociale", "Veerkracht", "Noord", "Brabant", "amp"}
MARKS = {"doctype", "html", "aria", "describedby", "invalid"}
FOR_INITIATORS = ("page", "_form", "_languages", "ask", "conversation", "sharing", "stop", "decide_consent", "message")
DUTCH = re.compile(r"\b(?:het|een|niet|jouw|wij|naar|vraag|bericht|gegevens|hier|kunnen|geef|schrijf)\b", re.IGNORECASE)


@pytest.fixture
def site(story: Story) -> Site:
    made: Site = make_app(story.wiring, story.shelf, lambda: story.now).state.site
    return made


def filled_in(told: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", told))


def opening(language: str) -> str:
    return f'<html lang="{language}"' + (' dir="rtl">' if language == "ar" else ">")


# Nothing is left in another language


@pytest.mark.parametrize("name", FOR_INITIATORS)
def test_no_words_stand_in_a_template_itself(name: str) -> None:
    source = files("bot.web").joinpath(f"templates/{name}.html.j2").read_text(encoding="utf-8")
    spoken = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
    without = re.sub(r"<[^>]*>", " ", re.sub(r'="[^"]*"', "", spoken))
    assert set(re.findall(r"[^\W\d_]+", without)) <= SAME_EVERYWHERE | MARKS
    assert not re.search(r'(?:aria-label|title|placeholder|alt)="[^"{]', source)


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_says_everything_in_its_own_language(site: Site, language: str) -> None:
    dutch = {words for table in page_words("nl").values() for words in table.values() if "{" not in words}
    own = {words for table in page_words(language).values() for words in table.values()}
    for name, page in sample_pages(site, language).items():
        told = unescape(read_aloud(page))
        assert opening(language) in page
        assert not [words for words in dutch - own if len(words) > 3 and words in told], name
        assert not DUTCH.findall(told), name
        assert say(language, "page.footer") in told


def test_the_words_of_pages_are_complete_in_every_language() -> None:
    dutch = page_words("nl")
    for language in LANGUAGES:
        tables = page_words(language)
        assert {name: list(table) for name, table in tables.items()} == {name: list(dutch[name]) for name in dutch}
        for name, table in tables.items():
            for key, told in table.items():
                assert told, f"{language} {name}.{key}"
                assert told.strip() == told or key == "thousands", f"{language} {name}.{key}"
                assert filled_in(told) == filled_in(dutch[name][key]), f"{language} {name}.{key}"
    with pytest.raises(UnknownWord):
        page_words("de")
    with pytest.raises(UnknownWord, match=r"ask\.nothing"):
        say("nl", "ask.nothing")


def test_every_word_of_the_catalogue_is_used() -> None:
    sources = [each.read_text(encoding="utf-8") for each in files("bot.web").joinpath("templates").iterdir()]
    sources += [each.read_text(encoding="utf-8") for each in files("bot.web").iterdir() if each.name.endswith(".py")]
    known = " ".join(sources)
    for table, keys in page_words("nl").items():
        for key in keys:
            by_name = rf'"{key.removesuffix("_title")}"'
            assert f"{table}.{key}" in known or f'"{key}"' in known or by_name in known, f"{table}.{key}"


def test_what_a_button_says_is_what_the_reader_understands() -> None:
    assert page_words("nl")["wish"] == conversation.WISHES


# Which language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", ""),
        ("pl", "pl"),
        ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("de-DE,de;q=0.9,en;q=0.5,nl;q=0.7", "nl"),
        ("en;q=0, uk", "uk"),
        ("AR-eg", "ar"),
        ("de,fr", ""),
        ("tr;q=1.0,nl;q=1", "tr"),
        ("nl;q=high, en;q=0.1", "en"),
        ("*", ""),
        (",;q=,;;", ""),
    ],
)
def test_the_browser_tells_which_language_is_wanted_most(header: str, language: str) -> None:
    assert preferred(header) == language


@given(st.text(max_size=200))
def test_any_header_is_read(header: str) -> None:
    assert preferred(header) in {"", *LANGUAGES}


def test_dutch_unless_the_browser_or_the_visitor_says_otherwise(browser: TestClient) -> None:
    assert opening("nl") in browser.get("/vraag").text
    assert opening("pl") in browser.get("/vraag", headers={"accept-language": "pl"}).text
    assert opening("tr") in browser.get("/vraag?taal=tr", headers={"accept-language": "pl"}).text
    for strange in ("de", "xx'", "../en", ""):
        assert opening("nl") in browser.get("/vraag", params={"taal": strange}).text


def test_every_language_can_be_chosen_with_a_link(browser: TestClient) -> None:
    page = browser.get("/vraag?taal=ar").text
    for language, name in own_names().items():
        assert f'href="/vraag?taal={language}" lang="{language}"' in page
        assert f">{name}</a>" in page
        assert f'href="/vraag?taal={language}"' in browser.get("/").text
    assert page.count("aria-current") == 1
    assert "<script" not in page
    assert "aria-current" not in browser.get("/").text


def test_a_wrong_form_comes_back_in_the_chosen_language(browser: TestClient) -> None:
    press = press_in(browser.get("/vraag?taal=pl").text)
    answer = send(browser, "/vraag?taal=pl", {"press": press, "text": "a" * 20_001})
    assert answer.status_code == 422
    assert "20 001" in answer.text
    assert 'action="/vraag?taal=pl"' in answer.text
    assert f"<title>{say('pl', 'form.error')} " in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation_is_held_in_the_language_of_the_writer(story: Story, browser: TestClient, language: str) -> None:
    path = ask(browser, QUESTIONS[language])
    english = {"accept-language": "en"}
    assert say("en", "talk.answer_soon") in browser.get(path, headers=english).text
    assert say(language, "talk.answer_soon") in unescape(browser.get(f"{path}?taal={language}").text)
    story.go_on()
    assert only_case(story).language == language
    page = browser.get(f"{path}?taal=nl", headers=english).text
    assert opening(language) in page
    assert say(language, "talk.write_back") in unescape(page)
    assert words("month", 11, language) in page
    assert say(language, "stop.yes") in words_of(browser, f"{path}/stoppen")
    press_button(browser, path, "stoppen")
    assert say(language, "wish.stoppen") in words_of(browser, path)
    story.go_on()
    assert only_case(story).state == "withdrawn"
    assert words("status", "withdrawn", language) in words_of(browser, path)


def test_a_chosen_language_goes_along_to_the_conversation(browser: TestClient) -> None:
    press = press_in(browser.get("/vraag").text)
    answer = send(browser, "/vraag?taal=uk", {"press": press, "text": COMPLETE})
    assert answer.headers["location"].endswith("?taal=uk")
    page = browser.get(answer.headers["location"]).text
    assert opening("uk") in page
    assert '?taal=uk#laatste"' in page


def test_a_language_without_pages_gets_what_the_browser_wants(story: Story, browser: TestClient) -> None:
    path = ask(browser, "Wir möchten in unserem Dorf Vessem einen Laden eröffnen und suchen Hilfe beim Finanzplan.")
    story.go_on()
    assert opening("nl") in browser.get(path).text
    assert opening("en") in browser.get(path, headers={"accept-language": "de,en;q=0.5"}).text


def test_who_asks_something_that_is_not_ours_is_answered_in_the_same_language(
    story: Story, browser: TestClient
) -> None:
    path = ask(browser, "My passport has expired. Where can I get a new passport? I live in Oss.")
    story.go_on()
    assert not cases.newest(story.db, 1)
    assert opening("en") in browser.get(path).text


def test_what_cannot_be_done_is_told_in_the_language_of_the_browser(browser: TestClient) -> None:
    polish = {"accept-language": "pl"}
    for answer in (
        browser.get("/gesprek/niets", headers=polish),
        browser.post("/vraag", headers={**polish, "sec-fetch-site": "cross-site"}),
        browser.delete("/vraag", headers=polish),
        browser.post("/vraag", headers={**polish, "content-length": "999999999"}),
        browser.get("/besluit/niets", headers=polish),
    ):
        assert opening("pl") in answer.text
        assert not DUTCH.findall(read_aloud(answer.text))
    for path in ("/adviseur", "/adviseur/niets", "/niets", "/"):
        assert opening("nl") in browser.get(path, headers=polish).text


def test_consent_is_asked_in_the_language_of_the_case_and_decisions_in_dutch(story: Story, browser: TestClient) -> None:
    english = {"accept-language": "en"}
    sent = story.mail_arrives(mail(COMPLETE, now=story.now))
    (case,) = cases.of_initiator(story.db, SHOP)
    proposal = next(letter for letter in sent if letter.subject.startswith("Voorstel"))
    page = re.search(r"(/besluit/[\w.=-]+)", proposal.text)
    assert page is not None
    assert opening("nl") in browser.get(page[1], headers=english).text
    story.db.execute("UPDATE cases SET language = 'ar' WHERE id = ?", [case.id])
    story.db.conn.commit()
    assert opening("nl") in browser.post(page[1], data={"choice": "yes"}, headers=english).text
    consent = re.search(r"(/besluit/[\w.=-]+)", letter_to(story.go_on(), SHOP).text)
    assert consent is not None
    for answer in (browser.get(consent[1]), browser.post(consent[1], data={})):
        assert opening("ar") in answer.text
        assert say("ar", "consent.heading") in answer.text
        assert not DUTCH.findall(read_aloud(answer.text))
    assert say("ar", "consent.choose") in browser.post(consent[1], data={}).text
    told = browser.post(consent[1], data={"choice": "no"}).text
    assert opening("ar") in told
    assert say("ar", "decided.consent_refused") in told
    assert say("ar", "decided.already_decided") in browser.get(consent[1], headers=english).text


def test_who_decides_sees_the_own_words_and_their_language(story: Story, browser: TestClient) -> None:
    path = ask(browser, QUESTIONS["pl"] + " Budżet się zamyka. Nie potrzebujemy dotacji od prowincji.")
    sent = story.go_on()
    if only_case(story).state == "asking":
        write_back(browser, path, "Tak, zgadza się.")
        sent = story.go_on()
    proposal = next(letter for letter in sent if letter.subject.startswith("Voorstel"))
    quoted = only_case(story).needs[0].evidence
    assert "Taal: Pools. De zinnen uit het bericht staan in die taal." in proposal.text
    assert quoted in proposal.text
    page = re.search(r"(/besluit/[\w.=-]+)", proposal.text)
    assert page is not None
    shown = browser.get(page[1], headers={"accept-language": "pl"}).text
    assert opening("nl") in shown
    assert "<dd>Pools. De zinnen uit het bericht staan in die taal.</dd>" in shown
    assert f'“<bdi lang="pl">{quoted}</bdi>”' in unescape(shown)


def test_a_coordinator_reads_dutch(story: Story, browser: TestClient) -> None:
    sent = story.mail_arrives(mail(NOT_CLOSING, now=story.now))
    review = next(letter for letter in sent if "besluit" in letter.subject)
    page = re.search(r"(/besluit/[\w.=-]+)", review.text)
    assert page is not None
    assert opening("nl") in browser.get(page[1], headers={"accept-language": "pl"}).text


def test_thousands_stand_apart_as_people_write_them() -> None:
    assert [number(language, 20001) for language in ("nl", "en", "pl")] == ["20.001", "20,001", "20 001"]
