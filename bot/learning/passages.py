"""Passages that tell facts: one to three sentences out of a message, labelled with its facts and nothing else.

They teach in how many ways people say that their budget closes; messages by the thousand hold each way only a few
times. Learned from, never judged. What is learned from them is material.py's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.learning.cases import BadCases
from inbox.learned_facts import FACT_VALUES, Value

FOLDER = "passages"


@dataclass(frozen=True, slots=True)
class Passage:
    """Some sentences and, by name of a fact, the value they tell; None where they tell none."""

    text: str
    told: Mapping[str, Value]


def read_passages(cases_dir: Path) -> tuple[Passage, ...]:
    """Every passage beside the cases, by name of file; none where there is no folder of them. Raises BadCases."""
    return tuple(one for file in sorted((cases_dir / FOLDER).glob("*.jsonl")) for one in _passages_of(file))


def _passages_of(file: Path) -> list[Passage]:
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(_passage(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadCases(f"{file}:{number}: {type(error).__name__}: {error}") from error
    return found


def _passage(cells: Mapping[str, Any]) -> Passage:
    told: dict[str, Value] = {name: cells[name] for name in FACT_VALUES}
    for name, value in told.items():
        if not any(type(value) is type(known) and value == known for known in FACT_VALUES[name]):
            raise ValueError(f"{name}: {value!r}")
    if not cells["text"].strip():
        raise ValueError("no text")
    return Passage(cells["text"], told)
