"""What got stuck: messages that could not be read and letters that did not leave, each to try again or let go.

The page with the letters themselves is bot/web/desk_letters.py's.
"""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.foreign import one_line
from bot.store import events, letters, quarantine, stuck_letters
from bot.store.database import transaction
from bot.web.paging import paging_of
from bot.web.signed_in import Desk, Fields, again, posting, showing

A_PAGE = 25
MOST_SHOWN = 20_000  # bytes of a message that nobody could read


def routes() -> list[Route]:
    """The messages in quarantine, and the buttons under messages and letters."""
    return [
        Route("/bureau/quarantaine", showing("coordinator", show_quarantine), methods=["GET"]),
        Route("/bureau/quarantaine/{id}", showing("coordinator", _show_message), methods=["GET"]),
        Route("/bureau/quarantaine/{id}/opnieuw", posting("coordinator", _try_again), methods=["POST"]),
        Route("/bureau/quarantaine/{id}/klaar", posting("coordinator", _put_aside), methods=["POST"]),
        Route("/bureau/brieven/{id}/opnieuw", posting("coordinator", _send_again), methods=["POST"]),
        Route("/bureau/brieven/{id}/laat", posting("coordinator", _drop), methods=["POST"]),
    ]


def show_quarantine(desk: Desk) -> Response:
    """Messages that failed three times, a page at a time."""
    paging = paging_of(desk.request.query_params, quarantine.count(desk.db), A_PAGE)
    found = quarantine.everything(desk.db, A_PAGE, paging.skip)
    return desk.page("desk_quarantine.html.j2", messages=found, paging=paging)


def _show_message(desk: Desk) -> Response:
    """One of them, byte for byte, as harmless text."""
    found = quarantine.find(desk.db, desk.row)
    if found is None:
        raise HTTPException(404)
    raw = quarantine.raw_of(desk.db, found.id, MOST_SHOWN).decode("utf-8", "replace")
    shown = "\n".join(one_line(line) for line in raw.splitlines())
    return desk.page("desk_message.html.j2", message=found, shown=shown, cut=found.size > MOST_SHOWN)


def _try_again(desk: Desk, fields: Fields) -> Response:
    del fields
    number = desk.row
    with transaction(desk.db):
        done = quarantine.try_again(desk.db, number)
        if done:
            _note(desk, None, "message_replayed", str(number))
    return again("/bureau/quarantaine", "replayed" if done else "gone")


def _put_aside(desk: Desk, fields: Fields) -> Response:
    del fields
    number = desk.row
    with transaction(desk.db):
        done = quarantine.put_aside(desk.db, number, desk.site.now())
        if done:
            _note(desk, None, "message_put_aside", str(number))
    return again("/bureau/quarantaine", "put_aside" if done else "gone")


def _send_again(desk: Desk, fields: Fields) -> Response:
    del fields
    number = desk.row
    with transaction(desk.db):
        letter = stuck_letters.find(desk.db, number)
        if letter is not None and letters.release_now(desk.db, number, desk.site.now()):
            _note(desk, letter.case_id, "letter_retried", letter.template)
    return again("/bureau/brieven", "letter_retried" if letter is not None else "gone")


def _drop(desk: Desk, fields: Fields) -> Response:
    del fields
    number = desk.row
    with transaction(desk.db):
        letter = stuck_letters.find(desk.db, number)
        if letter is not None:
            stuck_letters.drop(desk.db, number)
            _note(desk, letter.case_id, "letter_dropped", letter.template)
    return again("/bureau/brieven", "letter_dropped" if letter is not None else "gone")


def _note(desk: Desk, case_id: int | None, event: str, detail: str) -> None:
    events.keep(desk.db, case_id, event, "coordinator", desk.site.now(), "web", detail, desk.person.id)
