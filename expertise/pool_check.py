"""What is wrong with the header or a row of a pool; what a sound row becomes does not belong here."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from expertise.languages import LANGUAGE_CODES

Problem = Literal[
    "missing_column",
    "unknown_column",
    "duplicate_column",
    "extra_cell",
    "missing",
    "too_long",
    "bad_character",
    "bad_id",
    "bad_role",
    "bad_email",
    "bad_telegram",
    "unknown_need",
    "unknown_region",
    "unknown_language",
    "bad_capacity",
    "bad_active",
    "duplicate_id",
    "duplicate_email",
]

POOL_HEADER: Final = (
    "id",
    "name",
    "organisation",
    "role",
    "email",
    "telegram",
    "needs",
    "profile",
    "regions",
    "languages",
    "capacity",
    "active",
)
_REQUIRED: Final = ("id", "name", "organisation", "role", "profile", "regions", "languages", "capacity", "active")
_ACTIVE: Final = frozenset({"yes", "no", "ja", "nee"})
_LONGEST: Final = {"profile": 4000, "needs": 1000, "regions": 2000, "languages": 400}
_LONGEST_OTHER: Final = 200

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TELEGRAM = re.compile(r"@?[A-Za-z0-9_]{1,64}")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
# Control characters, and the direction marks that make a line read differently from what it says.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault in a pool: row as a spreadsheet numbers it (header = 1), the column, and the value at fault."""

    row: int
    column: str
    problem: Problem
    value: str


@dataclass(frozen=True, slots=True)
class Known:
    """The words that needs and regions may hold."""

    needs: Collection[str]
    region: Callable[[str], bool]


def is_address(text: str) -> bool:
    """Whether the text is one plain mail address: ASCII, dot-atom (RFC 5322 3.2.3) at a domain with a dot."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def header_errors(header: Sequence[str]) -> Iterator[RowError]:
    """Every column that is missing, unknown or named twice."""
    for column in POOL_HEADER:
        if column not in header:
            yield RowError(1, column, "missing_column", "")
    for column, times in Counter(header).items():
        if column not in POOL_HEADER:
            yield RowError(1, column, "unknown_column", column)
        elif times > 1:
            yield RowError(1, column, "duplicate_column", column)


def items(cell: str) -> tuple[str, ...]:
    """The parts of a list cell (joined by ;) in their order, each once."""
    return tuple(dict.fromkeys(item.strip() for item in cell.split(";") if item.strip()))


def row_errors(numbered: Sequence[tuple[int, Mapping[str, str]]], known: Known) -> tuple[RowError, ...]:
    """Every fault in the rows (number, trimmed cells by column), by row and then by column."""
    errors = [
        RowError(number, column, problem, value)
        for number, cells in numbered
        for column, problem, value in _row_problems(cells, known)
    ]
    errors += _duplicates(numbered, "id", "duplicate_id")
    errors += _duplicates(numbered, "email", "duplicate_email")
    return tuple(sorted(errors, key=lambda error: (error.row, _position(error.column))))


def _row_problems(cells: Mapping[str, str], known: Known) -> Iterator[tuple[str, Problem, str]]:
    if cells.get(""):
        yield "", "extra_cell", cells[""]
    for column in POOL_HEADER:
        cell = cells.get(column, "")
        problem = _text_problem(column, cell, cells)
        if problem:
            yield column, problem, cell
        elif cell:
            for fault, value in _form_problems(column, cell, known):
                yield column, fault, value


def _text_problem(column: str, cell: str, cells: Mapping[str, str]) -> Problem | None:
    if not cell:
        return "missing" if _is_required(column, cells) else None
    if len(cell) > _LONGEST.get(column, _LONGEST_OTHER):
        return "too_long"
    control = _CONTROL_BUT_LINES if column == "profile" else _CONTROL
    return "bad_character" if control.search(cell) else None


def _is_required(column: str, cells: Mapping[str, str]) -> bool:
    role = cells.get("role", "").lower()
    if column == "email":
        # An adviser decides by mail; an expert can be reached through an organisation.
        return role == "adviser"
    if column == "needs":
        return role == "expert"
    return column in _REQUIRED


def _form_problems(column: str, cell: str, known: Known) -> list[tuple[Problem, str]]:
    if column == "needs":
        return [("unknown_need", need) for need in items(cell) if need not in known.needs]
    if column == "regions":
        return [("unknown_region", region) for region in items(cell) if not known.region(region)]
    if column == "languages":
        return [("unknown_language", code) for code in items(cell) if code.lower() not in LANGUAGE_CODES]
    check = _CELL_CHECKS.get(column)
    return [(check[0], cell)] if check and not check[1](cell) else []


_CELL_CHECKS: Final[dict[str, tuple[Problem, Callable[[str], bool]]]] = {
    "id": ("bad_id", lambda cell: _ID.fullmatch(cell) is not None),
    "role": ("bad_role", lambda cell: cell.lower() in {"adviser", "expert"}),
    "email": ("bad_email", is_address),
    "telegram": ("bad_telegram", lambda cell: _TELEGRAM.fullmatch(cell) is not None),
    "capacity": ("bad_capacity", lambda cell: re.fullmatch(r"[0-9]{1,2}", cell) is not None),
    "active": ("bad_active", lambda cell: cell.lower() in _ACTIVE),
}


def _duplicates(numbered: Sequence[tuple[int, Mapping[str, str]]], column: str, problem: Problem) -> Iterator[RowError]:
    seen: set[str] = set()
    for number, cells in numbered:
        value = cells.get(column, "")
        if value and value.casefold() in seen:
            yield RowError(number, column, problem, value)
        seen.add(value.casefold())


def _position(column: str) -> int:
    return POOL_HEADER.index(column) if column in POOL_HEADER else len(POOL_HEADER)
