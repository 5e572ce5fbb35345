"""Every letter is plain, the Dutch most of all: short sentences, everyday words, no promise of money (level B1)."""

import re
from collections.abc import Iterator

import pytest

from bot.letter_facts import FOR_INITIATORS
from bot.letter_samples import VARIANTS, write_sample
from bot.letters import LANGUAGES, TEMPLATES
from bot.reasons import word_tables
from tests.dutch_words import dutch_texts, is_easy, known_words, reading_ease, words_of

LONGEST_SENTENCE = 22  # words
LONGEST_ON_AVERAGE = 12
LONGEST_WORD = 22  # letters: "initiatiefnemer" is long enough
PLAINEST = 65  # of Flesch and Douma: what counts as plain Dutch; our letters to initiators measure 70 to 100

BUREAUCRATIC = re.compile(
    r"\b(desbetreffende?|middels|dienaangaande|teneinde|alsmede|alsook|aangaande|betreffende|conform|derhalve"
    r"|dientengevolge|doch|echter|eveneens|geacht[e]?|hetgeen|hierbij|hieromtrent|ingevolge|inzake|jegens"
    r"|krachtens|mits|nader|namelijk|indien|omtrent|onderhavige?|ondergetekende|overeenkomstig|reeds"
    r"|schrijven (?:van|d\.d)|tevens|ter zake|terzake|thans|ten behoeve van|met betrekking tot"
    r"|bewerkstellig\w+|desalniettemin|facilit\w+|implement\w+|niettegenstaande|realiser\w+|uitvoering geven"
    r"|ten aanzien van|in het kader van|uit hoofde van|verzoeken wij|vigerende?|voornoem)\b",
    re.IGNORECASE,
)
PROMISES = re.compile(
    r"€|\beuro\b|(?:krijg|geven?|betal|vergoed|garande|belo)\w*[^.]{0,30}\b(?:geld|subsidie|bedrag)\b|\btoegekend\b",
    re.IGNORECASE,
)
PASSIVE_WORDS = re.compile(r"\bword(?:t|en)\b", re.IGNORECASE)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a letter, without its marks of lists; a line ends a sentence."""
    for line in text.splitlines():
        plain = re.sub(r"^\s*(?:-|\d+\.)\s+", "", line)
        yield from (part for part in re.split(r"(?<=[.!?:])[”’]?\s+", plain) if re.search(r"\w", part))


def how_many_words(sentence: str) -> int:
    return len(re.findall(r"[\w&@.'-]*\w", sentence))


def dutch_letters() -> Iterator[tuple[str, str]]:
    for template in TEMPLATES:
        for text in written(template):
            yield template, text


def written(template: str, language: str = "nl") -> Iterator[str]:
    """A letter with its subject along all its paths, for a mailbox and for a conversation."""
    for variant in VARIANTS:
        for chat in (False, True):
            letter = write_sample(template, language, chat=chat, **variant)
            yield f"{letter.subject}\n\n{letter.text}"


@pytest.mark.parametrize("template", TEMPLATES)
def test_sentences_are_short(template: str) -> None:
    for text in written(template):
        lengths = {sentence: how_many_words(sentence) for sentence in sentences(text)}
        too_long = [sentence for sentence, length in lengths.items() if length > LONGEST_SENTENCE]
        assert not too_long
        assert sum(lengths.values()) / len(lengths) <= LONGEST_ON_AVERAGE


def test_sentences_of_pages_and_reports_are_short() -> None:
    for place, text in dutch_texts():
        if not place.endswith(".txt.j2"):
            assert not [each for each in sentences(text) if how_many_words(each) > LONGEST_SENTENCE], place


def test_no_bureaucratic_words() -> None:
    for place, text in (*dutch_letters(), *dutch_texts()):
        assert not BUREAUCRATIC.findall(text), place


def test_every_word_is_common_or_has_a_reason_to_be_there() -> None:
    hard = {
        (word, place)
        for place, text in dutch_texts()
        for word in words_of(text)
        if not is_easy(word) and word not in known_words()
    }
    assert hard == set()


def test_no_reason_is_kept_for_a_word_that_needs_none() -> None:
    used = {word for _, text in dutch_texts() for part in words_of(text) for word in (part, *part.split("-"))}
    assert {word for word in known_words() if is_easy(word) or word not in used} == set()
    assert all(reason.strip() for reason in known_words().values())


@pytest.mark.parametrize(
    ("word", "easy"),
    [
        ("vraag", True), ("invult", True), ("begrotingen", True), ("dorpswinkel", True), ("netnummer", True),
        ("csv-bestand", True), ("borging", False), ("stakeholders", False), ("cofinanciering", False),
        ("gremium", False), ("subsidieverlener", False), ("inventariseren", False), ("terugkoppeling", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_hard_word(word: str, easy: bool) -> None:
    assert is_easy(word) is easy


@pytest.mark.parametrize("template", FOR_INITIATORS)
def test_letters_to_initiators_read_easily(template: str) -> None:
    for text in written(template):
        own = text.partition("Hartelijke groet")[0]
        lengths = [how_many_words(sentence) for sentence in sentences(own)]
        assert reading_ease(sum(lengths) / len(lengths), own) >= PLAINEST


def test_no_very_long_words() -> None:
    for template, text in dutch_letters():
        words = re.findall(r"(?<!\S)[^\W\d_]+(?!\S)", text)
        assert not [word for word in words if len(word) > LONGEST_WORD], template


def test_people_do_things() -> None:
    """Few passive sentences: a letter says who does what."""
    for template, text in dutch_letters():
        assert len(PASSIVE_WORDS.findall(text)) <= 2, template


@pytest.mark.parametrize("template", FOR_INITIATORS)
def test_no_letter_promises_money(template: str) -> None:
    for variant in VARIANTS:
        assert not PROMISES.search(write_sample(template, **variant).text)


@pytest.mark.parametrize(("table", "codes"), [(table, codes) for table, codes in word_tables("nl").items()])
def test_words_for_codes_are_plain(table: str, codes: dict[str, str]) -> None:
    for code, text in codes.items():
        assert text.strip() == text != "", f"{table}.{code}"
        assert not BUREAUCRATIC.search(text), f"{table}.{code}"
        assert max(how_many_words(sentence) for sentence in sentences(text)) <= LONGEST_SENTENCE


def test_first_contact_tells_what_happens_with_data() -> None:
    told = [name for name, facts in FOR_INITIATORS.items() if "first_contact" in facts]
    assert {"confirmation", "question", "clarify", "review_notice", "referral", "pointer"} <= set(told)
    for template in told:
        text = write_sample(template).text
        for words in ("computer", "beslist een mens", "12 maanden na het laatste contact", "wis mijn gegevens"):
            assert words in text
        assert "computer" not in write_sample(template, first_contact=False).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_how_long_we_keep_and_asks_in_the_same_order(language: str) -> None:
    told = write_sample("question", language, missing=["budget", "provincial_dependence"]).text
    first = write_sample("question", language, missing=["budget", "provincial_dependence"], first_contact=False).text
    assert re.findall(r"^(\d)\. ", told, re.MULTILINE) == ["1", "2", "3"]
    assert "12" in told.replace(first, "")
    assert len(told) > len(first)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", FOR_INITIATORS)
def test_sentences_are_short_in_every_language(template: str, language: str) -> None:
    for text in written(template, language):
        assert not [part for part in sentences(text) if how_many_words(part) > LONGEST_SENTENCE]


def test_questions_are_numbered_in_the_order_of_asking() -> None:
    text = write_sample("question", missing=["budget", "provincial_dependence"]).text
    numbered = re.findall(r"^(\d)\. (\w+)", text, re.MULTILINE)
    assert numbered == [("1", "Sluit"), ("2", "Heeft"), ("3", "Misschien")]
    assert "weet ik niet" in text
    assert "4." not in text


def test_a_review_is_told_as_no_refusal_and_only_with_what_is_in_doubt() -> None:
    text = write_sample("review_notice").text
    assert "Dit is geen afwijzing." in text
    assert "De begroting sluit nog niet." in text
    assert "in Noord-Brabant" not in text
