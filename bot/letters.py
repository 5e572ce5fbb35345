"""Turns a decision into a Letter, whatever the channel. Whether and to whom it goes is decided in bot/flow.py.

The words stand in bot/texts/<language>/<template>.txt.j2: the subject, a blank line, the letter. Plain text and
HTML are laid out from the same source by bot/markup.py, every fact is made harmless by bot/foreign.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context, Undefined
from markupsafe import Markup

from bot.foreign import clean, one_line, shorten, without_contact
from bot.letter_facts import FOR_ADVISERS, FOR_INITIATORS, TEMPLATES
from bot.markup import ADDRESS, END, VALUE, Direction, as_html, as_line, as_text
from bot.reasons import need_words, words, words_or_code

__all__ = ["DEFAULT_LANGUAGE", "LANGUAGES", "TEMPLATES", "Letter", "MissingFact", "UnknownLetter", "write_letter"]

LANGUAGES = ("nl", "en", "pl", "tr", "ar", "uk")
DEFAULT_LANGUAGE = "nl"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
LONGEST_SUBJECT = 120
ENGLISH_BELOW = "(The same letter in English is below.)"
OPTIONAL: Mapping[str, Any] = {"keep_months": 12, "chat": False, "written_in": "nl"}

# Whether all that a template prints is masked, also where it forgot to: an adviser needs nobody's private details.
_MASKS = "_masks"
_LINK = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")


class UnknownLetter(LookupError):
    """There is no template of this name."""


class MissingFact(LookupError):
    """A letter cannot be written because a fact it needs was not given."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it will leave: `key` is unique for it, `language` as in Content-Language ("nl" or "nl, en")."""

    key: str
    template: str
    recipient: str
    language: str
    subject: str
    text: str
    html: str
    reply_token: str | None


class _Worded(str):
    """Words of our own tables: what looks like a command or a link in them is meant to work."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _OurOwn:
    """An address that may work when clicked: a page of ours, or the mail address of someone who is introduced."""

    address: str
    mark: str


def write_letter(
    template: str, *, key: str, recipient: str, language: str, reply_token: str | None = None, **facts: Any
) -> Letter:
    """Write a letter from a template and the facts that bot/letter_facts.py asks for.

    Optional are `keep_months`, `chat` (whether it goes to a conversation instead of a mailbox) and `written_in`, the
    language of the initiator's own words, which letters in Dutch name when it is another.

    Only letters to initiators exist in more than one language; a language outside LANGUAGES gets Dutch and then
    English in one letter. Raises `UnknownLetter`, `MissingFact`, `jinja2.UndefinedError` when a record in a fact
    lacks a field, `UnknownWord` for a code without words, ValueError for a link that is not a web address.
    """
    ready = _ready_facts(template, {**facts, "reply_token": reply_token})
    sources = {each: _render(template, each, ready) for each in _languages_for(template, language)}
    subject = _subject([as_line(source) for source in sources.values()], str(ready["reference"]))
    bodies = {each: source.strip().partition("\n")[2] for each, source in sources.items()}
    if len(bodies) > 1:
        bodies["nl"] = f"{ENGLISH_BELOW}\n\n{bodies['nl']}"
    return Letter(
        key=key,
        template=template,
        recipient=recipient,
        language=", ".join(sources),
        subject=subject,
        text=as_text("\n\n***\n\n".join(bodies.values())) + "\n",
        html=_page(subject, bodies),
        reply_token=reply_token,
    )


def _ready_facts(template: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as templates get them, complete and with our own addresses told apart from all other text."""
    if template not in TEMPLATES:
        raise UnknownLetter(template)
    missing = TEMPLATES[template] - facts.keys()
    if missing:
        raise MissingFact(f"letter {template!r} needs {', '.join(sorted(missing))}")
    return {name: _ready(name, value) for name, value in {**OPTIONAL, **facts}.items()}


def _languages_for(template: str, language: str) -> tuple[str, ...]:
    if template not in FOR_INITIATORS:
        return ("nl",)
    wanted = language.lower().partition("-")[0]
    return (wanted,) if wanted in LANGUAGES else ("nl", "en")


def _render(template: str, language: str, facts: Mapping[str, Any]) -> str:
    environment = _environment()
    known = {**facts, "language": language, _MASKS: template in FOR_ADVISERS}
    body = environment.get_template(f"{language}/{template}.txt.j2").render(known)
    end = environment.get_template(f"{language}/_end.txt.j2").render(known)
    return f"{body}\n\n{end}"


def _subject(subjects: list[str], reference: str) -> str:
    """One line with the case's number: in all languages where that fits, in the first one otherwise."""
    together = " / ".join(subjects)
    known = clean(reference, LONGEST_SUBJECT // 2)
    number = f" ({known})" if known and known not in together else ""
    room = LONGEST_SUBJECT - len(number)
    return one_line(shorten(together if len(together) <= room else subjects[0], room) + number)


def _page(subject: str, bodies: Mapping[str, str]) -> str:
    parts = [
        {"language": language, "direction": _direction(language), "body": Markup(as_html(source, _direction(language)))}  # noqa: S704 as_html escapes
        for language, source in bodies.items()
    ]
    return _pages().get_template("letter.html.j2").render(subject=subject, parts=parts) + "\n"


def _direction(language: str) -> Direction:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot", "texts"),
        autoescape=select_autoescape((), default=False),  # bot/markup.py escapes what these templates give
        undefined=StrictUndefined,
        finalize=_marked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # what ships does not change: no look at the disk for every letter
    )
    environment.filters.update(
        cut=lambda text, longest: shorten(clean(text), longest),
        day=_day,
        need=_need,
        without_contact=without_contact,
        words=_words,
        words_or_code=_words_or_code,
    )
    return environment


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("bot", "texts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )


def _ready(name: str, value: Any) -> Any:
    """A fact as a template gets it: only facts that are named as an address may work when clicked."""
    if not value or not isinstance(value, str):
        return value
    if name.endswith("_link"):
        if not _LINK.fullmatch(value):
            raise ValueError(f"{name} is not a web address")
        return _OurOwn(value, VALUE)
    if name.endswith("_email") and _EMAIL.fullmatch(value):
        return _OurOwn(value, ADDRESS)
    return value


@pass_context
def _marked(context: Context, value: Any) -> Any:
    """What Jinja calls with everything a template prints: cleaned and put between the marks of bot/markup.py."""
    if isinstance(value, int | Undefined):
        return value
    if value is None:
        raise MissingFact("a fact that is printed is None")
    if isinstance(value, _OurOwn):
        return f"{value.mark}{value.address}{END}"
    if isinstance(value, _Worded):
        return f"{VALUE}{one_line(value)}{END}"
    text = without_contact(str(value)) if context.get(_MASKS) else str(value)
    return f"{VALUE}{clean(text)}{END}"


@pass_context
def _words(context: Context, code: object, table: str) -> _Worded:
    return _Worded(words(table, code, context["language"]))


@pass_context
def _words_or_code(context: Context, code: object, table: str) -> str:
    return words_or_code(table, code, context["language"])


@pass_context
def _need(context: Context, need: Any) -> str:
    environment = context.environment
    code, label = (str(environment.getattr(need, field)) for field in ("code", "label"))
    return need_words(code, label, context["language"])


@pass_context
def _day(context: Context, day: date) -> str:
    return f"{day.day} {words('month', day.month, context['language'])} {day.year}"
