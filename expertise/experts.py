"""The experts and advisers of the pool; its checks live in pool_check.py, its file formats in pool_file.py."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from expertise.places import is_known_region
from expertise.pool_check import (
    POOL_HEADER,
    Known,
    Problem,
    RowError,
    header_errors,
    is_address,
    items,
    row_errors,
)
from expertise.pool_file import (
    UnreadablePool,
    csv_text,
    pool_rows,
    pool_rows_from_csv,
    pool_rows_from_xlsx,
)
from expertise.topics import shipped_topics

__all__ = [
    "POOL_HEADER",
    "Expert",
    "Problem",
    "Role",
    "RowError",
    "UnreadablePool",
    "is_address",
    "pool_rows",
    "pool_rows_from_csv",
    "pool_rows_from_xlsx",
    "read_pool",
    "row_of",
    "shipped_pool",
    "write_pool_csv",
]

Role = Literal["adviser", "expert"]


@dataclass(frozen=True, slots=True)
class Expert:
    """One person of the pool; capacity is how many initiatives fit at once, away_until the last day of an absence."""

    id: str
    name: str
    organisation: str
    role: Role
    email: str
    telegram: str
    needs: tuple[str, ...]
    profile: str
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    active: bool
    away_until: date | None = None


def read_pool(
    rows: Iterable[Mapping[str, str]],
    header: Sequence[str],
    known_needs: Collection[str],
    known_regions: Callable[[str], bool],
) -> tuple[tuple[Expert, ...], tuple[RowError, ...]]:
    """Every expert of a pool, or every fault in it: with one fault no expert is returned at all.

    rows and header come from pool_rows_from_csv or pool_rows_from_xlsx; blank rows are skipped but counted. A fault
    in the header ends the check, because the rows cannot be read by it.
    """
    faulty_header = tuple(header_errors(header))
    if faulty_header:
        return (), faulty_header
    numbered = [
        (number, _trimmed(row)) for number, row in enumerate(rows, start=2) if any(c.strip() for c in row.values())
    ]
    errors = row_errors(numbered, Known(known_needs, known_regions))
    if errors:
        return (), errors
    return tuple(_expert(cells) for _, cells in numbered), ()


def write_pool_csv(experts: Iterable[Expert]) -> str:
    """The pool as CSV text with POOL_HEADER, guarded against formulas; reading it gives the same experts.

    An absence (away_until) is not part of the file.
    """
    return csv_text(POOL_HEADER, [row_of(expert) for expert in experts])


@cache
def shipped_pool() -> tuple[Expert, ...]:
    """The sample pool that ships with the product: roles, no real persons."""
    data = files("expertise").joinpath("sample_pool.csv").read_bytes()
    header, rows = pool_rows_from_csv(data)
    experts, errors = read_pool(rows, header, {topic.code for topic in shipped_topics()}, is_known_region)
    if errors:
        raise ValueError(f"sample_pool.csv: {errors[0]}")
    return experts


def _trimmed(row: Mapping[str, str]) -> dict[str, str]:
    return {column: re.sub(r"\r\n?", "\n", cell).strip() for column, cell in row.items()}


def _expert(cells: Mapping[str, str]) -> Expert:
    return Expert(
        id=cells["id"],
        name=cells["name"],
        organisation=cells["organisation"],
        role=cast(Role, cells["role"].lower()),
        email=cells["email"],
        telegram=cells["telegram"],
        needs=items(cells["needs"]),
        profile=cells["profile"],
        regions=items(cells["regions"]),
        languages=tuple(dict.fromkeys(code.lower() for code in items(cells["languages"]))),
        capacity=int(cells["capacity"]),
        active=cells["active"].lower() in {"yes", "ja"},
    )


def row_of(expert: Expert) -> dict[str, str]:
    """Somebody as a row of a pool file: a cell for each column of POOL_HEADER."""
    return {
        "id": expert.id,
        "name": expert.name,
        "organisation": expert.organisation,
        "role": expert.role,
        "email": expert.email,
        "telegram": expert.telegram,
        "needs": ";".join(expert.needs),
        "profile": expert.profile,
        "regions": ";".join(expert.regions),
        "languages": ";".join(expert.languages),
        "capacity": str(expert.capacity),
        "active": "yes" if expert.active else "no",
    }
