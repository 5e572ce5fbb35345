"""The organisations of the network and what they are for; the people who work there are in experts.py."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args

from expertise.places import fold

OrganisationKind = Literal["support", "knowledge", "impact", "network", "funder"]


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; purpose is one Dutch sentence.

    kind: support (runs Mix&Match or supports initiatives), knowledge (university, college, research), impact (measures
    effect), network (people with a shared interest), funder (brings money).
    Advisers of this organisation are asked first for the topics and words of `first_for` and `first_for_words` (folded,
    each the beginning of a word), or with `first_for_others` for everything that no other organisation comes first for.
    """

    name: str
    kind: OrganisationKind
    purpose: str
    first_for: tuple[str, ...] = ()
    first_for_words: tuple[str, ...] = ()
    first_for_others: bool = False


def read_organisations(text: str) -> tuple[Organisation, ...]:
    """The organisations of a TOML text ([[organisation]]); raises ValueError naming the one at fault."""
    found = tuple(_read_organisation(table) for table in tomllib.loads(text).get("organisation", []))
    names = [fold(organisation.name) for organisation in found]
    if len(set(names)) < len(names):
        raise ValueError("organisations: a name is used twice")
    return found


@cache
def shipped_organisations() -> tuple[Organisation, ...]:
    """The organisations that ship with the product."""
    return read_organisations(files("expertise").joinpath("organisations.toml").read_text(encoding="utf-8"))


def organisation_named(name: str) -> Organisation | None:
    """The organisation with this name, whatever its case and accents; None when the network has none."""
    return next((one for one in shipped_organisations() if fold(one.name) == fold(name)), None)


def _read_organisation(table: dict[str, Any]) -> Organisation:
    name = str(table.get("name", ""))
    missing = [field for field in ("name", "kind", "purpose") if not table.get(field)]
    if missing:
        raise ValueError(f"organisation {name}: {missing[0]} is missing")
    if table["kind"] not in get_args(OrganisationKind):
        raise ValueError(f"organisation {name}: unknown kind {table['kind']}")
    return Organisation(
        name=name,
        kind=cast(OrganisationKind, table["kind"]),
        purpose=table["purpose"],
        first_for=tuple(table.get("first_for", ())),
        first_for_words=tuple(fold(word) for word in table.get("first_for_words", ())),
        first_for_others=bool(table.get("first_for_others", False)),
    )
