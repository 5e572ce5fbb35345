"""The list of instruments and funders: what is recommended beside an expert, kept by a coordinator, and what helped."""

import hashlib
import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.foreign import one_line
from bot.store import instruments
from bot.store.database import transaction
from bot.store.instruments import HELP, KeptInstrument
from bot.web.signed_in import Desk, Fields, again, posting, showing
from expertise.instruments import Instrument, InstrumentKind
from expertise.places import fold

HOME = "/bureau/instrumenten"
LONGEST = {"name": 100, "offered_by": 200, "description": 400}
NO_NAME = "Geef het een naam."
NO_TEXT = "Schrijf in een zin wat het is."
NO_TOPIC = "Kies ten minste één onderwerp."
NO_KIND = "Kies wat het is."
MEANWHILE = "Een collega veranderde dit net. Kijk hoe het er nu staat, en doe het dan opnieuw."
KNOWN = "Er staat al iets met deze naam in de lijst."
PROMISE = "Beloof geen geld. Schrijf alleen bij wie iemand kan aankloppen."
_MONEY = re.compile(
    r"(?:krijg|geven?|betaal|betal|vergoed|garande|belo)\w*[^.]{0,30}\b(?:geld|subsidie|bedrag|euro)\b|€", re.IGNORECASE
)


def routes() -> list[Route]:
    """The list, one line of it, and a new one."""
    return [
        Route(HOME, showing("coordinator", show), methods=["GET"]),
        Route(f"{HOME}/{{code}}", showing("coordinator", show_one), methods=["GET"]),
        Route(f"{HOME}/{{code}}", posting("coordinator", keep), methods=["POST"]),
    ]


def show(desk: Desk) -> Response:
    """Everything that can be recommended, with what was told of it."""
    counts = instruments.help_counts(desk.db)
    return desk.page("instruments.html.j2", lines=[_line(desk, each, counts) for each in _all(desk)], helps=HELP)


def show_one(desk: Desk) -> Response:
    """One line as a form; `nieuw` is an empty one."""
    code = desk.request.path_params["code"]
    known = _find(desk, code)
    if known is None and code != "nieuw":
        raise HTTPException(404)
    return _form(desk, code, _typed(known), {})


def keep(desk: Desk, fields: Fields) -> Response:
    """Keep a line; what is wrong comes back beside its field."""
    code = desk.request.path_params["code"]
    known = _find(desk, code)
    if known is None and code != "nieuw":
        raise HTTPException(404)
    wanted, problems = _read(desk, fields, "" if known is None else code)
    if wanted is None:
        return _form(desk, code, dict(fields), problems, 422)
    turn = desk.turn(f"instrument:{wanted.code}")
    with transaction(desk.db):
        known = _find(desk, wanted.code)
        if fields.get("stamp", "") != _stamp(known):
            return _form(desk, code, _typed(known), {"name": MEANWHILE}, 409)
        instruments.keep(desk.db, wanted, fields.get("active") == "yes", turn.now)
        turn.note(None, "instrument_kept", "coordinator", wanted.code)
    return again(HOME, "kept", f"i-{wanted.code}")


def _read(desk: Desk, fields: Fields, code: str) -> tuple[Instrument | None, dict[str, str]]:
    told = {name: one_line(fields.get(name, ""))[:longest] for name, longest in LONGEST.items()}
    needs = tuple(topic.code for topic in desk.site.wiring.topics if fields.get(f"need_{topic.code}"))
    kind = fields.get("kind", "")
    fresh = code or fold(told["name"]).replace(" ", "_")
    rules = (
        ("name", not told["name"] or not fresh, NO_NAME),
        ("name", not code and (fresh == "nieuw" or _find(desk, fresh) is not None), KNOWN),
        ("kind-instrument", kind not in ("instrument", "funder"), NO_KIND),
        ("description", not told["description"], NO_TEXT),
        ("description", bool(_MONEY.search(told["description"])), PROMISE),
        (f"need_{desk.site.wiring.topics[0].code}", not needs, NO_TOPIC),
    )
    problems: dict[str, str] = {}
    for field, wrong, problem in rules:
        if wrong:
            problems.setdefault(field, problem)
    if problems:
        return None, problems
    offered_by = tuple(each.strip() for each in told["offered_by"].split(";") if each.strip())
    as_kind: InstrumentKind = "funder" if kind == "funder" else "instrument"
    return Instrument(fresh, told["name"], offered_by, needs, told["description"], as_kind), {}


def _form(desk: Desk, code: str, typed: dict[str, Any], problems: dict[str, str], status: int = 200) -> Response:
    topics = desk.site.wiring.topics
    return desk.page(
        "instrument.html.j2",
        status,
        code=code,
        typed=typed,
        stamp=_stamp(_find(desk, code)),
        problems=problems,
        topics=[(topic.code, topic.label) for topic in topics],
        first_topic=f"need_{topics[0].code}",
    )


def _stamp(known: KeptInstrument | None) -> str:
    """How a line stood when the form was shown, to see whether a colleague was faster."""
    return "" if known is None else hashlib.sha256(repr((known.instrument, known.active)).encode()).hexdigest()[:16]


def _typed(known: KeptInstrument | None) -> dict[str, Any]:
    """A line as the form holds it."""
    if known is None:
        return {"kind": "instrument", "active": "yes"}
    instrument = known.instrument
    return {
        "name": instrument.name,
        "kind": instrument.kind,
        "offered_by": "; ".join(instrument.offered_by),
        "description": instrument.description,
        "active": "yes" if known.active else "",
        **{f"need_{code}": "1" for code in instrument.needs},
    }


def _all(desk: Desk) -> tuple[KeptInstrument, ...]:
    return instruments.all_of(desk.db, desk.site.wiring.instruments)


def _find(desk: Desk, code: str) -> KeptInstrument | None:
    return next((each for each in _all(desk) if each.instrument.code == code), None)


def _line(desk: Desk, kept: KeptInstrument, counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    instrument = kept.instrument
    told = counts.get(instrument.code, {})
    return {
        "code": instrument.code,
        "name": instrument.name,
        "kind": instrument.kind,
        "offered_by": instrument.offered_by,
        "labels": [desk.site.wiring.label(code) for code in instrument.needs],
        "active": kept.active,
        "recommended": told.get("recommended", 0),
        "told": [told.get(each, 0) for each in HELP],
    }
