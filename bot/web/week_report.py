"""The weekly report on the desk: of any week, as a page or as a sheet. Who sees figures only sees no small ones."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.report.desk_links import REPORTS, report_path
from bot.report.layout import drawn
from bot.report.sheet import MEDIA_TYPE, as_xlsx
from bot.report.telling import Telling, tell, tell_public
from bot.report.week_report import Report, make_report
from bot.report.words import cut, phrase, shown
from bot.store import reports
from bot.web.signed_in import Desk, showing
from bot.week import Week, parse_week, week_of

MOST_WEEKS = 60  # in the list: somewhat more than a year
MOST_WAITING = 100  # rows of a list; the desk's own pages show all


def routes() -> list[Route]:
    """The list of weeks, a week's report, and its sheet."""
    return [
        Route(REPORTS, showing("reader", show_list), methods=["GET"]),
        Route(f"{REPORTS}/{{week}}", showing("reader", show), methods=["GET"]),
        Route(f"{REPORTS}/{{week}}/xlsx", showing("reader", sheet), methods=["GET"]),
    ]


def show_list(desk: Desk) -> Response:
    """The weeks that can be told; a week that is asked for by name is shown at once."""
    asked = desk.request.query_params.get("week", "").strip()
    if asked:
        try:
            return show_week(desk, _asked_week(desk, asked))
        except HTTPException as problem:
            return _weeks_page(desk, problem.detail, asked)
    return _weeks_page(desk, "", "")


def show(desk: Desk) -> Response:
    """The report of the week in the address. Of a week that is none, or has not begun, nothing can be told (404)."""
    try:
        return show_week(desk, _asked_week(desk, desk.request.path_params["week"]))
    except HTTPException as problem:
        return _weeks_page(desk, problem.detail, desk.request.path_params["week"], 404)


def show_week(desk: Desk, week: Week) -> Response:
    """The report of a week that has begun; looking keeps nothing."""
    report = _report(desk, week)
    return desk.page(
        "week_report.html.j2",
        told=_told(desk, report),
        show=drawn,
        shown=shown,
        cut=lambda table: cut(table, MOST_WAITING),
        phrase=phrase,
        before=report_path(week.previous()),
        sheet=f"{report_path(week)}/xlsx",
        reports=REPORTS,
    )


def sheet(desk: Desk) -> Response:
    """The same report as a spreadsheet."""
    try:
        week = _asked_week(desk, desk.request.path_params["week"])
    except HTTPException as problem:
        return _weeks_page(desk, problem.detail, desk.request.path_params["week"], 404)
    telling = _told(desk, _report(desk, week))
    site = "" if telling.public else desk.site.wiring.settings.web.base_url.rstrip("/")
    name = phrase("sheet_name", week=week)
    return Response(
        as_xlsx(telling, site),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _report(desk: Desk, week: Week) -> Report:
    wiring = desk.site.wiring
    return make_report(desk.db, week, desk.site.now(), wiring.topics, wiring.settings.report.goal, keep=False)


def _told(desk: Desk, report: Report) -> Telling:
    return tell(report) if desk.person.may("coordinator") else tell_public(report)


def _asked_week(desk: Desk, text: str) -> Week:
    try:
        week = parse_week(text)
    except ValueError:
        raise HTTPException(404, phrase("no_such_week", week=_last(desk))) from None
    if week.start > desk.site.now():
        raise HTTPException(404, phrase("not_begun"))
    return week


def _last(desk: Desk) -> Week:
    return week_of(desk.site.now()).previous()


def _weeks_page(desk: Desk, problem: str, asked: str, status: int = 200) -> Response:
    last = _last(desk)
    kept = [parse_week(each) for each in reports.weeks_kept(desk.db)]
    weeks = sorted({last, *kept}, reverse=True)[:MOST_WEEKS]
    return desk.page(
        "week_reports.html.j2",
        status,
        weeks=[(report_path(week), week.in_words(), week.days_in_words()) for week in weeks],
        running=report_path(week_of(desk.site.now())),
        problem=problem,
        asked=asked,
        example=str(last),
        reports=REPORTS,
    )
