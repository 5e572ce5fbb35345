"""What a story in three channels is made of: steps, how it ends, and what channels differ in on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.three_channels import Channel, Said


@dataclass(frozen=True, slots=True)
class Begins:
    """The initiator says something that answers no letter."""

    said: Said


@dataclass(frozen=True, slots=True)
class Replies:
    """The initiator answers the newest letter."""

    said: Said


@dataclass(frozen=True, slots=True)
class Answers:
    """The initiator answers what we ask, until nothing is asked any more; passes over what is not known here."""

    knows: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Decides:
    """The adviser who has the proposal acts."""

    said: Said


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The coordinator acts, by mail or on the page: there is no chat for it."""

    said: Said


@dataclass(frozen=True, slots=True)
class Waits:
    """Days pass, and the clock comes by."""

    days: int


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """The initiator is asked how the introduction went."""


Side = Literal["initiator", "adviser"]
Step = Begins | Replies | Answers | Decides | Coordinates | Waits | AskedAfter


@dataclass(frozen=True, slots=True)
class Ending:
    """How the newest case ends, whatever the channels. `proposals` are their states, oldest first."""

    state: str
    municipality: str | None = "Eersel"
    budget: str | None = "prospect"
    dependence: bool | None = False
    needs: frozenset[str] = frozenset({"financing"})
    eligibility: str | None = "eligible"
    consent: bool | None = None
    proposals: tuple[str, ...] = ()
    cases: int = 1


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. What channels differ in on purpose stands in its last two fields.

    `asked` is each round of what the initiator is asked, by his channel. `only` are the events and letters that there
    are in one channel and not in the others, by whose channel it is.
    """

    name: str
    steps: tuple[Step, ...]
    ending: Ending | None
    asked: Mapping[Channel, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[tuple[Side, Channel], frozenset[str]] = field(default_factory=dict)
