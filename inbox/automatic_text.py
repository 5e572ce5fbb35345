"""How mail written by a machine reads, for messages that came without headers; headers belong in automatic.py.

The words are data (automatic.toml). Every rule is careful: a person's question taken for a machine's mail is
never answered, while a machine's mail taken for a person's is caught by other means. So a rule needs two
signs, or one that people do not write.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

_EDGE = 300
_LONGEST_NOTICE = 1_200
_COLON = r"\s*:"
_SUBJECT_END = r"\s*(?:[:(\[]|$|[-–]\s|(?:re|antw|t/m|tot|until)\b)"


@dataclass(frozen=True, slots=True)
class _Words:
    """A message as the rules see it; the edges are where systems put their announcements."""

    subject: str
    text: str

    @property
    def edges(self) -> str:
        return self.text if len(self.text) <= 2 * _EDGE else f"{self.text[:_EDGE]}\n{self.text[-_EDGE:]}"

    @property
    def is_short(self) -> bool:
        return len(self.text) <= _LONGEST_NOTICE


def has_reply_subject(subject: str) -> bool:
    """Whether a subject begins as automatic replies do; behind Re: a person has answered one."""
    return _begins("reply_subject", subject, _SUBJECT_END)


def has_bounce_subject(subject: str) -> bool:
    """Whether a subject announces mail that could not be delivered, and not an answer to that."""
    return _says("bounce_subject", subject) and not _begins("answered", subject, _COLON)


def _reports_failed_delivery(words: _Words) -> bool:
    if not words.is_short:
        return False
    if has_bounce_subject(words.subject):
        return _says("bounce_text", words.text)
    if "?" in words.text or _says("asks", words.text):
        return False
    return _signs("bounce_text", words.text) >= 2


def _answers_by_itself(words: _Words) -> bool:
    if not has_reply_subject(words.subject) or not words.is_short:
        return False
    if ":" in words.subject and not _begins("unsure_subject", words.subject):
        return True
    # "Afwezig: volgende week, kan het gesprek later?" is a person, so the text has to say it too.
    return _says("away", words.text) or _says("instead", words.text) or _says_machine_wrote_it(words)


def _is_calendar_mail(words: _Words) -> bool:
    if not words.is_short or not _begins("calendar_subject", words.subject, _COLON):
        return False
    return any(_says("calendar_text", line) for line in words.text.split("\n"))


def _confirms_reading(words: _Words) -> bool:
    begins = _begins("receipt_subject", words.subject, r"\s*(?::|$)")
    return begins and words.is_short and _says("receipt_text", words.text)


def _confirms_receipt(words: _Words) -> bool:
    return _begins("received_subject", words.subject) and _says("no_need_to_reply", words.text)


def _is_newsletter(words: _Words) -> bool:
    if _says("subscribed", words.edges):
        return True
    top = _says("newsletter_top", words.subject) or _says("newsletter_top", words.text)
    return top and _says("sign_off", words.text[-_EDGE:])


def _says_machine_wrote_it(words: _Words) -> bool:
    return any(_says("machine", line) for line in words.edges.split("\n"))


def _says_who_is_away(words: _Words) -> bool:
    if not words.is_short or "?" in words.text or _says("asks", words.text):
        return False
    return _says("away", words.text[:_EDGE]) and _says("instead", words.text)


_RULES: tuple[tuple[str, Callable[[_Words], bool]], ...] = (
    ("bounce", _reports_failed_delivery),
    ("auto_reply_subject", _answers_by_itself),
    ("calendar", _is_calendar_mail),
    ("receipt", _confirms_reading),
    ("receipt", _confirms_receipt),
    ("list", _is_newsletter),
    ("auto_generated_text", _says_machine_wrote_it),
    ("auto_reply_text", _says_who_is_away),
)


def looks_automatic(subject: str, text: str) -> str | None:
    """Why the words of a message show that a machine wrote it, or None. The first rule that holds is named."""
    words = _Words(subject.strip(), text.strip())
    return next((code for code, holds in _RULES if holds(words)), None)


def _says(name: str, text: str) -> bool:
    return bool(_pattern(name, "", "").search(text))


def _signs(name: str, text: str) -> int:
    return len({found.group().lower() for found in _pattern(name, "", "").finditer(text)})


def _begins(name: str, subject: str, end: str = "") -> bool:
    return bool(_pattern(name, r"\s*", end).match(subject))


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("inbox").joinpath("automatic.toml").read_text("utf-8"))


@cache
def _pattern(name: str, start: str, end: str) -> re.Pattern[str]:
    return re.compile(f"{start}(?:{'|'.join(f'(?:{line})' for line in _table()[name])}){end}", re.IGNORECASE)
