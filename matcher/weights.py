"""What each feature is worth in the order of experts: the record and the file that ships. Learning is not done here."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib import resources

SHIPPED_FILE = "weights.toml"
HEADING = """\
# What each sign is worth in the order of experts, learned from judged requests by `mixmatch train`.
# Together they are 1. What a sign means stands in matcher/features.py.
"""


class BadWeights(ValueError):
    """These are not weights, or those of another release."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature is worth, 0 or more; only the proportions matter."""

    belief: float = 0.0
    focus: float = 0.0
    message: float = 0.0
    sentences: float = 0.0
    evidence: float = 0.0
    language: float = 0.0
    region: float = 0.0
    room: float = 0.0

    def of(self, feature: str) -> float:
        """Return what one feature is worth."""
        worth: float = getattr(self, feature)
        return worth

    @property
    def total(self) -> float:
        """All together."""
        return float(sum(self.of(field.name) for field in fields(self)))


def weights_from(worth: Mapping[str, object]) -> Weights:
    """Make weights of names and numbers. Raises BadWeights for other names, other values or less than 0."""
    if set(worth) != {field.name for field in fields(Weights)}:
        raise BadWeights("these weights are for other features")
    told = {name: value for name, value in worth.items() if isinstance(value, int | float)}
    if len(told) < len(worth) or not all(0 <= value < float("inf") for value in told.values()):
        raise BadWeights("a weight is a number from 0 up")
    if not any(told.values()):
        raise BadWeights("at least one feature must be worth something")
    return Weights(**{name: float(value) for name, value in told.items()})


def write_weights(weights: Weights) -> str:
    """Return the file of weights: TOML, one line a feature, together 1."""
    shares = {name: worth / max(weights.total, 1e-9) for name, worth in asdict(weights).items()}
    return HEADING + "\n".join(["[weights]", *(f"{name} = {share:.6f}" for name, share in shares.items()), ""])


def read_weights(text: str) -> Weights:
    """Read the file of weights. Raises BadWeights."""
    try:
        table = tomllib.loads(text)["weights"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BadWeights("not a file of weights") from error
    if not isinstance(table, dict):
        raise BadWeights("not a file of weights")
    return weights_from(table)


@functools.cache
def shipped_weights() -> Weights:
    """Return the weights that ship with the product."""
    return read_weights(resources.files("matcher").joinpath(SHIPPED_FILE).read_text(encoding="utf-8"))
