"""The name by which a writer calls the own initiative; the name of a place or a partner does not belong here."""

import functools
import re
import tomllib
from collections.abc import Sequence
from importlib import resources

from expertise.places import places_named
from inbox.folding import fold
from inbox.sentences import Span

_LONGEST_NAME = 60
_QUOTED = r"['\"‘“„«](?P<name>[A-ZÀ-Þ0-9][^'\"’”»\n]{1,60}|'t [A-ZÀ-Þ][^'\"’”»\n]{1,60})['\"’”»]"
_JOINERS = r"(?:(?:van|voor|in|op|de|den|der|het|'t|&|aan|te|uit|om) ){0,3}"
_CAPITAL = r"[A-ZÀ-Þ][\w&'’-]*"
_PROPER = rf"(?:'[tsn] )?(?:De |Het |Den )?{_CAPITAL}(?:,? {_JOINERS}{_CAPITAL}){{0,5}}"


def find_initiative_name(text: str, spans: Sequence[Span]) -> str | None:
    """The name as the writer spells it, an exact substring; None when no sentence introduces one."""
    for rule in _rules():
        for start, end in spans:
            found = rule.search(text, start, end)
            if found is None or not _is_own(text[start:end]):
                continue
            name = _trimmed(found.group("name"))
            if 3 <= len(name) <= _LONGEST_NAME and not places_named(name):
                return name
    return None


def _trimmed(name: str) -> str:
    """The name without a place told behind it: "De Linde, Boxtel" and "De Linde in Boxtel" are De Linde."""
    head, _, tail = name.rpartition(" ")
    joined = re.search(r"(?:,| in| te| uit)$", head)
    return head[: joined.start()] if joined and places_named(tail) else name.strip(" ,.")


def _is_own(sentence: str) -> bool:
    """True when the sentence speaks of the writer's own group, or is a line of its own such as a signature."""
    return bool(_own().search(fold(sentence))) or len(sentence.split()) <= 8


@functools.cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("inbox").joinpath("initiative_name.toml").read_text("utf-8"))


@functools.cache
def _own() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_words()['own'])})(?!\w)")


@functools.cache
def _rules() -> tuple[re.Pattern[str], ...]:
    """Ordered: a quoted name that is introduced, a name behind its kind, a name behind "wij zijn"."""
    kinds = "|".join(_words()["kinds"])
    capital_kinds = "|".join(kind[0].upper() + kind[1:] for kind in _words()["kinds"])
    introducers = "|".join(_words()["introducers"])
    two_words = _PROPER.replace("{0,5}", "{1,5}")
    return (
        re.compile(rf"(?<!\w)(?i:{introducers}|{kinds}) {_QUOTED}"),
        re.compile(rf"(?<!\w)(?P<name>(?:{capital_kinds}) {_PROPER})"),
        re.compile(rf"(?<!\w)(?:{kinds}) (?P<name>{_PROPER})"),
        re.compile(rf"(?<!\w)(?i:wij zijn|we zijn|namens|we are|wij heten|we heten) (?P<name>{two_words})"),
    )
