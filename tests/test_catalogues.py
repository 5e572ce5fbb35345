"""What initiators read says the same in six languages: the same facts, questions and words to answer with."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from importlib.resources import files

import pytest

from bot.letter_facts import FOR_INITIATORS
from bot.letter_samples import VARIANTS, write_sample
from bot.letters import LANGUAGES
from bot.reasons import word_tables
from inbox.asked import read_reply
from inbox.confirmation import confirms
from inbox.consent import consent_answer
from inbox.follow_up import read_follow_up
from inbox.privacy_right import requested_right
from inbox.same_or_new import same_or_new

OTHERS = tuple(language for language in LANGUAGES if language != "nl")
TAGS = re.compile(r"\{%[-+]?\s*(.*?)\s*[-+]?%\}", re.DOTALL)
VALUES = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# Words that no other of our languages has; "gegevens" is a command too.
DUTCH = re.compile(
    r"(?<!/)\b(?:het|een|niet|jouw|wij|naar|vraag|bericht|gegevens|hebben|schrijf|dossier|begroting|gemeente|voor|met)\b",
    re.IGNORECASE,
)
LATIN = {
    "Mix", "Match", "Versterken", "Sociale", "Veerkracht", "Noord", "Brabant", "Zet", "Zorgbelang", "LSA", "bewoners",
    "Movisie", "Kenmerk", "SV", "XLSX", "ODS", "CSV", "Excel", "LibreOffice", "KVK", "UWV", "Belastingdienst", "MB",
    "ontkoppel", "name", "imya", "example", "org", "xlsx", "ods", "csv",
}  # fmt: skip
"""Names, and what stands on a file, in a text of another script; beside commands and what stands in brackets."""


def templates_in(language: str) -> dict[str, str]:
    """The sources that initiators of a language read, with the parts that they are put together from."""
    folder = files("bot.texts").joinpath(language)
    return {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}


def everything_in(language: str) -> dict[str, str]:
    """All that initiators of a language other than Dutch can read, without what is filled in."""
    tables = word_tables(language).items()
    words = {f"{table}.{code}": text for table, codes in tables for code, text in codes.items()}
    return {name: JINJA.sub(" ", text) for name, text in {**templates_in(language), **words}.items()}


def conditions(source: str) -> Counter[str]:
    """On what a template depends: no grammar of numbers, and whether "mail" and "chat" need other words may differ."""
    tags = (" ".join(tag.split()) for tag in TAGS.findall(source))
    asking = (tag for tag in tags if tag.startswith(("if", "elif", "for")))
    return Counter(tag for tag in asking if "keep_months" not in tag and tag != "if chat")


def facts(source: str) -> Counter[str]:
    """What a template fills in; how a number is written may differ."""
    return Counter(re.sub(r" \| replace\(.*?\)", "", value) for value in VALUES.findall(source))


@pytest.mark.parametrize("language", OTHERS)
def test_every_template_exists_and_tells_the_same_facts_on_the_same_conditions(language: str) -> None:
    own, dutch = templates_in(language), templates_in("nl")
    assert {f"{name}.txt.j2" for name in FOR_INITIATORS} <= own.keys() <= dutch.keys()
    assert own.keys() == templates_in("en").keys()
    for name, source in own.items():
        assert conditions(source) == conditions(dutch[name]), name
        assert facts(source) == facts(dutch[name]), name
        includes = re.findall(r'include "(\w+)/', source)
        assert set(includes) <= {language}, name


@pytest.mark.parametrize("language", OTHERS)
def test_every_letter_numbers_and_divides_its_text_alike(language: str) -> None:
    """The same numbered questions and steps, as many list items and headings, along every path."""
    for template in FOR_INITIATORS:
        for variant in VARIANTS:
            own, dutch = (write_sample(template, each, **variant) for each in (language, "nl"))
            assert numbers(own.text) == numbers(dutch.text), template
            assert own.text.count("\n- ") == dutch.text.count("\n- "), template
            assert own.html.count("<strong>") == dutch.html.count("<strong>"), template
            assert own.html.count("href=") == dutch.html.count("href="), template


def numbers(text: str) -> list[str]:
    return re.findall(r"^(\d)\. ", text, re.MULTILINE)


def test_every_language_has_the_same_tables_with_the_same_codes() -> None:
    english = {table: set(codes) for table, codes in word_tables("en").items()}
    for language in OTHERS:
        assert {table: set(codes) for table, codes in word_tables(language).items()} == english, language
    dutch = {table: set(codes) for table, codes in word_tables("nl").items()}
    assert english.keys() <= dutch.keys()
    assert all(english[table] == dutch[table] for table in english if table != "need")  # labels of topics are Dutch


def sentences_in(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if len(re.findall(r"[^\W\d_]+", line)) > 1]


@pytest.mark.parametrize("language", OTHERS)
def test_no_dutch_is_left_in_another_language(language: str) -> None:
    dutch = {line for text in everything_in("nl").values() for line in sentences_in(text)}
    for name, text in everything_in(language).items():
        explained = re.sub(r"\([^)]*\)", "", text)  # "aile hekimi (huisarts)"
        assert not DUTCH.findall(explained), name
        assert not [line for line in sentences_in(text) if line in dutch and "Veerkracht" not in line], name


@pytest.mark.parametrize("language", ["ar", "uk"])
def test_another_script_is_only_left_for_names(language: str) -> None:
    for name, text in everything_in(language).items():
        spoken = re.sub(r"\([^)]*\)|/\w+", "", text)
        assert set(re.findall(r"[A-Za-z]+", spoken)) <= LATIN, name


@pytest.mark.parametrize("template", FOR_INITIATORS)
def test_arabic_reads_from_right_to_left_and_no_other_language_does(template: str) -> None:
    for language in LANGUAGES:
        direction = "rtl" if language == "ar" else "ltr"
        html = write_sample(template, language).html
        assert f'<html lang="{language}" dir="{direction}">' in html
        assert f'<div lang="{language}" dir="{direction}">' in html


@pytest.mark.parametrize("template", FOR_INITIATORS)
def test_any_other_language_gets_dutch_and_english(template: str) -> None:
    for language in ("de", "so", "", "xx-YY"):
        letter = write_sample(template, language)
        assert letter.language == "nl, en"
        assert '<div lang="nl" dir="ltr">' in letter.html
        assert '<div lang="en" dir="ltr">' in letter.html


# The words that we ask people to write are words that we understand

Reads = Callable[[str], object]
ANSWERS: Mapping[str, tuple[str, object, Reads]] = {
    "yes": ("question", "closing", lambda text: read_reply(text, ("budget",)).facts.budget),
    "no": ("question", "not_closing", lambda text: read_reply(text, ("budget",)).facts.budget),
    "view": ("question", "prospect", lambda text: read_reply(text, ("budget",)).facts.budget),
    "unknown": ("question", ("budget",), lambda text: read_reply(text, ("budget",)).not_known),
    "right": ("understood", True, confirms),
    "same": ("same_or_new", "same", same_or_new),
    "new": ("same_or_new", "new", same_or_new),
    "erase_yes": ("erasure", True, confirms),
    "partly": ("follow_up", "partly", lambda text: read_follow_up(text, ("helped",)).helped),
    "see": ("confirmation", "see", requested_right),
    "erase": ("confirmation", "erase", requested_right),
    "correct": ("own_data", "correct", requested_right),
}
"""Of each answer: the letter that asks for it, what it means, and who reads it."""
ASKED_FOR: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "yes": "ja", "no": "nee", "view": "ik heb er zicht op", "unknown": "weet ik niet", "right": "ja, dit klopt",
        "same": "hoort erbij", "new": "nieuw", "erase_yes": "ja, wis alles", "partly": "een beetje",
        "see": "laat mijn gegevens zien", "erase": "wis mijn gegevens",
        "correct": "er klopt iets niet in mijn gegevens",
    },
    "en": {
        "yes": "yes", "no": "no", "view": "I expect it will", "unknown": "I do not know",
        "right": "yes, this is right", "same": "same", "new": "new", "erase_yes": "yes, erase all",
        "partly": "a little", "see": "I want to see my data", "erase": "erase my data",
        "correct": "something is not right in my data",
    },
    "pl": {
        "yes": "tak", "no": "nie", "view": "prawie się zamyka", "unknown": "tego nie wiem", "right": "tak, zgadza się",
        "same": "ta sama", "new": "nowa", "erase_yes": "tak, usuń wszystko", "partly": "trochę",
        "see": "proszę pokazać moje dane", "erase": "proszę usunąć moje dane", "correct": "proszę poprawić moje dane",
    },
    "tr": {
        "yes": "evet", "no": "hayır", "view": "yetmesini bekliyorum", "unknown": "bilmiyorum", "right": "evet, doğru",
        "same": "aynı", "new": "yeni", "erase_yes": "evet, hepsini silin", "partly": "biraz",
        "see": "verilerimi görmek istiyorum", "erase": "verilerimi silin", "correct": "verilerimi düzeltin",
    },
    "ar": {
        "yes": "نعم", "no": "لا", "view": "أتوقع ذلك", "unknown": "ليس لدي فكرة", "right": "نعم، هذا صحيح",
        "same": "نفسه", "new": "جديد", "erase_yes": "نعم، احذفوا كل شيء", "partly": "قليلًا",
        "see": "أريد أن أرى بياناتي", "erase": "احذفوا بياناتي", "correct": "صححوا بياناتي",
    },
    "uk": {
        "yes": "так", "no": "ні", "view": "майже сходиться", "unknown": "не знаю", "right": "так, правильно",
        "same": "те саме", "new": "нове", "erase_yes": "так, видаліть усе", "partly": "трохи",
        "see": "прошу показати мої персональні дані", "erase": "прошу видалити мої персональні дані",
        "correct": "прошу виправити мої персональні дані",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", ANSWERS)
def test_what_we_ask_people_to_write_is_understood(answer: str, language: str) -> None:
    template, meaning, reads = ANSWERS[answer]
    asked_for = ASKED_FOR[language][answer]
    letter = write_sample(template, language, missing=["budget"])
    assert asked_for in letter.text
    for written in (asked_for, asked_for.capitalize(), f"{asked_for}."):
        assert reads(written) == meaning, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_yes_and_no_of_a_letter_settle_consent(language: str) -> None:
    text = write_sample("consent_request", language).text.lower()
    for answer, agreed in (("yes", True), ("no", False)):
        asked_for = ASKED_FOR[language][answer]
        assert re.search(rf"\b{asked_for}\b", text.replace("i̇", "i").replace("hayir", "hayır"))
        assert consent_answer(asked_for) is agreed
        assert consent_answer(asked_for.upper().replace("HAYIR", "HAYIR")) is agreed
