"""In which language a page for initiators speaks, and its words. Lays nothing out; the letters' words stand elsewhere.

The words stand in bot/texts/pages.<language>.toml. Pages for advisers and coordinators are Dutch.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from starlette.requests import Request

from bot.letters import DEFAULT_LANGUAGE, LANGUAGES, RIGHT_TO_LEFT
from bot.reasons import UnknownWord

CHOSEN = "taal"
"""The part of an address that names the language somebody chose: /vraag?taal=pl."""
FOR_INITIATORS = ("/vraag", "/gesprek/", "/delen/")
MOST_WISHES = 20  # languages of a browser that are looked at

Say = Callable[..., str]

_WEIGHT = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.ASCII)


@cache
def page_words(language: str) -> Mapping[str, Mapping[str, str]]:
    """All words of one language: table → key → words. Raises `UnknownWord` for a language without pages."""
    place = files("bot.texts") / f"pages.{language}.toml"
    if language not in LANGUAGES:
        raise UnknownWord(f"no pages in language {language!r}")
    tables: Mapping[str, Mapping[str, str]] = tomllib.loads(place.read_text(encoding="utf-8"))
    return tables


def say(language: str, key: str, /, **values: object) -> str:
    """The words for a key such as "ask.title", with `values` filled in. Raises `UnknownWord` when there are none."""
    table, _, name = key.partition(".")
    try:
        found = page_words(language)[table][name]
    except KeyError:
        raise UnknownWord(f"no words for {key} on pages in language {language!r}") from None
    return found.format(**values) if values else found


def direction(language: str) -> str:
    """How a page of this language reads: "ltr" or "rtl"."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def own_names() -> dict[str, str]:
    """Every language that pages speak, by what it calls itself."""
    return {language: say(language, "page.name") for language in LANGUAGES}


def number(language: str, count: int) -> str:
    """A whole number with its thousands apart."""
    return f"{count:,}".replace(",", say(language, "page.thousands"))


def chosen(request: Request) -> str:
    """The language that somebody chose with the links on the page; "" when none that we have."""
    wanted = request.query_params.get(CHOSEN, "")
    return wanted if wanted in LANGUAGES else ""


def query_of(request: Request) -> str:
    """What keeps a chosen language in the next address; "" when none was chosen."""
    language = chosen(request)
    return f"?{CHOSEN}={language}" if language else ""


def language_for(request: Request, written: str = "") -> str:
    """The language of a page: what the conversation is `written` in, else what was chosen, else the browser's.

    Dutch where none of these is a language of ours.
    """
    if written in LANGUAGES:
        return written
    return chosen(request) or preferred(request.headers.get("accept-language", "")) or DEFAULT_LANGUAGE


def language_at(request: Request) -> str:
    """The language of a page that tells no more than that something cannot be done."""
    return language_for(request) if request.url.path.startswith(FOR_INITIATORS) else DEFAULT_LANGUAGE


def preferred(accepted: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) wants most; "" for none."""
    wishes = sorted(_wishes(accepted))
    return wishes[0][2] if wishes else ""


def _wishes(accepted: str) -> Iterator[tuple[float, int, str]]:
    """Each language of ours that is named, what is wanted most first when sorted."""
    for place, part in enumerate(accepted.split(",")[:MOST_WISHES]):
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        weight = _WEIGHT.fullmatch(parameter.strip()) if parameter.strip() else None
        wanted = float(weight[1]) if weight else float(not parameter.strip())
        if language in LANGUAGES and wanted > 0:
            yield -wanted, place, language
