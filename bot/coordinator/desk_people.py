"""Who may sign in at the desk, and as what. What each may see is said by the pages, not here."""

from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from bot.settings import Programme
from bot.store import pool

Role = Literal["reader", "adviser", "coordinator"]
ROLES: tuple[Role, ...] = ("reader", "adviser", "coordinator")
"""Each may also see what those before it may: a reader figures only, a coordinator everything."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who may sign in; `id` is that of the pool for an adviser, the mail address for others."""

    id: str
    name: str
    address: str
    role: Role


def includes(role: Role, other: Role) -> bool:
    """Whether who has this role may also see what is for the other."""
    return ROLES.index(role) >= ROLES.index(other)


def staff_at(db: Database, programme: Programme, address: str) -> Staff | None:
    """Who signs in with this mail address, whatever its case; None for everybody else."""
    wanted = address.strip().casefold()
    named: tuple[tuple[Role, tuple[str, ...]], ...] = (
        ("coordinator", programme.all_coordinators),
        ("reader", programme.all_readers),
    )
    for role, addresses in named:
        for each in addresses:
            if each.casefold() == wanted:
                return Staff(each, each.partition("@")[0], each, role)
        if role == "coordinator" and (adviser := _adviser(db, wanted)) is not None:
            return adviser
    return None


def _adviser(db: Database, wanted: str) -> Staff | None:
    for one in pool.everyone(db):
        if one.role == "adviser" and one.active and one.email and one.email.casefold() == wanted:
            return Staff(one.id, one.name, one.email, "adviser")
    return None
