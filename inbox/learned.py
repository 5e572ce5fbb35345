"""What was learned from labelled messages, as arrays in one small file; learning itself belongs in bot/learning/."""

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np

from inbox.kind import LearnedKinds
from inbox.learned_facts import FACT_VALUES, LearnedFact
from inbox.needs import LearnedNeeds
from inbox.vectors import Vector

PROBE = "Wij zoeken iemand die meedenkt over ons plan voor het dorp."
"""Every model reads this sentence in its own way: so it shows for which model something was learned."""
SAME_MODEL = 0.99
SHIPPED_FILE = "learned.npz"


class UnreadableLearned(ValueError):
    """The bytes are not a file of what was learned, or of another release."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Everything learned for one language model; `probe` (d,) is how that model reads PROBE."""

    probe: Vector
    needs: LearnedNeeds
    kinds: LearnedKinds
    budget: LearnedFact
    provincial_dependence: LearnedFact
    phase: LearnedFact

    @property
    def facts(self) -> dict[str, LearnedFact]:
        """What was learned about facts, by name of the fact."""
        return {name: getattr(self, name) for name in FACT_VALUES}

    def fits(self, probe: Vector) -> bool:
        """Tell whether the model that read PROBE like this is the one of the training."""
        return probe.shape == self.probe.shape and float(probe @ self.probe) >= SAME_MODEL


@cache
def shipped_learned() -> Learned:
    """What ships with the product, learned for the default model."""
    return read_learned(files("inbox").joinpath(SHIPPED_FILE).read_bytes())


def read_learned(data: bytes) -> Learned:
    """Read the file. Raises UnreadableLearned."""
    try:
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return Learned(
                probe=arrays["probe"],
                needs=LearnedNeeds(**_parts(arrays, "needs", LearnedNeeds)),
                kinds=LearnedKinds(**_parts(arrays, "kinds", LearnedKinds)),
                **{name: LearnedFact(**_parts(arrays, name, LearnedFact)) for name in FACT_VALUES},
            )
    except (OSError, KeyError, ValueError, TypeError, EOFError, BadZipFile) as error:
        raise UnreadableLearned("not a file of what was learned") from error


def write_learned(learned: Learned) -> bytes:
    """The bytes of the file: the same for the same values."""
    arrays: dict[str, Any] = {"probe": learned.probe}
    records: dict[str, LearnedNeeds | LearnedKinds | LearnedFact] = {
        "needs": learned.needs,
        "kinds": learned.kinds,
        **learned.facts,
    }
    for group, record in records.items():
        for field in fields(record):
            arrays[f"{group}.{field.name}"] = np.asarray(getattr(record, field.name))
    file = BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _parts(arrays: Any, group: str, record: type) -> dict[str, Any]:
    return {field.name: _value(arrays[f"{group}.{field.name}"]) for field in fields(record)}


def _value(array: Any) -> Any:
    if array.dtype.kind == "U":
        return tuple(str(code) for code in array)
    return float(array) if array.ndim == 0 else array
