"""The pages of insight: where questions come from, what the year asks, which found nobody. They only show."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.coordinator.insight import PlaceLine, Places, Trend, gap_facts, gaps, month_bounds, places_asking, trends
from bot.coordinator.map_picture import draw_map
from bot.reasons import words
from bot.report.cells import Hidden
from bot.report.suppression import BESIDE, hide, hide_parts
from bot.report.words import shown
from bot.store.insight import UNKNOWN
from bot.turn import AMSTERDAM
from bot.web.signed_in import Desk, showing
from expertise.places import REGIONS

BAR_HEIGHT = 24  # of the tallest bar of a year


def routes() -> list[Route]:
    """The pages, each for who may see it."""
    return [
        Route("/bureau/inzicht", showing("reader", show), methods=["GET"]),
        Route("/bureau/inzicht/zonder-expert", showing("adviser", show_gaps), methods=["GET"]),
    ]


def show(desk: Desk) -> Response:
    """The map and the year. Who may see figures only gets no small ones, and nothing to work them out from."""
    exact = desk.person.may("adviser")
    wiring, bounds = desk.site.wiring, month_bounds(desk.site.now().astimezone(AMSTERDAM).date())
    need = desk.request.query_params.get("onderwerp", "")
    need = need if need in {topic.code for topic in wiring.topics} else ""
    places = places_asking(desk.db, bounds, need)
    lines = trends(desk.db, bounds, wiring)
    most = max((max(line.months) for line in lines), default=0)
    *of_places, elsewhere, unknown = _cells(places, exact)
    return desk.page(
        "insight.html.j2",
        map=draw_map({line.name: _drawn(cell) for line, cell in zip(places.lines, of_places, strict=True)}),
        places=_place_rows(places, of_places),
        regions=_region_rows(places) if exact else [],
        beside={"elsewhere": shown(elsewhere), "unknown": shown(unknown)},
        total=places.total if exact else None,
        region_names=REGIONS,
        need=need,
        topics=[(topic.code, topic.label) for topic in wiring.topics],
        months=[_month(bound.astimezone(AMSTERDAM).month) for bound in bounds[:-1]],
        first_day=bounds[0].date(),
        trends=[_trend_row(wiring.label(line.code), line, most, exact) for line in lines],
        bar_height=BAR_HEIGHT,
        exact=exact,
    )


def show_gaps(desk: Desk) -> Response:
    """The questions that nobody could serve, put together by meaning: what to recruit for, or to develop."""
    wiring, bounds = desk.site.wiring, month_bounds(desk.site.now().astimezone(AMSTERDAM).date())
    found = [gap_facts(wiring, gap) for gap in gaps(desk.db, wiring, bounds)]
    return desk.page(
        "gaps.html.j2",
        gaps=found,
        total=sum(gap["count"] for gap in found),
        waiting=sum(gap["waiting"] for gap in found),
        first_day=bounds[0].date(),
    )


def _cells(places: Places, exact: bool) -> list[int | Hidden]:
    """The number of each place, then of those elsewhere and unknown; the total may be known from a report."""
    counts = [*(line.count for line in places.lines), places.elsewhere, places.unknown]
    if exact:
        return [*counts]
    return [*(hide_parts(counts, places.total) or (BESIDE if count else 0 for count in counts))]


def _drawn(cell: int | Hidden) -> int:
    """How large a dot is drawn: a number that is not told is drawn as one."""
    return cell if isinstance(cell, int) else 1


def _place_rows(places: Places, cells: Sequence[int | Hidden]) -> list[dict[str, Any]]:
    """Most questions first; numbers that are not told behind those, by name, so that the order tells nothing."""
    both = sorted(zip(places.lines, cells, strict=True), key=lambda pair: _place(*pair))
    return [
        {"name": line.name, "region": line.region, "focus": line.focus, "count": shown(cell)} for line, cell in both
    ]


def _place(line: PlaceLine, cell: int | Hidden) -> tuple[int, str]:
    return (-cell if isinstance(cell, int) else 1, line.name)


def _region_rows(places: Places) -> list[tuple[str, str]]:
    """Only for who may see every number: a region's beside those of its places would tell the small ones."""
    counts = {region: sum(line.count for line in places.lines if line.region == region) for region in REGIONS}
    return [(region, shown(count)) for region, count in counts.items()]


def _trend_row(label: str, line: Trend, most: int, exact: bool) -> dict[str, Any]:
    heights = [round(BAR_HEIGHT * count / most) if most else 0 for count in line.months]
    return {
        "label": label if line.code != UNKNOWN else "",
        "months": line.months if exact else (),
        "bars": [(place, max(height, 1 if count else 0)) for place, (height, count) in
                 enumerate(zip(heights, line.months, strict=True))] if exact else [],
        "total": shown(line.total if exact else hide(line.total)),
    }  # fmt: skip


def _month(month: int) -> str:
    return words("month", month)[:3]
