"""What somebody tells after an introduction: did it help, in which phase are they now, what next. Decides nothing."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from inbox.asked import DONT_KNOW, NO, YES, numbered_parts
from inbox.facts import read_facts
from inbox.folding import bare

Helped = Literal["yes", "partly", "no"]
IN_ORDER: tuple[Helped, ...] = ("partly", "no", "yes")
"""In which the words are looked for: "nog niet echt geholpen" holds those of all three."""

_NUMBER = re.compile(r"^\W*(?:fase|phase|faza|фаза|asama|مرحله)?\s*([1-5١-٥])\b", re.IGNORECASE)
_ARABIC_DIGITS = str.maketrans("١٢٣٤٥", "12345")


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer told: `helped` and `phase` (1 to 5) are None where it did not, `next` is "" then.

    `not_known` names what the writer says not to know.
    """

    helped: Helped | None = None
    phase: int | None = None
    next: str = ""
    not_known: tuple[str, ...] = ()


def read_follow_up(text: str, asked: Sequence[str]) -> Told:
    """Read an answer to the questions `asked`: "helped", "phase" and "next", in the order in which they were asked.

    A numbered line answers the question of that number; a single question takes the whole text; without numbers
    several questions take what the text says in so many words, and "next" takes all of it.
    """
    numbered = numbered_parts(text, asked)
    parts = dict(numbered or [(name, text) for name in asked])
    single = bool(numbered) or len(asked) == 1
    unknown = [name for name, part in parts.items() if single and DONT_KNOW.search(bare(part))]
    return Told(
        helped=_helped(parts.get("helped", "")),
        phase=_phase(parts.get("phase", ""), single) if "phase" not in unknown else None,
        next=parts.get("next", "").strip() if "next" not in unknown else "",
        not_known=tuple(unknown),
    )


@cache
def _help_words() -> tuple[tuple[Helped, re.Pattern[str]], ...]:
    data = tomllib.loads(resources.files("inbox").joinpath("follow_up.toml").read_text("utf-8"))
    return tuple((code, re.compile(rf"\b(?:{'|'.join(data[code])})\b")) for code in IN_ORDER)


def _helped(part: str) -> Helped | None:
    plain = bare(part)
    said = next((code for code, words in _help_words() if words.search(plain)), None)
    if said is not None:
        return said
    if NO.match(plain):
        return "no"
    return "yes" if YES.match(plain) else None


def _phase(part: str, single: bool) -> int | None:
    number = _NUMBER.match(part) if single else None
    if number:
        return int(number[1].translate(_ARABIC_DIGITS))
    return read_facts(part).phase
