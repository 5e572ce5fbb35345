"""The portfolio: every initiative with its phase, and whether others may hear of it, which a coordinator can set."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.coordinator.portfolio import GONE, Entry, phase_counts, place_of, portfolio_page
from bot.reasons import words
from bot.store import cases, sharing
from bot.store.database import transaction
from bot.store.scrubbing import is_stand_in
from bot.web.paging import paging_of
from bot.web.signed_in import Desk, Fields, again, posting, showing

HOME = "/bureau/initiatieven"
A_PAGE = 25
MOST_TO_ASK = 50
PHASES = range(1, 6)


def routes() -> list[Route]:
    """The page and its buttons."""
    return [
        Route(HOME, showing("reader", show), methods=["GET"]),
        Route(f"{HOME}/contact", posting("coordinator", set_sharing), methods=["POST"]),
    ]


def show(desk: Desk) -> Response:
    """A page of the initiatives that may be shown; to a coordinator also the cases that were not asked yet."""
    wiring = desk.site.wiring
    counts = phase_counts(desk.db, wiring.initiatives)
    paging = paging_of(desk.request.query_params, sum(counts.values()), A_PAGE)
    entries = portfolio_page(desk.db, wiring.initiatives, A_PAGE, paging.skip)
    ids = sharing.not_asked(desk.db, MOST_TO_ASK) if desk.person.may("coordinator") else []
    return desk.page(
        "initiatives.html.j2",
        initiatives=[_facts(desk, entry) for entry in entries],
        paging=paging,
        phase_counts=[(phase, words("phase", phase), counts[phase]) for phase in PHASES],
        not_asked=[case for case_id in ids if (case := cases.find(desk.db, case_id)) is not None],
        phases=PHASES,
    )


def set_sharing(desk: Desk, fields: Fields) -> Response:
    """Keep what an initiative told a coordinator: may others hear of it? Anything unknown changes nothing."""
    code, said = fields.get("code", ""), fields.get("agreed", "")
    if said not in ("yes", "no"):
        return again(HOME)
    turn = desk.turn(f"sharing:{code}")
    with transaction(desk.db):
        case = cases.find_by_reference(desk.db, code)
        shipped = any(each.code == code for each in desk.site.wiring.initiatives)
        if not shipped and (case is None or case.state in GONE or is_stand_in(case.initiator)):
            return again(HOME)
        sharing.keep(desk.db, case.reference if case else code, case.id if case else None, said == "yes",
                     "coordinator", turn.now)  # fmt: skip
        turn.note(case, f"sharing_{said}", "coordinator", "" if case else code)
    if not shipped and said == "no":
        return again(HOME, "kept")
    number = place_of(desk.db, desk.site.wiring.initiatives, code) // A_PAGE + 1
    return again(HOME, "kept", f"i-{code}", number)


def phase_words(phases: tuple[int, ...]) -> str:
    """The design phases as a sentence: "Fase 3 en 4 van 5: …"; "" when none is known."""
    if not phases:
        return ""
    first, *rest = (words("phase", phase) for phase in phases)
    names = ", daarna ".join((first, *rest))
    return f"Fase {' en '.join(str(phase) for phase in phases)} van 5: {names}"


def _facts(desk: Desk, entry: Entry) -> dict[str, Any]:
    initiative, wiring = entry.initiative, desk.site.wiring
    named = {each.code: each.name for each in wiring.instruments}
    return {
        "code": initiative.code,
        "name": initiative.name,
        "initiator": initiative.initiator,
        "area": initiative.area,
        "question": initiative.question,
        "phases": initiative.phases,
        "phase_words": phase_words(initiative.phases),
        "reached": max(initiative.phases, default=0),
        "labels": [wiring.label(code) for code in initiative.needs],
        "partners": initiative.partners,
        "instruments": [named.get(code, code) for code in initiative.instruments],
        "agreed": entry.agreed,
        "is_case": entry.case_id is not None,
    }
