"""An adviser's own page: what waits, and the own absence. GET shows, POST acts; deciding is bot/web/decision.py's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.adviser import absence, open_proposals
from bot.store import absences, adviser_links, pool, proposals
from bot.store.database import transaction
from bot.turn import Turn
from bot.web.absence_form import AbsenceForm, as_absence, filled_in
from bot.web.adviser_link import link_form
from bot.web.app import Site, site_of
from bot.web.ask import elsewhere
from bot.web.forms import from_elsewhere
from expertise.experts import Expert

WRONG_LINK = "Deze link klopt niet of is te oud. Vraag hier een nieuwe."
GONE_TITLE, GONE = "Dit voorstel wacht niet meer op jou", "Er is al besloten, of een collega heeft het overgenomen."


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at an adviser's page: its address, whose it is, and the open store."""

    site: Site
    db: Database
    path: str
    adviser: Expert

    def turn(self) -> Turn:
        """What is done on this page, now."""
        now = self.site.now()
        shelf = self.site.shelf.current(self.db)
        return Turn(self.db, self.site.wiring, shelf, now, f"page:adviser:{self.adviser.id}:{now.isoformat()}", "web")

    def again(self, place: str) -> Response:
        """Show the page afresh, so that a reload sends nothing twice."""
        return RedirectResponse(f"{self.path}#{place}", status_code=303)


Fields = Mapping[str, str]
Act = Callable[[Visit, Fields], Response]


def routes() -> list[Route]:
    """The page of one adviser and its buttons."""
    page = "/adviseur/{signed}"
    return [
        Route(page, show, methods=["GET"]),
        Route(f"{page}/voorstel", _posting(_open_proposal), methods=["POST"]),
        Route(f"{page}/afwezig", _posting(_keep_absence), methods=["POST"]),
        Route(f"{page}/terug", _posting(_end_absence), methods=["POST"]),
    ]


def show(request: Request) -> Response:
    """What waits and when the adviser is away; a link from a mail may have filled in the form."""
    form = filled_in(request.query_params)
    return _visit(site_of(request), request.path_params["signed"], lambda visit: _page(visit, form, {}))


def _posting(act: Act) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        site = site_of(request)
        if from_elsewhere(request):
            return elsewhere(request)
        async with request.form(max_files=0, max_fields=10) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        signed = request.path_params["signed"]
        return await run_in_threadpool(_visit, site, signed, lambda visit: act(visit, fields))

    return handle


def _visit(site: Site, signed: str, answer: Callable[[Visit], Response]) -> Response:
    """Find whose page it is and answer; with a link that is wrong or too old nothing is shown of anybody."""
    secret = site.wiring.links.adviser_secret_in(signed)
    with site.store() as db:
        adviser_id = adviser_links.adviser_of(db, secret, site.now()) if secret else None
        adviser = pool.find(db, adviser_id) if adviser_id else None
        if secret is None or adviser is None:
            return link_form(site, notice=WRONG_LINK, status=404)
        return answer(Visit(site, db, site.wiring.links.adviser_path(secret), adviser))


def _open_proposal(visit: Visit, fields: Fields) -> Response:
    """Give the adviser a secret for one proposal that waits, and go to the page on which it is decided."""
    turn = visit.turn()
    with transaction(visit.db):
        waiting = {str(one.id): one for one in proposals.waiting_for(visit.db, visit.adviser.id)}
        proposal = waiting.get(fields.get("proposal", ""))
        if proposal is None:
            return visit.site.page("message.html.j2", 409, title=GONE_TITLE, text=GONE)
        secret = turn.invite("proposal", proposal.id, visit.adviser.email)
    return RedirectResponse(urlsplit(visit.site.wiring.links.decision(secret)).path, status_code=303)


def _keep_absence(visit: Visit, fields: Fields) -> Response:
    form, turn = filled_in(fields), visit.turn()
    with transaction(visit.db):
        colleagues = _colleagues(visit)
        away = [each for one in colleagues for each in absences.of_person(visit.db, one.id, turn.today)]
        told, problems = as_absence(form, visit.adviser, colleagues, away, turn.today)
        if told is not None:
            absence.keep(turn, told)
    return visit.again("afwezig") if told is not None else _page(visit, form, problems, 422)


def _end_absence(visit: Visit, fields: Fields) -> Response:
    """One absence is over or taken back; a second press of the same button does nothing."""
    turn = visit.turn()
    with transaction(visit.db):
        own = {str(each.id): each for each in absences.of_person(visit.db, visit.adviser.id, turn.today)}
        kept = own.get(fields.get("absence", ""))
        if kept is not None:
            absence.end(turn, visit.adviser, kept.id)
    return visit.again("afwezig")


def _colleagues(visit: Visit) -> list[Expert]:
    """The other advisers, by organisation and name."""
    others = [
        one for one in pool.everyone(visit.db) if one.role == "adviser" and one.active and one.id != visit.adviser.id
    ]
    return sorted(others, key=lambda one: (one.organisation, one.name))


def _page(visit: Visit, form: AbsenceForm, problems: Mapping[str, str], status: int = 200) -> Response:
    turn = visit.turn()
    waiting = [open_proposals.waiting_facts(turn, each) for each in open_proposals.of(visit.db, visit.adviser)]
    colleagues = _colleagues(visit)
    names = {one.id: one.name for one in colleagues}
    return visit.site.page(
        "adviser.html.j2",
        status,
        path=visit.path,
        adviser=visit.adviser,
        waiting=waiting,
        away=[
            {
                "id": each.id,
                "first_day": each.absence.first_day,
                "last_day": each.absence.last_day,
                "substitute": names.get(each.absence.substitute_id, ""),
                "now": each.absence.holds_on(turn.today),
            }
            for each in absences.of_person(visit.db, visit.adviser.id, turn.today)
        ],
        colleagues=colleagues,
        form=form,
        from_a_link=bool(form.first or form.last) and not problems,
        problems=problems,
    )
