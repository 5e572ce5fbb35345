"""Who did what at the desk, and when. Shows only; what happened in one case stands on the page of that case."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.store import audit, pool
from bot.web.paging import page_in
from bot.web.signed_in import Desk, showing

PATH = "/bureau/wie-deed-wat"
A_PAGE = 50
LAST_PAGE = 1000


def routes() -> list[Route]:
    """The list."""
    return [Route(PATH, showing("coordinator", show), methods=["GET"])]


def show(desk: Desk) -> Response:
    """A page of the list, the newest first; a page that makes no sense is the first one."""
    number = min(page_in(desk.request.query_params), LAST_PAGE)
    found = audit.deeds(desk.db, A_PAGE + 1, (number - 1) * A_PAGE)
    names = {one.id: f"{one.name}, {one.organisation}" for one in pool.everyone(desk.db)}
    facts: dict[str, Any] = {"deeds": found[:A_PAGE], "more": len(found) > A_PAGE, "number": number}
    return desk.page("desk_deeds.html.j2", names=names, path_of_deeds=PATH, **facts)
