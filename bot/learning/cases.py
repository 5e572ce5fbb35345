"""Labelled messages from files, for learning and measuring; neither of the two is done here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.intake_files import plain_message
from inbox.facts import Facts
from inbox.message import Message
from inbox.sentences import Span

DEVELOPMENT = "dev_requests"
"""The file that nothing is learned from."""
UNSEEN = "unseen"
"""The folder of messages by writers from whom nothing was learned: what a new writer may expect."""


class BadCases(ValueError):
    """A file of labelled messages is missing or has a wrong line; the text says where."""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled message. `writer` names the file: a file is the work of one writer.

    `evidence` pairs a need with the words that show it; `facts` holds only what is labelled.
    """

    id: str
    writer: str
    message: Message
    kind: str
    needs: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    facts: Facts
    eligibility: str | None

    def shown_in(self, span: Span) -> frozenset[str]:
        """The needs whose evidence overlaps a span of the text."""
        found = ((need, self.message.text.find(words), len(words)) for need, words in self.evidence)
        return frozenset(need for need, at, size in found if at >= 0 and at < span[1] and at + size > span[0])


def read_cases(folder: Path) -> tuple[Case, ...]:
    """Every case of every .jsonl file of the folder, by name of file. Raises BadCases."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise BadCases(f"{folder}: no .jsonl files")
    return tuple(case for file in files for case in _cases_of(file))


def read_unseen(folder: Path) -> tuple[Case, ...]:
    """Every case of the writers that nothing was learned from; none without a folder of them. Raises BadCases."""
    own = folder / UNSEEN
    return read_cases(own) if own.is_dir() else ()


def _cases_of(file: Path) -> list[Case]:
    cases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(file.stem, json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadCases(f"{file}:{number}: {type(error).__name__}: {error}") from error
    return cases


def _case(writer: str, cells: Mapping[str, Any]) -> Case:
    told = cells["facts"]
    return Case(
        id=cells["id"],
        writer=writer,
        message=plain_message(cells["id"], cells["channel"], cells["subject"] or "", cells["text"]),
        kind=cells["kind"],
        needs=tuple(cells["needs"]),
        evidence=tuple(cells["evidence"].items()),
        facts=Facts(
            municipality=told["municipality"],
            budget=told["budget"],
            provincial_dependence=told["provincial_dependence"],
            phase=told["phase"],
        ),
        eligibility=cells["eligibility"],
    )
