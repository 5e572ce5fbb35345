"""An initiator's page after an introduction: what others may know, who has the same question, what was learned.

GET only shows; POST keeps what was filled in. Whoever holds the signed link may do so: it opens nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.initiator.sharing import alike_facts, wish_to_meet
from bot.reasons import need_words
from bot.store import cases, instruments, lessons, sharing
from bot.store.database import transaction
from bot.store.instruments import HELP
from bot.store.scrubbing import is_stand_in
from bot.turn import Turn
from bot.web.app import Site, site_of, told
from bot.web.ask import elsewhere
from bot.web.forms import from_elsewhere
from bot.web.page_words import language_for, number, say
from matcher.proposal import Case

PAGE = "/delen/{signed}"
LONGEST_LESSON = 2000  # characters
SAVED = "bewaard"
HELP_WORDS = {
    "yes": "sharing.help_yes",
    "partly": "sharing.help_partly",
    "no": "sharing.help_no",
    "unused": "sharing.help_unused",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at the page: the case it is about, and the open store."""

    site: Site
    db: Database
    request: Request
    case: Case

    def again(self) -> Response:
        """Show the page afresh, so that a reload sends nothing twice."""
        return RedirectResponse(f"{self.request.url.path.removesuffix('/contact')}?{SAVED}", status_code=303)

    def turn(self) -> Turn:
        """What is done on this page, now."""
        now, shelf = self.site.now(), self.site.shelf.current(self.db)
        return Turn(self.db, self.site.wiring, shelf, now, f"sharing:{self.case.id}:{now.isoformat()}", "web")


def routes() -> list[Route]:
    """The page, and its two forms."""
    return [
        Route(PAGE, show, methods=["GET"]),
        Route(PAGE, keep, methods=["POST"]),
        Route(f"{PAGE}/contact", meet, methods=["POST"]),
    ]


def show(request: Request) -> Response:
    """What is known now, ready to be changed."""
    with site_of(request).store() as db:
        visit = _visit(request, db)
        return _not_found(request) if visit is None else _page(visit, {}, {})


async def keep(request: Request) -> Response:
    """Keep whether others may hear of it, what was learned and what helped; what was left open stays as it was."""
    return await _posted(request, _keep)


async def meet(request: Request) -> Response:
    """Let the adviser know whom the initiator would like to meet."""
    return await _posted(request, _meet)


async def _posted(request: Request, act: Any) -> Response:
    if from_elsewhere(request):
        return elsewhere(request)
    async with request.form(max_files=0, max_fields=20) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}

    def answer() -> Response:
        with site_of(request).store() as db:
            visit = _visit(request, db)
            response: Response = _not_found(request) if visit is None else act(visit, fields)
            return response

    return await run_in_threadpool(answer)


def _visit(request: Request, db: Database) -> Visit | None:
    site = site_of(request)
    reference = site.wiring.links.sharing_reference_in(request.path_params["signed"])
    case = cases.find_by_reference(db, reference) if reference else None
    if case is None or is_stand_in(case.initiator):  # erased since
        return None
    return Visit(site, db, request, case)


def _keep(visit: Visit, fields: Mapping[str, str]) -> Response:
    language = language_for(visit.request, visit.case.language)
    text = fields.get("lesson", "").replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LONGEST_LESSON:
        length, most = number(language, len(text)), number(language, LONGEST_LESSON)
        return _page(visit, fields, {"lesson": say(language, "problem.too_long", length=length, most=most)}, 422)
    turn, case = visit.turn(), visit.case
    with transaction(visit.db):
        before = lessons.told_in(visit.db, case.id)
        if text and (before is None or before.lesson != text):
            needs = [need.code for need in case.needs]
            facts = case.facts
            lessons.tell(visit.db, case.id, facts.initiative or "", facts.municipality or "", needs, text, turn.now)
            turn.note(case, "lesson_told", "initiator")
        _keep_choices(turn, case, fields)
    return visit.again()


def _keep_choices(turn: Turn, case: Case, fields: Mapping[str, str]) -> None:
    said = fields.get("others", "")
    known = sharing.find(turn.db, case.reference)
    if said in ("yes", "no") and (known is None or known.agreed != (said == "yes")):
        sharing.keep(turn.db, case.reference, case.id, said == "yes", "initiator", turn.now)
        turn.note(case, f"sharing_{said}", "initiator")
    for each in instruments.recommended_in(turn.db, case.id):
        for helped in HELP:
            if fields.get(f"help_{each.instrument}") == helped != each.helped:
                instruments.tell_help(turn.db, case.id, each.instrument, helped, "initiator", turn.now)
                turn.note(case, "instrument_told", "initiator", f"{each.instrument} {helped}")


def _meet(visit: Visit, fields: Mapping[str, str]) -> Response:
    turn = visit.turn()
    with transaction(visit.db):
        wish_to_meet(turn, visit.case, fields.get("code", ""))
    return visit.again()


def _not_found(request: Request) -> Response:
    return told(request, 404, "failed", "not_found")


def _page(visit: Visit, typed: Mapping[str, str], problems: Mapping[str, str], status: int = 200) -> Response:
    case, wiring = visit.case, visit.site.wiring
    language = language_for(visit.request, case.language)
    known, lesson = sharing.find(visit.db, case.reference), lessons.told_in(visit.db, case.id)
    wished = sharing.wishes_of(visit.db, case.id)
    names = {each.instrument.code: each.instrument.name for each in instruments.all_of(visit.db, wiring.instruments)}
    similar = alike_facts(visit.db, wiring, case, agreed_only=True)
    return visit.site.page(
        "sharing.html.j2",
        status,
        language=language,
        path=visit.request.url.path.removesuffix("/contact"),
        case=case,
        saved=SAVED in visit.request.query_params,
        similar=[
            {
                **each,
                "wished": each["code"] in wished,
                "shared": [need_words(need["code"], need["label"], language) for need in each["needs"]],
            }
            for each in similar
        ],
        lesson=typed.get("lesson", lesson.lesson if lesson else ""),
        others=typed.get("others", "" if known is None else "yes" if known.agreed else "no"),
        recommended=[
            (each.instrument, names.get(each.instrument, each.instrument), each.helped or "")
            for each in instruments.recommended_in(visit.db, case.id)
        ],
        helps=HELP_WORDS,
        problems=problems,
    )
