"""What people write in the load: labelled mails and chats, and the answers of the same people. Sends nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

CASES = Path(__file__).parent.parent.parent / "cases"
ANSWER = "Het gaat om {place}. De begroting sluit. Nee, geen subsidie van de provincie. Ja, delen mag."
PLACES = ("Vessem", "Oss", "Zundert", "Helmond", "Tilburg", "Waalwijk", "Boxtel", "Breda", "Uden", "Veghel")


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody writes: a subject ("" in a chat) and a text."""

    subject: str
    text: str


def written_by(channel: str) -> list[Words]:
    """Everything in the labelled cases that was written in this channel, each text once."""
    found: dict[str, Words] = {}
    for path in sorted(CASES.glob("own_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            if one["channel"] == channel:
                found.setdefault(one["text"], Words(one["subject"] or "", one["text"]))
    return list(found.values())


def shuffled(words: Sequence[Words], chance: Random) -> Iterator[Words]:
    """These words again and again, each round in another order: thousands lie between a text and its return."""
    while True:
        yield from chance.sample(words, len(words))


def chat_lines(chance: Random) -> Iterator[tuple[int, str]]:
    """Lines of chats, each with the number of its writer: somebody asks, and answers what is asked back."""
    for person, words in enumerate(shuffled(written_by("chat"), chance)):
        yield person, words.text
        yield person, ANSWER.format(place=chance.choice(PLACES))
