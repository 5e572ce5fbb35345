"""What the tables of the weekly report hold, before anybody words or draws it. The Dutch words: words.py."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Days:
    """A wait in days; None where nobody waited."""

    days: float | None


@dataclass(frozen=True, slots=True)
class Mean:
    """A total over some weeks, shown as the number a week; over 0 weeks there is none."""

    total: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, shown in per cent; of nothing there is none."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A number that others may not see: "small" below the limit, "beside" because it would give a small one away."""

    why: Literal["small", "beside"]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number that is only told in round steps."""

    count: int


Cell = str | int | Days | Mean | Share | Hidden | AtLeast


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is about, then its cells.

    `share` (0 to 1) is the length of its bar, `path` the page of the desk where something can be done about it.
    """

    label: str
    cells: tuple[Cell, ...]
    share: float | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in rows. "figures" are numbers beside a label, a "list" is things to look at.

    A `total` is the sum of the rows above it, in every column.
    """

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

    code: str
    title: str
    tables: tuple[Table, ...]
    sentence: str = ""
