"""What the open data set looks like: its tables, their columns and what may stand in a cell. Counts and writes nothing.

Every value is a number, a quarter, a code of a list, the name of a municipality or region, or a sentence about a topic
that the programme wrote itself: there is no place in it for what a person wrote.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.report.suppression import SMALLEST_SHOWN
from expertise.places import municipality_named, shipped_places

NAME = "mixmatch-open-data"
FORMAT = 1
SMALLEST = SMALLEST_SHOWN
Kind = Literal["code", "id", "quarter", "period", "year", "count", "days", "municipality", "region", "area", "text"]
Cell = str | int | float | None
Row = tuple[Cell, ...]


class BadSet(ValueError):
    """A set that can't be written or read; the message is Dutch."""


@dataclass(frozen=True, slots=True)
class Set:
    """The open data of one publisher up to and including a quarter: rows by the name of their table."""

    publisher: str
    period: str
    licence: str
    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `one_of` are all values of a code; `empty` says whether a cell may be left out."""

    name: str
    kind: Kind
    title: str
    description: str
    one_of: tuple[str, ...] = ()
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `key` names the columns that tell its rows apart."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)


ELIGIBILITY = ("eligible", "incomplete", "review", "outside_area", "unknown")
OUTCOMES = ("introduced", "open", "ended")
SIDES = ("hard", "soft")
HIDDEN = ("small", "beside")

_COUNT = Column("questions", "count", "Vragen", "Hoeveel vragen. Leeg als het getal verborgen is.", empty=True)
_HIDDEN = Column(
    "hidden", "code", "Verborgen",
    "Leeg: het getal staat er. small: het is 1 tot en met 4. beside: het zou een klein getal verraden.", HIDDEN, True,
)  # fmt: skip
_YEAR = Column("year", "year", "Jaar", "Het jaar waarin de vraag kwam; alleen hele kwartalen tellen.")
_QUARTER = Column("quarter", "quarter", "Kwartaal", "Het kwartaal, in Nederlandse tijd: 2026-Q3.")
_NEED = Column("need", "code", "Onderwerp", "De code van het onderwerp, uit de tabel needs.")

TABLES: tuple[Table, ...] = (
    Table(
        "needs", "Onderwerpen", "De onderwerpen waarop initiatieven hulp vragen.",
        (
            Column("code", "code", "Code", "De vaste code van het onderwerp."),
            Column("side", "code", "Kant", "hard: kennis die je kunt opschrijven. soft: wat je samen leert.", SIDES),
            Column("label", "text", "Naam", "De naam van het onderwerp."),
            Column("definition", "text", "Uitleg", "Wat erbij hoort.", empty=True),
        ),
        ("code",),
    ),
    Table(
        "questions", "Vragen",
        "Een rij per vraag. Wat er staat, geldt voor minstens vijf vragen; de rest is grover gemaakt of leeg.",
        (
            Column("id", "id", "Nummer", "Een vast nummer, dat niet terug te rekenen is naar een dossier."),
            Column("period", "period", "Periode", "Het kwartaal, of alleen het jaar.", empty=True),
            Column("area", "area", "Gebied", "De gemeente, of alleen de regio.", empty=True),
            Column("need", "code", "Onderwerp", "Het eerste onderwerp, of alleen hard of soft.", empty=True),
            Column("outcome", "code", "Uitkomst", "introduced: voorgesteld aan een deskundige.", OUTCOMES, True),
        ),
        ("id",),
    ),
    Table(
        "needs_by_year", "Vragen per onderwerp", "Een vraag met twee onderwerpen telt bij allebei.",
        (_YEAR, _NEED, _COUNT, _HIDDEN), ("year", "need"),
    ),
    Table(
        "unserved_by_year", "Vragen zonder deskundige", "Vragen waarvoor niemand werd gevonden, per onderwerp.",
        (_YEAR, _NEED, _COUNT, _HIDDEN), ("year", "need"),
    ),
    Table(
        "questions_by_municipality", "Vragen per gemeente", "Van vragen waarvan de gemeente bekend is.",
        (
            _YEAR,
            Column("municipality", "municipality", "Gemeente", "De officiële naam."),
            Column("region", "region", "Regio", "De regio van Brabant; buiten Brabant de provincie."),
            _COUNT, _HIDDEN,
        ),
        ("year", "municipality"),
    ),
    Table(
        "questions_by_quarter", "Vragen per kwartaal", "Naar wat de spelregels zeggen.",
        (
            _QUARTER,
            Column("eligibility", "code", "Spelregels", "Of het initiatief mee kan doen.", ELIGIBILITY),
            _COUNT, _HIDDEN,
        ),
        ("quarter", "eligibility"),
    ),
    Table(
        "proposals_by_quarter", "Voorstellen per kwartaal", "Wat adviseurs besloten.",
        (
            _QUARTER,
            Column("decision", "code", "Besluit", "accepted: ja. declined: nee.", ("accepted", "declined")),
            Column("proposals", "count", "Voorstellen", "Hoeveel. Leeg als het getal verborgen is.", empty=True),
            _HIDDEN,
        ),
        ("quarter", "decision"),
    ),
    Table(
        "introductions_by_quarter", "Kennismakingen per kwartaal", "Alleen van minstens vijf kennismakingen.",
        (
            _QUARTER,
            Column("introductions", "count", "Kennismakingen", "Hoeveel vragen tot een kennismaking kwamen."),
            Column("median_days", "days", "Dagen", "De middelste duur van vraag tot kennismaking."),
        ),
        ("quarter",),
    ),
)  # fmt: skip
"""Every table, those that others point to first."""

_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "code": re.compile(r"[a-z][a-z0-9_]{0,39}"),
    "id": re.compile(r"[0-9a-f]{16}"),
    "quarter": re.compile(r"20[0-9]{2}-Q[1-4]"),
    "period": re.compile(r"20[0-9]{2}(?:-Q[1-4])?"),
    "year": re.compile(r"20[0-9]{2}"),
    "count": re.compile(r"0|[1-9][0-9]{0,8}"),
    "days": re.compile(r"(?:0|[1-9][0-9]{0,4})\.[0-9]"),
}
LONGEST_TEXT = 2000
# A sheet program takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def pattern_of(column: Column) -> str | None:
    """The regular expression that every filled cell of a column matches; None where a list or a name decides."""
    pattern = _PATTERNS.get(column.kind)
    return None if pattern is None or column.one_of else pattern.pattern


def fits(column: Column, text: str) -> bool:
    """Whether a text may stand in a column, as it is written in CSV; "" is a cell that was left out."""
    if not text:
        return column.empty
    if column.one_of:
        return text in column.one_of
    pattern = _PATTERNS.get(column.kind)
    if pattern is not None:
        if not pattern.fullmatch(text):
            return False
        return column.kind != "count" or int(text) == 0 or int(text) >= SMALLEST
    if column.kind == "text":
        return text.isprintable() and len(text) <= LONGEST_TEXT and not text.startswith(_FORMULA)
    is_municipality, is_region = municipality_named(text) is not None, text in _regions()
    return {"municipality": is_municipality, "region": is_region}.get(column.kind, is_municipality or is_region)


def _regions() -> frozenset[str]:
    return frozenset(place.region for place in shipped_places())


def region_of(municipality: str) -> str:
    """The region of a municipality, outside Brabant its province; "" for no municipality."""
    place = municipality_named(municipality)
    return place.region if place else ""
