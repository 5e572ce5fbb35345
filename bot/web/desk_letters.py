"""The letters: those that did not leave, and a sample of every letter in every language. Sends nothing.

A sample is shown as it looks in a mailbox, in a frame of its own: what stands in it can run nothing and reach nothing.
"""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.letter_facts import FOR_ADVISERS, FOR_COORDINATORS, FOR_EXPERTS, FOR_INITIATORS
from bot.letter_samples import languages_of, ordinary_sample, samples_of
from bot.letters import TEMPLATES, Letter
from bot.store import stuck_letters
from bot.web.app import HEADERS
from bot.web.page_words import direction
from bot.web.signed_in import Desk, showing

PAGE = "/bureau/brieven"
SAMPLE_PAGE = f"{PAGE}/voorbeeld/{{template}}/{{language}}"
READERS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "initiatiefnemers": FOR_INITIATORS,
    "adviseurs": FOR_ADVISERS,
    "experts": FOR_EXPERTS,
    "coördinatoren": FOR_COORDINATORS,
}
"""For whom each letter is, in the words of the page."""
AROUND_A_FRAME = {"Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; frame-src 'self'"}
IN_A_FRAME = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}
"""Mail programs want the style of a letter inside it; nothing else of it is let through."""


def routes() -> list[Route]:
    """The list, one letter, and that letter as a mailbox shows it."""
    return [
        Route(PAGE, showing("coordinator", show), methods=["GET"]),
        Route(SAMPLE_PAGE, showing("coordinator", _show_sample), methods=["GET"]),
        Route(f"{SAMPLE_PAGE}/{{number:int}}", showing("coordinator", _show_sample), methods=["GET"]),
        Route(f"{SAMPLE_PAGE}/{{number:int}}/mail", showing("coordinator", _show_mail), methods=["GET"]),
    ]


def show(desk: Desk) -> Response:
    """Letters that were refused or may not have left, and all letters that there are."""
    stuck = stuck_letters.everything(desk.db)
    return desk.page(
        "desk_letters.html.j2",
        letters=stuck,
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
    return HTMLResponse(samples[number - 1].html, headers=IN_A_FRAME)


def _asked(desk: Desk) -> tuple[str, str, tuple[Letter, ...], int]:
    """The template, the language, its samples and the number of one of them. Raises HTTPException 404."""
    template, language = desk.request.path_params["template"], desk.request.path_params["language"]
    if template not in TEMPLATES or language not in languages_of(template):
        raise HTTPException(404)
    samples, number = samples_of(template, language), desk.request.path_params.get("number", 1)
    if not 1 <= number <= len(samples):
        raise HTTPException(404)
    return template, language, samples, number
