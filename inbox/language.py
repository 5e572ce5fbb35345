"""In which language a text is written; what it says does not belong here."""

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from importlib import resources

from inbox.folding import fold

DEFAULT = "nl"
_ENOUGH_TEXT = 2_000
"""Characters that are looked at: the language of a text shows early."""
_CLEAR_LEAD = 2
_SURE = 0.75
"""What a statistical guess other than Dutch must score, because most writers here write Dutch."""
_FEW_WORDS = 4
_SURE_OF_FEW_WORDS = 0.95
_WORD = re.compile(r"[^\W\d_]+")
_CODES = ("nl", "en", "de", "fr", "pl", "tr", "es", "it", "pt", "ro", "hu")
_LETTERS = {"ar": re.compile(r"[\u0600-\u06ff]"), "cyrillic": re.compile(r"[\u0400-\u04ff]")}


def detect_language(text: str) -> str:
    """The ISO 639-1 code; "nl" for an empty, very short or undecidable text.

    Common words decide most texts; only the others cost a look at a statistical model, which is loaded then.
    """
    part = text[:_ENOUGH_TEXT]
    folded = fold(part)
    words = _WORD.findall(folded)
    script = _script(part, folded)
    if script is not None:
        return script
    votes = _votes(words)
    if votes and _leads(votes):
        return votes[0][0]
    return _guessed(part, len(words), votes)


def _script(part: str, folded: str) -> str | None:
    """The language of a text that is mostly in Arabic or Cyrillic letters, else None."""
    letters = sum(map(str.isalpha, part))
    if len(_LETTERS["ar"].findall(part)) * 2 > letters:
        return "ar"
    if len(_LETTERS["cyrillic"].findall(part)) * 2 <= letters or not letters:
        return None
    # Letters that only one of the three alphabets has, and endings that Bulgarian has in every line.
    marks = {"uk": "іїєґ'", "ru": "ыэё", "bg": ""}
    counted = {code: sum(folded.count(letter) for letter in signs) for code, signs in marks.items()}
    if not counted["uk"] and not counted["ru"]:
        return "bg" if len(re.findall(r"\b(?:ние|сме|на|се|от|за|и|да|че|ще)\b", folded)) > 1 else "uk"
    return "uk" if counted["uk"] >= counted["ru"] else "ru"


def _votes(words: Iterable[str]) -> list[tuple[str, int]]:
    """How many words of the text each language knows, most first."""
    known = _common_words()
    counted = Counter(code for word in words for code in known.get(word, ()))
    return sorted(counted.items(), key=lambda vote: (-vote[1], vote[0] != DEFAULT))


def _leads(votes: list[tuple[str, int]]) -> bool:
    best = votes[0][1]
    runner_up = votes[1][1] if len(votes) > 1 else 0
    if votes[0][0] == DEFAULT:
        return best > runner_up
    return best - runner_up >= _CLEAR_LEAD and best >= 1.25 * runner_up


def _guessed(part: str, words: int, votes: list[tuple[str, int]]) -> str:
    """What the model says when it is sure; of a few words Dutch, unless one is known of another language."""
    if words == 0:
        return DEFAULT
    if words < _FEW_WORDS and len(votes) == 1:
        return votes[0][0]
    code, confidence = _model()(part)
    voted = dict(votes).get(code, 0)
    needed = _SURE_OF_FEW_WORDS if words < _FEW_WORDS and not voted else _SURE
    return code if confidence >= needed else DEFAULT


@functools.cache
def _common_words() -> Mapping[str, tuple[str, ...]]:
    data = tomllib.loads(resources.files("inbox").joinpath("languages.toml").read_text("utf-8"))
    known: dict[str, list[str]] = {}
    for code in _CODES:
        for word in dict.fromkeys(data[code]):
            known.setdefault(fold(word), []).append(code)
    return {word: tuple(codes) for word, codes in known.items()}


@functools.cache
def _model() -> Callable[[str], tuple[str, float]]:
    """The model, imported and loaded at its first use: about a tenth of a second and thirty megabytes."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [IsoCode639_1.from_str(code) for code in _CODES]
    detector = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()

    def best(text: str) -> tuple[str, float]:
        values = detector.compute_language_confidence_values(text)
        return values[0].language.iso_code_639_1.name.lower(), values[0].value

    return best
