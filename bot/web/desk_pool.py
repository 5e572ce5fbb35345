"""The pool at the desk: who is in it and how busy, one person changed, who is away. Imports no file."""

from collections import defaultdict
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.coordinator import pool_editing
from bot.foreign import one_line
from bot.reasons import words_or_code
from bot.store import absences, pool
from bot.store.database import transaction
from bot.web.absence_form import as_absence, filled_in
from bot.web.signed_in import Desk, Fields, again, posting, row_number, showing
from expertise.availability import unavailable_because
from expertise.experts import Expert, row_of

EDITED = ("name", "organisation", "email", "telegram", "profile", "regions", "languages", "capacity", "active")
"""The cells that a person can change here; topics are ticked, number and role stay."""


def routes() -> list[Route]:
    """The pool, and the page and forms of one person."""
    page = "/bureau/pool/{id}"
    return [
        Route("/bureau/pool", showing("coordinator", show), methods=["GET"]),
        Route(page, showing("coordinator", _show_one), methods=["GET"]),
        Route(page, posting("coordinator", _change), methods=["POST"]),
        Route(f"{page}/afwezig", posting("coordinator", _keep_absence), methods=["POST"]),
        Route(f"{page}/terug", posting("coordinator", _end_absence), methods=["POST"]),
    ]


def show(desk: Desk) -> Response:
    """Everybody, with what is in hand; words and a role narrow the list."""
    typed = one_line(desk.request.query_params.get("woorden", ""))[:100]
    role = desk.request.query_params.get("rol", "")
    loads, asked = pool.loads(desk.db), pool.adviser_loads(desk.db)
    people = [
        {
            "one": one,
            "load": (asked if one.role == "adviser" else loads).get(one.id, 0),
            "because": unavailable_because(one, loads.get(one.id, 0), desk.today) or "",
        }
        for one in pool.everyone(desk.db)
        if role in ("", one.role) and all(word.casefold() in _searched(one) for word in typed.split())
    ]
    return desk.page("desk_pool.html.j2", people=people, typed=typed, role=role, labels=_labels(desk))


def _searched(one: Expert) -> str:
    return f"{one.name} {one.organisation} {one.profile} {' '.join(one.regions)} {one.email}".casefold()


def _labels(desk: Desk) -> dict[str, str]:
    return {topic.code: topic.label for topic in desk.site.wiring.topics}


def _show_one(desk: Desk) -> Response:
    return _page(desk, _find(desk))


def _find(desk: Desk) -> Expert:
    expert = pool.find(desk.db, desk.request.path_params["id"])
    if expert is None:
        raise HTTPException(404)
    return expert


def _page(
    desk: Desk,
    expert: Expert,
    *,
    cells: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    absence_fields: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    everyone = pool.everyone(desk.db)
    return desk.page(
        "desk_person.html.j2",
        status,
        expert=expert,
        cells=cells or row_of(expert),
        problems=problems or {},
        away=defaultdict(str, absence_fields or {}),
        absences=absences.of_person(desk.db, expert.id, desk.today),
        names={one.id: one.name for one in everyone},
        colleagues=[one for one in everyone if one.role == "adviser" and one.active and one.id != expert.id],
        topics=desk.site.wiring.topics,
        load=pool.loads(desk.db).get(expert.id, 0),
        stamp=_stamp(expert),
    )


def _stamp(expert: Expert) -> str:
    """How somebody stood when the form was shown, to see whether a colleague was faster."""
    return "|".join(row_of(expert).values())


def _change(desk: Desk, fields: Fields) -> Response:
    turn = desk.turn("pool")
    ticked = [topic.code for topic in desk.site.wiring.topics if f"need-{topic.code}" in fields]
    with transaction(desk.db):
        expert = _find(desk)
        topics = sorted(ticked, key=lambda code: expert.needs.index(code) if code in expert.needs else len(ticked))
        cells = {**row_of(expert), **{name: fields.get(name, "").strip() for name in EDITED}, "needs": ";".join(topics)}
        cells["active"] = "yes" if fields.get("active") else "no"
        if fields.get("stamp", "") != _stamp(expert):
            return _page(desk, expert, problems={"": MEANWHILE}, status=409)
        found = pool_editing.change(turn, expert, cells)
    if found:
        told = {column: f"{words_or_code('row_problem', code).capitalize()}." for column, code in found.items()}
        return _page(desk, expert, cells=cells, problems=told, status=422)
    return again(f"/bureau/pool/{expert.id}", "pool_changed")


def _keep_absence(desk: Desk, fields: Fields) -> Response:
    turn, form = desk.turn("absence"), filled_in(fields)
    with transaction(desk.db):
        expert = _find(desk)
        colleagues = [one for one in pool.everyone(desk.db) if one.role == "adviser" and one.id != expert.id]
        away = [each for one in colleagues for each in absences.of_person(desk.db, one.id, turn.today)]
        told, problems = as_absence(form, expert, colleagues, away, turn.today)
        if told is not None:
            pool_editing.keep_absence(turn, told)
    if told is None:
        return _page(desk, expert, problems=problems, absence_fields=fields, status=422)
    return again(f"/bureau/pool/{expert.id}", "absence_kept", "afwezig")


def _end_absence(desk: Desk, fields: Fields) -> Response:
    turn, number = desk.turn("absence"), row_number(fields.get("absence", ""))
    with transaction(desk.db):
        expert = _find(desk)
        if number is not None:
            pool_editing.end_absence(turn, expert, number)
    return again(f"/bureau/pool/{expert.id}", "absence_ended", "afwezig")


MEANWHILE = "Een collega veranderde net iets aan deze persoon. Kijk hoe het er nu staat, en doe het dan opnieuw."
