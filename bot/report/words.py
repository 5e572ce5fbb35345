"""The Dutch words and numbers of the weekly report's tables. Which ones: tables.py; shape: cells.py."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from bot.foreign import clean
from bot.reasons import need_words, words_or_code
from bot.report.cells import AtLeast, Cell, Days, Hidden, Mean, Row, Section, Share, Table

LONGEST_NAME = 80
MOST_WAITING = 12  # rows of a list: Gmail cuts a mail off at 102 kilobytes


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("bot.texts") / "report" / "words.toml").read_text(encoding="utf-8"))


def section(code: str, *tables: Table, sentence: str = "") -> Section:
    """A section with the heading of its code."""
    return Section(code, str(_words()["section"][code]), tables, sentence)


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


def cut(table_: Table, most: int) -> Table:
    """A list with at most so many rows, and below it how many more there are; a table with figures stays whole."""
    more = len(table_.rows) - most
    if table_.form != "list" or more <= 0:
        return table_
    return replace(table_, rows=table_.rows[:most], note=phrase("more", count=number(more)))


def number(count: int) -> str:
    """A count as the Dutch write it: 1.234."""
    return f"{count:,}".replace(",", ".")


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    match cell:
        case str():
            return cell
        case int():
            return number(cell)
        case Days(days):
            return duration(days)
        case Mean(total, weeks):
            return f"{total / weeks:.1f}".replace(".", ",") if weeks else phrase("nothing")
        case Share(part, whole):
            return f"{part * 100 / whole:.0f}%" if whole else phrase("nothing")
        case AtLeast(count):
            return phrase("at_least", count=number(count))
        case Hidden(why):
            return phrase(f"hidden_{why}")


def as_number(cell: Cell) -> float | None:
    """A cell as a number for a sheet: days, a number a week, a part of 1; None for what is no number."""
    match cell:
        case int():
            return cell
        case Days(days):
            return days
        case Mean(total, weeks):
            return total / weeks if weeks else None
        case Share(part, whole):
            return part / whole if whole else None
        case _:
            return None


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
