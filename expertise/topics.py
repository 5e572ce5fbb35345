"""The topics on which initiatives ask support, read from data; recognising a topic in a text does not belong here."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

Side = Literal["hard", "soft"]

_TEXTS = ("side", "label", "definition", "excludes")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; label, definition, excludes and examples are Dutch, examples are words and phrases people use."""

    code: str
    side: Side
    label: str
    definition: str
    excludes: str
    examples: tuple[str, ...]


def read_topics(text: str) -> tuple[Topic, ...]:
    """The topics of a TOML text, one table [code] a topic, in the order of the text.

    Raises ValueError, naming the topic, when the text is no TOML or a topic lacks a field or has a wrong one.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"topics: no valid TOML: {error}") from error
    if not tables:
        raise ValueError("topics: no topic at all")
    topics = tuple(_read_topic(code, table) for code, table in tables.items())
    _check_labels_differ(topics)
    return topics


@cache
def shipped_topics() -> tuple[Topic, ...]:
    """The thirteen topics that ship with the product."""
    return read_topics(files("expertise").joinpath("topics.toml").read_text(encoding="utf-8"))


def _read_topic(code: str, table: Any) -> Topic:
    if not isinstance(table, Mapping):
        raise ValueError(f"topic {code}: must be a table")
    unknown = sorted(set(table) - {*_TEXTS, "examples"})
    if unknown:
        raise ValueError(f"topic {code}: unknown field {unknown[0]}")
    side, label, definition, excludes = (_text(code, table, field) for field in _TEXTS)
    if side not in {"hard", "soft"}:
        raise ValueError(f"topic {code}: side must be hard or soft, not {side}")
    return Topic(code, cast(Side, side), label, definition, excludes, _examples(code, table))


def _text(code: str, table: Mapping[str, Any], field: str) -> str:
    value = table.get(field, "" if field == "excludes" else None)
    # Only `excludes` may be left empty: a topic does not need a neighbour it is confused with.
    if not isinstance(value, str) or (field != "excludes" and not value.strip()):
        raise ValueError(f"topic {code}: {field} must be a text")
    return value.strip()


def _examples(code: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    examples = table.get("examples")
    if not isinstance(examples, list) or not examples:
        raise ValueError(f"topic {code}: examples must be a list of texts")
    if not all(isinstance(example, str) and example.strip() for example in examples):
        raise ValueError(f"topic {code}: every example must be a text")
    return tuple(example.strip() for example in examples)


def _check_labels_differ(topics: tuple[Topic, ...]) -> None:
    seen: set[str] = set()
    for topic in topics:
        if topic.label in seen:
            raise ValueError(f"topic {topic.code}: label {topic.label} is used twice")
        seen.add(topic.label)
