"""The letters: those that did not leave, and a sample of every letter in every language. Sends nothing.

A sample is shown as it looks in a mailbox, in a frame of its own: what stands in it can run nothing and reach nothing.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import unescape

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.letter_facts import FOR_ADVISERS, FOR_COORDINATORS, FOR_EXPERTS, FOR_INITIATORS, FOR_READERS
from bot.letter_samples import languages_of, ordinary_sample, samples_of
from bot.letters import TEMPLATES, Letter
from bot.store import stuck_letters
from bot.web.app import HEADERS
from bot.web.page_words import direction
from bot.web.paging import paging_of
from bot.web.signed_in import Desk, row_number, showing

PAGE = "/bureau/brieven"
A_PAGE = 25
SAMPLE_PAGE = f"{PAGE}/voorbeeld/{{template}}/{{language}}"
READERS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "initiatiefnemers": FOR_INITIATORS,
    "adviseurs": FOR_ADVISERS,
    "experts": FOR_EXPERTS,
    "coördinatoren": FOR_COORDINATORS,
    "lezers": FOR_READERS,
}
"""For whom each letter is, in the words of the page."""
AROUND_A_FRAME = {"Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; frame-src 'self'"}
_STYLE = re.compile(r' style="([^"]*)"')


def routes() -> list[Route]:
    """The list, one letter, and that letter as a mailbox shows it."""
    return [
        Route(PAGE, showing("coordinator", show), methods=["GET"]),
        Route(SAMPLE_PAGE, showing("coordinator", _show_sample), methods=["GET"]),
        Route(f"{SAMPLE_PAGE}/{{number}}", showing("coordinator", _show_sample), methods=["GET"]),
        Route(f"{SAMPLE_PAGE}/{{number}}/mail", showing("coordinator", _show_mail), methods=["GET"]),
    ]


def show(desk: Desk) -> Response:
    """Letters that were refused or may not have left, a page at a time, and all letters that there are."""
    paging = paging_of(desk.request.query_params, stuck_letters.count(desk.db), A_PAGE)
    stuck = stuck_letters.everything(desk.db, A_PAGE, paging.skip)
    return desk.page(
        "desk_letters.html.j2",
        letters=stuck,
        paging=paging,
        references=stuck_letters.references(desk.db, stuck),
        readers={
            reader: [(name, ordinary_sample(name).subject, languages_of(name)) for name in templates]
            for reader, templates in READERS.items()
        },
    )


def _show_sample(desk: Desk) -> Response:
    """One letter with sample facts: subject, plain text and as a mailbox shows it."""
    template, language, samples, number = _asked(desk)
    response = desk.page(
        "desk_letter.html.j2",
        code=template,
        title=ordinary_sample(template).subject,
        reader=next(reader for reader, templates in READERS.items() if template in templates),
        letter=samples[number - 1],
        language_of_letter=language,
        direction_of_letter=direction(language),
        languages=languages_of(template),
        number=number,
        count=len(samples),
        base=f"{PAGE}/voorbeeld/{template}",
    )
    response.headers.update(AROUND_A_FRAME)
    return response


def _show_mail(desk: Desk) -> Response:
    """The HTML part of a sample, harmless wherever it is opened."""
    _, _, samples, number = _asked(desk)
    html = samples[number - 1].html
    return HTMLResponse(html, headers=in_a_frame(html))


def in_a_frame(html: str) -> dict[str, str]:
    """What a letter in a frame may do: look as its own styles say, each let through by its hash, and nothing else."""
    styles = sorted({unescape(style) for style in _STYLE.findall(html)})
    hashes = [b64encode(sha256(style.encode()).digest()).decode() for style in styles]
    allowed = " ".join(["'unsafe-hashes'", *(f"'sha256-{each}'" for each in hashes)])
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src {allowed}; form-action 'none'; base-uri 'none';"
        " frame-ancestors 'self'; sandbox",
        "X-Frame-Options": "SAMEORIGIN",
    }


def _asked(desk: Desk) -> tuple[str, str, tuple[Letter, ...], int]:
    """The template, the language, its samples and the number of one of them. Raises HTTPException 404."""
    template, language = desk.request.path_params["template"], desk.request.path_params["language"]
    if template not in TEMPLATES or language not in languages_of(template):
        raise HTTPException(404)
    samples, number = samples_of(template, language), row_number(desk.request.path_params.get("number", "1"))
    if number is None or not 1 <= number <= len(samples):
        raise HTTPException(404)
    return template, language, samples, number
