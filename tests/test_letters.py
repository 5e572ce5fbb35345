"""Letters: every fact that is asked for is used, HTML says what the text says, and no fact can do harm in one."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError, meta, nodes

from bot import letters
from bot.letter_facts import FOR_INITIATORS
from bot.letter_sample_facts import NEEDS, SAMPLE
from bot.letter_samples import TOKEN, VARIANTS, write_sample
from bot.letters import LANGUAGES, TEMPLATES, Letter, MissingFact, UnknownLetter, write_letter

GIVEN_BY_ITSELF = {"language", "reply_token", *letters.OPTIONAL}
HOSTILE = (
    "<script>alert(1)</script>\r\nBcc: all@example.org\r\n\r\n- **vet** [klik](https://evil.example/x) \u202egnp.exe"
    " \x00\x07\ue000x\ue002 \U000f0000 www.evil.com javascript:alert(1) '\"><img src=x onerror=y> {{ 7 * 7 }} & \ud800"
)
FREE_TEXTS = re.compile(
    r"(adviser_name|description|evidence|expert_name|gone|initiative|initiator_name|labels?|municipality|name|own_words|profile"
    r"|province|reason|reference|sender_name|subject_line|week|\w*organisation|\w*_email)"
)
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
TRANSLATIONS = tuple(language for language in LANGUAGES if language != "nl")
EVERY_LETTER = [(template, "nl") for template in TEMPLATES] + [
    (template, language) for language in TRANSLATIONS for template in FOR_INITIATORS
]


class _Reader(HTMLParser):
    """Reads the HTML of a letter back as the plain text it should equal."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.links, self.tags = "", list[str](), list[str]()
        self._href, self._in_body = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self._in_body = self._in_body or tag == "body"
        if tag == "li":
            self.text += f" {values['value']}. " if "value" in values else " - "
        if tag == "a":
            self._href = values["href"] or ""
            self.links.append(self._href)
        if tag == "hr":
            self.text += " * * * "

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and not self._href.startswith("mailto:"):
            self.text += f": {self._href}"

    def handle_data(self, data: str) -> None:
        self.text += data if self._in_body else ""


def read_html(letter: Letter) -> _Reader:
    reader = _Reader()
    reader.feed(letter.html)
    reader.close()
    return reader


def same_words(text: str) -> str:
    return " ".join(text.split())


def harmful(value: Any, name: str = "") -> Any:
    """A fact with every free text in it replaced by a hostile one."""
    if isinstance(value, Mapping):
        return {key: harmful(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [harmful(item, name) for item in value]
    return HOSTILE if FREE_TEXTS.fullmatch(name) and isinstance(value, str) else value


def templates_in(folder: str) -> set[str]:
    names = {item.name.removesuffix(".txt.j2") for item in (files("bot.texts") / folder).iterdir()}
    return {name for name in names if not name.startswith("_")}


def facts_used(path: str) -> Iterator[str]:
    source = (files("bot.texts") / path).read_text(encoding="utf-8")
    tree = letters._environment().parse(source)
    yield from meta.find_undeclared_variables(tree)
    for include in tree.find_all(nodes.Include):
        assert isinstance(include.template, nodes.Const)
        yield from facts_used(include.template.value)


@pytest.mark.parametrize(("template", "language"), EVERY_LETTER)
def test_the_table_of_facts_is_what_the_template_uses(template: str, language: str) -> None:
    used = {*facts_used(f"{language}/{template}.txt.j2"), *facts_used(f"{language}/_end.txt.j2")}
    assert used - GIVEN_BY_ITSELF == TEMPLATES[template]


def test_there_is_a_template_for_every_entry_and_an_entry_for_every_template() -> None:
    assert templates_in("nl") == set(TEMPLATES)
    for language in TRANSLATIONS:
        assert templates_in(language) == set(FOR_INITIATORS), language


@pytest.mark.parametrize(("template", "language"), [*EVERY_LETTER, *((name, "de") for name in FOR_INITIATORS)])
def test_html_says_what_the_text_says(template: str, language: str) -> None:
    for variant in VARIANTS:
        letter = write_sample(template, language, **variant)
        assert same_words(read_html(letter).text) == same_words(letter.text), variant
        assert "None" not in letter.text, variant
        assert letter.text.endswith("\n"), variant
        assert not re.search(r"\n\n\n|[*]{2}|\{|\}| \n|\(\)| [,.]|“”|\S  \S", letter.text), variant


@pytest.mark.parametrize(("template", "language"), EVERY_LETTER)
def test_every_letter_ends_with_sender_case_and_token(template: str, language: str) -> None:
    letter = write_sample(template, language)
    ending = letter.text.rstrip().split("\n")[-3:]
    assert ending[0] == "Mix&Match, Versterken Sociale Veerkracht"
    assert ending[1].endswith(" SV-2026-0001")
    assert ending[2] == f"Kenmerk: {TOKEN}"
    assert f"Kenmerk: {TOKEN}" in letter.html


@pytest.mark.parametrize(("template", "language"), [*EVERY_LETTER, *((name, "de") for name in FOR_INITIATORS)])
def test_hostile_facts_stay_words(template: str, language: str) -> None:
    plain = read_html(write_sample(template, language))
    letter = write_sample(template, language, **{name: harmful(value, name) for name, value in SAMPLE.items()})
    read = read_html(letter)
    assert set(read.tags) - {"a"} == set(plain.tags) - {"a"}
    assert read.tags.count("strong") == plain.tags.count("strong")
    assert {link for link in read.links if not link.startswith("mailto:")} == {
        link for link in plain.links if not link.startswith("mailto:")
    }
    assert same_words(read.text) == same_words(letter.text)
    for part in (letter.subject, letter.text, letter.html):
        assert not HIDDEN.search(part)
        assert "https://evil" not in part
        assert "www.evil" not in part
        part.encode("utf-8")
    assert "\n" not in letter.subject
    assert not re.search(r"^Bcc:", letter.text, re.MULTILINE)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_subject_is_one_short_line(template: str) -> None:
    long = dict.fromkeys(("initiative", "municipality", "name", "week"), "lang woord " * 40)
    for changes in ({}, long, {"reference": ""}):
        for language in (*LANGUAGES, "de"):
            subject = write_sample(template, language, **changes).subject
            assert 0 < len(subject) <= letters.LONGEST_SUBJECT
            assert "\n" not in subject


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_quoted(evidence: str, name: str) -> None:
    letter = write_sample("confirmation", name=name, needs=[{**NEEDS[0], "evidence": evidence}])
    assert same_words(read_html(letter).text) == same_words(letter.text)
    assert not HIDDEN.search(letter.text)


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(MissingFact, match=r"withdrawn.*reference"):
        write_letter("withdrawn", key="k", recipient="r@example.org", language="nl", name="")
    with pytest.raises(UndefinedError):
        write_sample("confirmation", needs=[{"code": "impact", "label": "Impactmonitoring"}])
    with pytest.raises(MissingFact, match="None"):
        write_sample("decision_confirmed_yes", expert_name=None)
    with pytest.raises(UnknownLetter):
        write_letter("nothing", key="k", recipient="r@example.org", language="nl")


def test_only_letters_to_initiators_speak_more_than_dutch() -> None:
    assert write_sample("withdrawn", "en").language == "en"
    assert write_sample("withdrawn", "EN-gb").language == "en"
    assert write_sample("proposal", "en").language == "nl"


def test_a_language_without_letters_gets_dutch_and_english() -> None:
    letter = write_sample("withdrawn", "de")
    assert letter.language == "nl, en"
    assert letter.subject == "Je vraag is gestopt / Your question has been stopped (SV-2026-0001)"
    dutch, english = letter.text.split("* * *")
    assert letters.ENGLISH_BELOW in dutch
    assert "Dat is in orde." in dutch
    assert "That is fine." in english
    assert letter.html.count('<div lang="en" dir="ltr">') == 1
    assert "de" not in LANGUAGES


@pytest.mark.parametrize(("template", "language"), [(name, each) for each in TRANSLATIONS for name in FOR_INITIATORS])
def test_a_language_with_letters_gets_only_those(template: str, language: str) -> None:
    letter = write_sample(template, language)
    assert letter.language == language
    assert letter.subject != write_sample(template).subject
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in letter.html


@pytest.mark.parametrize("template", ["proposal", "reminder", "initiator_answer", "review", "unserved"])
def test_who_decides_reads_the_own_words_and_in_which_language_they_are(template: str) -> None:
    spoken = [{**NEEDS[0], "evidence": "كيف نغطي التكاليف؟"}]
    letter = write_sample(template, needs=spoken, written_in="ar")
    assert "Taal: Arabisch. De zinnen uit het bericht staan in die taal." in letter.text
    assert "Financieringsmodel en businessplan: “كيف نغطي التكاليف؟”" in letter.text
    assert "<bdi>كيف نغطي التكاليف؟</bdi>" in letter.html
    assert "Taal: so." in write_sample(template, written_in="so").text
    assert "Taal:" not in write_sample(template).text


def test_only_our_own_links_work() -> None:
    assert read_html(write_sample("proposal")).links == [SAMPLE["page_link"]]
    for link in (
        "javascript:alert(1)",
        "https://example.org/ x",
        'https://example.org/"x',
        "https://example.org/\nBcc: x",
    ):
        with pytest.raises(ValueError, match="page_link"):
            write_sample("proposal", page_link=link)


def test_a_strange_mail_address_is_shown_but_does_not_work() -> None:
    assert read_html(write_sample("review")).links[0] == "mailto:initiatief@example.org"
    letter = write_sample("review", initiator_email="a@example.org, https://evil.example")
    assert "mailto:" not in letter.html
    assert "https[:]//evil" in letter.text


def test_contact_details_only_go_to_an_expert_with_consent() -> None:
    spoken = [{**NEEDS[0], "evidence": "Bel 06-98765432, +31 6 9876 5432 of mail initiatief@example.org."}]
    agreed = write_sample("introduction_expert", needs=spoken)
    assert "initiatief@example.org" in agreed.text
    for consent in (False, None, "yes", 1):
        kept = write_sample("introduction_expert", consent=consent, needs=spoken)
        assert not re.search(r"initiatief@|Voorzitter buurtvereniging|987", kept.text + kept.html)


def test_a_proposal_gives_no_contact_details() -> None:
    spoken = (
        "Bel 073 123 45 67, mail mij@example.org, rekening NL91 ABNA 0417 1643 00, Telegram @buurthuis_oss."
        " Wij zijn 12500 euro kort."
    )
    records: dict[str, Any] = {"needs": [{**NEEDS[0], "evidence": spoken}], "initiative": "Buurtkas mij@example.org"}
    expert = {**SAMPLE["expert"], "why": [{**NEEDS[0], "evidence": spoken, "profile": "Rekent mee."}]}
    letter = write_sample("proposal", **records, expert=expert)
    assert not re.search(r"123 45 67|mij@|0417|buurthuis_oss", letter.subject + letter.text + letter.html)
    assert "12500 euro" in letter.text


def test_words_from_right_to_left_do_not_drag_the_others_along() -> None:
    letter = write_sample("withdrawn", name="ليلى")
    assert "<bdi>ليلى</bdi>" in letter.html
    assert "Hallo ليلى," in letter.text


def test_words_from_left_to_right_keep_their_full_stop_in_a_letter_from_right_to_left() -> None:
    letter = write_sample("introduction_initiator", "ar", name="ليلى")
    assert "<bdi>Maakt verdienmodellen met bewoners.</bdi>" in letter.html
    assert "<bdi>ليلى</bdi>" not in letter.html
    assert "<br>\nKenmerk: MM-" in letter.html
    assert read_html(write_sample("consent_request", "ar")).links == [SAMPLE["page_link"]]
    assert "<bdi>" not in write_sample("introduction_initiator", "uk").html


def test_the_marks_of_a_list_stand_inside_the_letter() -> None:
    assert "padding:0 24px 0 0" in write_sample("clarify", "ar").html
    assert "padding:0 0 0 24px" not in write_sample("clarify", "ar").html
    assert "padding:0 0 0 24px" in write_sample("clarify", "uk").html


def test_the_letter_keeps_what_it_was_written_for() -> None:
    letter = write_sample("status")
    assert (letter.key, letter.template, letter.recipient) == ("sample:status", "status", "lezer@example.org")
    assert letter.reply_token == TOKEN
    assert "van 9 maart 2026" in letter.text
    assert "of 9 March 2026" in write_sample("status", "en").text


def test_how_long_we_keep_is_a_setting() -> None:
    assert "tot 12 maanden" in write_sample("confirmation").text
    assert "tot 6 maanden" in write_sample("confirmation", keep_months=6).text
