"""The page on which somebody decides: GET only shows, POST with an explicit choice decides. Judges nothing itself."""

from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.answering import Pending, find_pending, on_answer
from bot.brokering import need_facts
from bot.sheet_facts import sheet_facts
from bot.store import pool, proposals, rankings
from bot.store.database import transaction
from bot.turn import Turn
from bot.web.app import Site, site_of
from inbox.answer import Answer
from matcher.rules import assess

LONGEST_REASON = 1000  # characters

MESSAGES: dict[str, tuple[str, str]] = {
    "accepted": ("Dank je wel", "Je hebt ja gezegd. Wij regelen de rest. Je krijgt ook een mail."),
    "picked": ("Dank je wel", "Je hebt een andere expert gekozen. Wij regelen de rest. Je krijgt ook een mail."),
    "declined": ("Dank je wel", "Je hebt nee gezegd. We zoeken verder. Je krijgt ook een mail."),
    "approved": ("Dank je wel", "Het initiatief mag meedoen. We zoeken nu een expert."),
    "refused": ("Dank je wel", "Je besluit is verwerkt. Neem je zelf contact op met de initiatiefnemer?"),
    "consented": ("Dank je wel", "Je hebt ja gezegd. We brengen je nu in contact met de expert."),
    "consent_refused": ("Dank je wel", "Je hebt nee gezegd. We geven je naam en adres niet door."),
    "already_decided": ("Er was al besloten", "Hierover was al een besluit. Je keuze verandert daar niets aan."),
    "expired": ("Deze link is te oud", "Vraag de coördinator om een nieuwe."),
    "unknown": ("Deze link werkt niet", "De link klopt niet of is te oud. Vraag de coördinator om een nieuwe."),
}
STATUS = {"expired": 410, "unknown": 404}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person ticked on the page."""

    answer: Answer
    clear: bool


def show(request: Request) -> Response:
    """The decision with everything needed to take it. Scanners may fetch this as often as they like."""
    site = site_of(request)
    secret = site.wiring.links.secret_in(request.path_params["signed"])
    with site.store() as db:
        turn = _turn(site, db)
        pending = find_pending(turn, secret) if secret else None
        problem = _problem(turn, pending)
        if problem or pending is None:
            return _message(site, problem or "unknown")
        return _page(site, turn, pending, "")


async def decide(request: Request) -> Response:
    """Take the decision that was ticked and sent."""
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_decide, site_of(request), request.path_params["signed"], fields)


def _decide(site: Site, signed: str, fields: dict[str, str]) -> Response:
    secret = site.wiring.links.secret_in(signed)
    if secret is None:
        return _message(site, "unknown")
    answer = _answer(fields)
    with site.store() as db:
        pool_now = site.shelf.current(db)
        with transaction(db):
            turn = Turn(db, site.wiring, pool_now, site.now(), f"page:{site.now().isoformat()}", "web")
            if answer is None:
                pending = find_pending(turn, secret)
                problem = _problem(turn, pending)
                if problem or pending is None:
                    return _message(site, problem or "unknown")
                return _page(site, turn, pending, "Kies eerst wat je wilt. Druk dan op de knop.")
            settled = on_answer(turn, secret, answer, sender=None)
    return _message(site, settled.outcome)


def _answer(fields: dict[str, str]) -> Answer | None:
    choice, reason = fields.get("choice", ""), fields.get("reason", "").strip()[:LONGEST_REASON]
    if choice == "yes":
        return Answer("yes", reason=reason)
    if choice == "no":
        return Answer("no", reason=reason)
    if choice.isdigit():
        return Answer("other_expert", expert_hint=choice)
    return None


def _turn(site: Site, db: Any) -> Turn:
    return Turn(db, site.wiring, site.shelf.current(db), site.now(), "page", "web")


def _problem(turn: Turn, pending: Pending | None) -> str:
    if pending is None:
        return "unknown"
    if pending.token.expires_at <= turn.now:
        return "expired"
    return "" if pending.open else "already_decided"


def _message(site: Site, outcome: str) -> Response:
    title, text = MESSAGES.get(outcome, ("Dat is niet gelukt", "Kies ja of nee en probeer het nog een keer."))
    return site.page("message.html.j2", STATUS.get(outcome, 200), title=title, text=text)


def _page(site: Site, turn: Turn, pending: Pending, warning: str) -> Response:
    case = pending.case
    return site.page(
        f"decide_{pending.token.purpose}.html.j2",
        200 if not warning else 422,
        case=case,
        warning=warning,
        needs=need_facts(turn, case),
        findings=assess(case.facts).findings,
        budget_sheet=sheet_facts(case.facts),
        experts=_experts(turn, pending),
    )


def _experts(turn: Turn, pending: Pending) -> list[dict[str, Any]]:
    """The proposed expert first, then the alternatives, as the letter numbers them."""
    if pending.token.purpose == "review":
        return []
    proposal = proposals.find(turn.db, pending.token.subject_id)
    if pending.token.purpose == "consent":
        proposal = proposals.accepted_of_case(turn.db, pending.case.id)
    if proposal is None:
        return []
    rows = [row for row in rankings.of_case(turn.db, pending.case.id) if row["position"] is not None]
    rows.sort(key=lambda row: (row["expert_id"] != proposal.expert_id, row["position"]))
    loads = pool.loads(turn.db)
    return [
        {
            **row,
            "number": number,
            "load": loads.get(row["expert_id"], 0) - (row["expert_id"] == proposal.expert_id),
            "capacity": turn.person(row["expert_id"]).capacity,
            "why": [{**why, "label": turn.wiring.label(why["need"])} for why in row["why"]],
        }
        for number, row in enumerate(rows[:3], start=1)
    ]
