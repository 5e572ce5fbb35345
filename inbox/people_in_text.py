"""Whom a text names: people with a title or a relation beside their name, and full names. Masks nothing itself.

Only what is plainly a person: a capital alone is a place, an organisation or the beginning of a sentence.
"""

import re
from collections.abc import Iterator

from expertise.places import places_named

KIN = (
    r"man|vrouw|zoon|dochter|moeder|vader|broer|zus|zusje|broertje|partner|kind|opa|oma|buurman|buurvrouw|vriend|vriendin"
    r"|zoontje|dochtertje|kleinzoon|kleindochter|oom|tante|neef|nicht|husband|wife|son|daughter|mother|father|brother"
    r"|sister|friend|neighbour"
)
"""Relations of one person, as a pattern of words in small letters."""

_BETWEEN = r"(?:(?:van|von|de|der|den|het|'t|ten|ter|te|el|al|la|le|du|di) ){0,3}"
_WORD = r"[^\W\d_a-zß-öø-ÿ][\w'’-]{1,40}"  # begins with a capital
_INITIALS = r"(?:[A-Z]\. ?){0,4}"
_NAME = rf"{_INITIALS}{_BETWEEN}{_WORD}(?: {_BETWEEN}{_WORD}){{0,2}}"

_TITLE = (
    r"(?:mevrouw|meneer|mijnheer|de heer|dokter|professor|familie|miss"
    r"|(?:mevr|mw|dhr|dr|drs|prof|fam|mrs|mr)\b\.?)"
)
_INTRODUCED = (
    # de heer Jansen, mevr. P. de Vries, familie Van den Berg; "een mevrouw van Fontys" is nobody's name
    re.compile(rf"\b(?!(?<=(?:een|.de) )\w+ van )(?i:{_TITLE} ){{1,3}}(?P<name>{_NAME})"),
    # mijn zoon Daan, our neighbour Anna
    re.compile(rf"\b(?i:mijn|m'n|onze|zijn|haar|hun|my|our|his|her|their) (?i:{KIN}) (?P<name>{_NAME})"),
    # mijn naam is Anna, ik heet Daan de Wit, ik ben Anna de Wit
    re.compile(rf"\b(?i:mijn naam is|ik heet|my name is) (?P<name>{_NAME})"),
    re.compile(rf"\b(?i:ik ben|i am|i'm) (?P<name>{_WORD} {_BETWEEN}{_WORD})"),
)
_VERB = r"(?:heeft|had|kreeg|krijgt|is|was|lijdt|leed|kampt|slikt|zit|ligt|werd|wordt|has|got|suffers)"
_FULL = re.compile(rf"(?<![\w'’-])(?P<name>{_WORD} {_BETWEEN}{_WORD})(?= {_VERB}\b)")
_NO_NAME = frozenset(
    {
        "de", "het", "een", "onze", "ons", "ook", "in", "op", "wij", "we", "deze", "dit", "die", "dat", "alle", "veel",
        "en", "of", "maar", "want", "dus", "als", "the", "our", "stichting", "coöperatie", "cooperatie", "vereniging",
        "huize", "huis", "gemeente", "provincie", "team", "wijk", "buurt", "club", "dorp", "dorpshuis", "stad",
        "project", "fonds", "instituut", "college", "school", "universiteit", "nederland", "europa", "sint", "st",
    }
)  # fmt: skip
_NO_PERSON = re.compile(
    r"\w(?:straat|laan|weg|plein|dreef|park|school|huis|fonds|college|club|kring|tuin|groep|zaal|punt)$"
)


def introduced_names(text: str) -> Iterator[tuple[int, int]]:
    """Where the names of people stand that come behind a title, a relation or "my name is"; without these words.

    A text that is nothing but a title and a name is told of nobody: such are the names in lists of our own.
    """
    for pattern in _INTRODUCED:
        for found in pattern.finditer(text):
            alone = found[0] == text.strip()
            if not alone and not _is_no_person(found["name"]):
                yield found.span("name")


def full_names(text: str) -> Iterator[tuple[int, int]]:
    """Where a first and a last name stand before a verb that tells what somebody has or is."""
    for found in _FULL.finditer(text):
        if not _is_no_person(found["name"]):
            yield found.span("name")


def _is_no_person(name: str) -> bool:
    """Whether the words are of a place, a street or an organisation."""
    words = [word.lower() for word in name.split() if word[0].isupper()]
    return bool(_NO_NAME.intersection(words) or _NO_PERSON.search(words[-1]) or places_named(name))
