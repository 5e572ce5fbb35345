"""The first page of the desk: what waits for a person, each with a link to where something can be done about it."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import accounts
from bot.adviser.page_links import own_page
from bot.store import erasures, lessons, quarantine, stuck_letters
from bot.store.attention import find_longest_waiting
from bot.store.database import transaction
from bot.store.rows import moment
from bot.web.signed_in import Desk, Fields, posting, showing

MOST_SHOWN = 25  # of a kind that waits, the longest first; the lists of cases and of the pool have the others


def routes() -> list[Route]:
    """The first page, and an adviser's way to the own page."""
    return [
        Route("/bureau", showing("reader", show), methods=["GET"]),
        Route("/bureau/mijn-pagina", posting("adviser", _own_page), methods=["POST"]),
    ]


def show(desk: Desk) -> Response:
    """What waits, for a coordinator; the way to what they may see, for others."""
    if not desk.person.may("coordinator"):
        return desk.page("desk_welcome.html.j2")
    return desk.page(
        "desk_home.html.j2",
        waiting=find_longest_waiting(desk.db, desk.site.now(), MOST_SHOWN),
        since=lambda each: moment(each.since),
        stuck=quarantine.count(desk.db),
        letters=stuck_letters.count(desk.db),
        wishes=erasures.count_confirmed(desk.db),
        lessons=lessons.count(desk.db, "waiting"),
    )


def _own_page(desk: Desk, fields: Fields) -> Response:
    """Give an adviser who is signed in a link to the own page, and go there."""
    del fields
    turn = desk.turn("own_page")
    with transaction(desk.db):
        adviser = accounts.adviser_of(turn, desk.person.address)
        if adviser is None:
            return RedirectResponse("/adviseur", status_code=303)
        page = own_page(turn, adviser)
    return RedirectResponse(desk.site.wiring.links.adviser_path(page.secret), status_code=303)
