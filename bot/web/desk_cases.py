"""The list of cases: searched by words and filters, a page at a time. What one case holds is bot/web/desk_case.py's."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.foreign import one_line
from bot.store import cases, pool
from bot.store.case_search import PAGE_SIZE, Search, search
from bot.web.paging import page_in, paging_of
from bot.web.signed_in import Desk, showing
from expertise.places import REGIONS, region_of, shipped_places
from matcher.proposal import CASE_CHANGES

IDLE_DAYS = (7, 14, 30, 90)
LONGEST_WORDS = 200
STATES = tuple(dict.fromkeys(state for state, _ in CASE_CHANGES))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the form of the list holds, as it stands in the address."""

    words: str = ""
    state: str = ""
    need: str = ""
    region: str = ""
    adviser: str = ""
    owner: str = ""
    idle: str = ""

    def address(self, page: int) -> str:
        """The address of a page of this list."""
        names = {"woorden": self.words, "stand": self.state, "onderwerp": self.need, "regio": self.region}
        names |= {
            "adviseur": self.adviser,
            "van": self.owner,
            "stil": self.idle,
            "pagina": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in names.items() if value})
        return f"/bureau/dossiers{'?' if query else ''}{query}"


def routes() -> list[Route]:
    """The list."""
    return [Route("/bureau/dossiers", showing("coordinator", show), methods=["GET"])]


def show(desk: Desk) -> Response:
    """The cases that answer to the form; with a whole number of a case straight to that case."""
    query = desk.request.query_params
    filters = filters_in(query)
    known = cases.find_by_reference(desk.db, filters.words) if filters.words else None
    if known is not None:
        return RedirectResponse(f"/bureau/dossiers/{known.reference}", status_code=303)
    page = page_in(query)
    found = search(desk.db, as_search(filters), desk.site.now(), page)
    return desk.page(
        "desk_cases.html.j2",
        filters=filters,
        found=found,
        number=page,
        last=paging_of(query, found.total, PAGE_SIZE).last,
        labels={topic.code: topic.label for topic in desk.site.wiring.topics},
        **_lists(desk),
    )


def filters_in(query: QueryParams) -> Filters:
    """What was chosen; what we don't know asks nothing."""
    regions, idle = query.get("regio", ""), query.get("stil", "")
    state = query.get("stand", "")
    return Filters(
        words=one_line(query.get("woorden", ""))[:LONGEST_WORDS],
        state=state if state in STATES else "",
        need=one_line(query.get("onderwerp", ""))[:LONGEST_WORDS],
        region=regions if regions in REGIONS else "",
        adviser=one_line(query.get("adviseur", ""))[:LONGEST_WORDS],
        owner=one_line(query.get("van", ""))[:LONGEST_WORDS],
        idle=idle if idle in {str(days) for days in IDLE_DAYS} else "",
    )


def as_search(filters: Filters) -> Search:
    """What the store has to look for."""
    return Search(
        words=filters.words,
        state=filters.state,
        need=filters.need,
        municipalities=municipalities_of(filters.region),
        adviser=filters.adviser,
        owner=filters.owner,
        idle_days=int(filters.idle or 0),
    )


def municipalities_of(region: str) -> tuple[str, ...]:
    """The municipalities of a region of Noord-Brabant."""
    if not region:
        return ()
    names = {place.municipality for place in shipped_places()}
    return tuple(sorted(name for name in names if region_of(name) == region))


def _lists(desk: Desk) -> dict[str, Any]:
    """What can be chosen in the form."""
    return {
        "states": STATES,
        "topics": desk.site.wiring.topics,
        "regions": REGIONS,
        "advisers": sorted((one for one in pool.everyone(desk.db) if one.role == "adviser"), key=lambda one: one.name),
        "owners": desk.site.wiring.settings.programme.all_coordinators,
        "idle_days": IDLE_DAYS,
    }
