"""Dutch place names written by ear in Cyrillic or Arabic letters; whose place it is is not decided here."""

import functools
import re
from collections.abc import Iterable, Mapping

from expertise.places import BELGIUM, BRABANT, Place, shipped_places
from inbox.folding import fold

_VOWEL = "."
_LATIN_CLUSTERS = (("sch", "sg"), ("ch", "g"), ("ck", "k"), ("th", "t"), ("ph", "f"), ("qu", "k"), ("x", "ks"))
_FINAL_SCH = re.compile(r"sch$")
# One letter for each group of consonants that are heard or spelt alike: Veldhoven, Фельдговен and فلدهوفن.
_HEARD = {
    letter: heard
    for heard, letters in {
        "b": "bpбпبپ",
        "f": "fvwфвفڤ",
        "g": "ghгґхغخحجه",
        "t": "tdтдتطثدضذ",
        "s": "szсзшжцщزسصشظ",
        "k": "kcqкقكگ",
        "l": "lлل",
        "m": "mмم",
        "n": "nнن",
        "r": "rрر",
        _VOWEL: "aeiouyjаеєиіїйоуюяыэёاويىع",
    }.items()
    for letter in letters
}
_ARABIC = re.compile(r"[\u0600-\u06ff]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_ARABIC_FINALS = "هاي"
_FEWEST_CONSONANTS = {"cyrillic": 3, "arabic": 4}
"""Fewer could be an everyday word: "в Марині" is no Maren."""


@functools.lru_cache(maxsize=10_000)
def name_by_sound(word: str) -> str | None:
    """The one place name that a folded Cyrillic or Arabic word sounds like; None for none and for several.

    Cyrillic words may have a case ending. Of names that sound alike only a municipality's own is chosen.
    """
    if _CYRILLIC.fullmatch(word):
        key = _heard(word).rstrip(_VOWEL)
        keys = [key, re.sub(r"\.[mg]$", "", key)]
        return _named(keys, _by_sound(), _FEWEST_CONSONANTS["cyrillic"])
    if _ARABIC.fullmatch(word) and not word.startswith("ال"):
        return _named([_skeleton(word.rstrip(_ARABIC_FINALS))], _by_skeleton(), _FEWEST_CONSONANTS["arabic"])
    return None


def _named(keys: Iterable[str], names: Mapping[str, str], fewest: int) -> str | None:
    found = (names.get(key) for key in keys if len(key.replace(_VOWEL, "")) >= fewest)
    return next((name for name in found if name), None)


def _heard(word: str) -> str:
    """The consonants as heard, with a dot for the vowels between them."""
    sounds = "".join(_HEARD.get(letter, "") for letter in word)
    return re.sub(r"(.)\1+", r"\1", sounds)


def _skeleton(word: str) -> str:
    """The consonants alone: Arabic leaves short vowels out."""
    return _heard(word).replace(_VOWEL, "")


def _heard_in_dutch(name: str) -> str:
    plain = _FINAL_SCH.sub("s", fold(name))
    for letters, heard in _LATIN_CLUSTERS:
        plain = plain.replace(letters, heard)
    return _heard(plain).rstrip(_VOWEL)


@functools.cache
def _by_sound() -> Mapping[str, str]:
    return _unique((_heard_in_dutch(place.name), place) for place in _single_names())


@functools.cache
def _by_skeleton() -> Mapping[str, str]:
    return _unique((_heard_in_dutch(place.name).replace(_VOWEL, ""), place) for place in _single_names())


def _single_names() -> list[Place]:
    """Names of one word: of Noord-Brabant but for its hamlets, and the municipalities elsewhere in the country."""
    return [
        place
        for place in shipped_places()
        if fold(place.name).isalpha() and (place.kind == "municipality" or _is_well_known(place))
        if place.province != BELGIUM
    ]


def _is_well_known(place: Place) -> bool:
    return place.province == BRABANT and (place.kind == "neighbourhood" or place.latitude is not None)


def _unique(heard: Iterable[tuple[str, Place]]) -> Mapping[str, str]:
    """For each sound the name that has it; of several places the municipality, else the only one with a position."""
    places: dict[str, list[Place]] = {}
    for key, place in heard:
        places.setdefault(key, []).append(place)
    chosen: dict[str, str] = {}
    for key, alike in places.items():
        for fits in (
            [place for place in alike if place.kind == "municipality"],
            [place for place in alike if place.latitude is not None],
            alike,
        ):
            if fits and len({place.municipality for place in fits}) == 1:
                chosen[key] = fold(fits[0].name)
            if fits:
                break
    return chosen
