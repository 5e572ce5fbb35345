"""The plainest messages: what a person types first, each with its kind and needs, to learn from or to judge by.

The labelled messages are mostly stories in which the plainest words are led astray on purpose. What is learned from
these is material.py's.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from bot.intake_files import plain_message
from bot.learning.cases import UNSEEN, BadCases, Case
from bot.learning.plain_table import PlainMessage
from inbox.facts import Facts
from inbox.kind import KINDS

FILE = "plain_messages.csv"
UNSEEN_FOLDER = "plain"
WAYS = ("chat", "mail")  # in turn


def read_plain_messages(cases_dir: Path) -> tuple[PlainMessage, ...]:
    """Every plain message beside the cases; none when the folder holds no file of them. Raises BadCases."""
    file = cases_dir / FILE
    return _messages_of(file) if file.is_file() else ()


def read_unseen_plain(cases_dir: Path) -> tuple[Case, ...]:
    """Plain messages that nothing was learned from, as cases to judge by; a file is a writer. Raises BadCases."""
    files = sorted((cases_dir / UNSEEN / UNSEEN_FOLDER).glob("*.csv"))
    return tuple(_case(file.stem, place, one) for file in files for place, one in enumerate(_messages_of(file)))


def _messages_of(file: Path) -> tuple[PlainMessage, ...]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, strict=True)
        try:
            return tuple(_plain_message(row) for row in rows)
        except (ValueError, KeyError, AttributeError, csv.Error) as error:
            raise BadCases(f"{file}:{rows.line_num}: {type(error).__name__}: {error}") from error


def _plain_message(row: Mapping[str, str]) -> PlainMessage:
    found = PlainMessage(row["kind"], tuple(row["needs"].split()), row["text"])
    if found.kind not in KINDS:
        raise ValueError(f"kind: {found.kind!r}")
    if (found.kind == "request") != bool(found.needs):
        raise ValueError("a request asks for something, and nothing else does")
    if not found.text.strip():
        raise ValueError("no text")
    return found


def _case(writer: str, place: int, told: PlainMessage) -> Case:
    name = f"{writer}-{place}"
    message = plain_message(name, WAYS[place % len(WAYS)], "", told.text)
    return Case(name, writer, message, told.kind, told.needs, (), Facts(), None)
