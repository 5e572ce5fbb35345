"""What the Dutch tables of the weekly report are made of: rows, words, numbers. Which tables: report_tables.py."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from bot.foreign import clean
from bot.reasons import need_words, words_or_code

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is about, then its cells; `share` (0 to 1) is the length of its bar."""

    label: str
    cells: tuple[str, ...]
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Words in rows. "figures" are numbers beside a label, a "list" is things to look at."""

    code: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""
    empty: str = ""
    form: Literal["figures", "list"] = "figures"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its tables."""

    title: str
    tables: tuple[Table, ...]
    sentence: str = ""


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("bot.texts") / "report" / "words.toml").read_text(encoding="utf-8"))


def section_title(code: str) -> str:
    """The heading of a section."""
    return str(_words()["section"][code])


def row_label(table_code: str, row: str) -> str:
    """The label of a row that is always the same."""
    return str(_words()["table"][table_code][row])


def phrase(code: str, **values: object) -> str:
    """One of the report's own phrases, filled in."""
    return str(_words()["phrase"][code]).format(**values)


def table(code: str, rows: Iterable[Row], **more: Any) -> Table:
    """A table with the caption, heads and note of its code; `more` are other fields of Table."""
    own = _words()["table"][code]
    more = {"note": own.get("note", ""), **more}
    return Table(code, own["caption"], tuple(own["columns"]), tuple(rows), empty=own.get("empty", ""), **more)


def number(count: int) -> str:
    """A count as the Dutch write it: 1.234."""
    return f"{count:,}".replace(",", ".")


def pair_row(label: str, now: int, before: int, share: float | None = None) -> Row:
    """A count of this week beside that of the week before."""
    return Row(label, (number(now), number(before)), share)


def name(text: str) -> str:
    """A name that others wrote, made harmless."""
    return clean(text, LONGEST_NAME)


def need_name(code: str, labels: Mapping[str, str]) -> str:
    """The label of a need; its code when the topic no longer exists."""
    return name(need_words(code, labels.get(code, code)))


def code_name(table_code: str, code: str) -> str:
    """The words of reasons.nl.toml for a code; the code itself when there are none."""
    return name(words_or_code(table_code, code)).rstrip(".")


def duration(days: float | None) -> str:
    """A wait in Dutch words, rounded down: in hours below a day, in half days below ten days, in days above."""
    if days is None:
        return phrase("nothing")
    if days < 1:
        return _hours(int(days * 24))
    rounded = int(days * 2) / 2 if days < 10 else int(days)
    count = f"{rounded:.1f}".removesuffix(".0").replace(".", ",")
    return phrase("day") if count == "1" else phrase("days", count=count)


def _hours(hours: int) -> str:
    if hours < 1:
        return phrase("hours_under_one")
    return phrase("hour") if hours == 1 else phrase("hours", count=hours)
