"""The page on which somebody decides: GET only shows, POST with an explicit choice decides. Judges nothing itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.adviser.answering import Pending, find_pending, on_answer, refusal
from bot.adviser.handing_over import colleagues
from bot.adviser.other_experts import look_up
from bot.adviser.proposal_facts import need_facts, proposal_facts, shown_experts
from bot.clock.working_days import WorkingCalendar
from bot.fault_points import reached
from bot.initiator.sharing import alike_facts
from bot.letters import DEFAULT_LANGUAGE
from bot.sheet_facts import sheet_facts
from bot.store import proposals
from bot.store.database import transaction
from bot.store.tokens import OF_INITIATORS
from bot.turn import Turn
from bot.web import fresh_link
from bot.web.app import Site, site_of
from bot.web.ask import elsewhere
from bot.web.decision_form import answer_in, days_shown, reasons
from bot.web.forms import from_elsewhere
from bot.web.page_words import language_for, say
from inbox.answer import Answer
from matcher.proposal import Proposal
from matcher.rules import assess

CHOOSE_FIRST = "Kies eerst wat je wilt. Druk dan op de knop."
STAYS = {
    "shown": "Hieronder staan nu ook andere experts. Er is nog niets besloten.",
    "gone": "Deze expert kan nu niet meer. Kies iemand anders. Er is nog niets besloten.",
    "none_found": "We vonden niemand anders. Er is nog niets besloten.",
    "which": "Kies een collega uit de lijst. Er is nog niets besloten.",
    "unclear": CHOOSE_FIRST,
}
"""After these the page itself goes on, with this said on top."""

MESSAGES: dict[str, tuple[str, str]] = {
    "accepted": ("Dank je wel", "Je hebt ja gezegd. Wij regelen de rest. Je krijgt ook een mail."),
    "picked": ("Dank je wel", "Je hebt een andere expert gekozen. Wij regelen de rest. Je krijgt ook een mail."),
    "handed_over": ("Dank je wel", "Je collega beslist nu. Je krijgt ook een mail."),
    "asked": ("Dank je wel", "We stelden je vraag. Het antwoord krijg je van ons. Je mag ook eerder beslissen."),
    "later": ("Dank je wel", "We komen erop terug. Je krijgt ook een mail. Je mag ook eerder beslissen."),
    "passed_on": ("Een collega beslist hierover", "Dit voorstel ligt nu bij een collega. Er is niets veranderd."),
    "declined": ("Dank je wel", "Je hebt nee gezegd. We zoeken verder. Je krijgt ook een mail."),
    "approved": ("Dank je wel", "Het initiatief mag meedoen. We zoeken nu een expert."),
    "refused": ("Dank je wel", "Je besluit is verwerkt. Neem je zelf contact op met de initiatiefnemer?"),
}
TOLD_TO_INITIATORS = ("consented", "consent_refused", "already_decided", "unknown")
"""These may be read by initiators: their words stand with those of the other pages for them, in every language."""

STATUS = {"unknown": 404}
MOST_FIELDS = 20


def show(request: Request) -> Response:
    """The decision with everything needed to take it. Scanners may fetch this as often as they like."""
    site = site_of(request)
    secret, too_old = _secret_in(site, request)
    with site.store() as db:
        turn = _turn(site, db)
        pending = find_pending(turn, secret) if secret else None
        problem = _problem(turn, pending, too_old)
        if problem or pending is None:
            return _refusal(request, problem, _language(request, pending))
        return _page(site, turn, pending, language=_language(request, pending))


async def decide(request: Request) -> Response:
    """Take the decision that was ticked and sent."""
    if from_elsewhere(request):
        return elsewhere(request)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
    response = await run_in_threadpool(_decide, request, fields)
    reached("page_committed")
    return response


def _decide(request: Request, fields: Mapping[str, str]) -> Response:
    site = site_of(request)
    secret, too_old = _secret_in(site, request)
    if secret is None:
        return _message(site, "unknown", language_for(request))
    with site.store() as db:
        pool_now = site.shelf.current(db)
        with transaction(db):
            turn = Turn(db, site.wiring, pool_now, site.now(), f"page:{site.now().isoformat()}", "web")
            pending = find_pending(turn, secret)
            problem, language = _problem(turn, pending, too_old), _language(request, pending)
            if problem or pending is None:
                return _refusal(request, problem, language)
            answer = answer_in(fields, turn.today)
            before = len(_experts(turn, pending))
            outcome: str = "unclear" if answer is None else on_answer(turn, secret, answer, sender=None).outcome
            reached("page_decided")
            if outcome not in STAYS:
                return _message(site, outcome, language)
            refused = _refused(turn, pending, answer) if outcome == "shown" else []
            if outcome == "shown" and not refused and len(_experts(turn, pending)) == before:
                outcome = "none_found"
            return _page(site, turn, pending, outcome, refused, language)


def _turn(site: Site, db: Any) -> Turn:
    return Turn(db, site.wiring, site.shelf.current(db), site.now(), "page", "web")


def _secret_in(site: Site, request: Request) -> tuple[str | None, bool]:
    """The secret of the address, None for one that we did not make, and whether its signature is too old to count."""
    signed = request.path_params["signed"]
    secret = site.wiring.links.secret_in(signed)
    return (secret, False) if secret else (site.wiring.links.old_secret_in(signed), True)


def _problem(turn: Turn, pending: Pending | None, too_old: bool) -> str:
    if pending is None:
        return "unknown"
    return "expired" if too_old else refusal(turn, pending) or ""


def _refusal(request: Request, problem: str, language: str) -> Response:
    if problem == "expired":
        return fresh_link.offer(request, language)
    return _message(site_of(request), problem, language)


def _language(request: Request, pending: Pending | None) -> str:
    """Dutch for advisers and coordinators. Whose link does not work may be anybody: their browser tells."""
    if pending is None:
        return language_for(request)
    to_initiator = pending.token.purpose in OF_INITIATORS
    return language_for(request, pending.case.language) if to_initiator else DEFAULT_LANGUAGE


def _message(site: Site, outcome: str, language: str) -> Response:
    title, text = MESSAGES.get(outcome, ("Dat is niet gelukt", "Kies ja of nee en probeer het nog een keer."))
    if outcome in TOLD_TO_INITIATORS:
        title, text = say(language, f"decided.{outcome}_title"), say(language, f"decided.{outcome}")
    return site.page("message.html.j2", STATUS.get(outcome, 200), language=language, title=title, text=text)


def _page(
    site: Site,
    turn: Turn,
    pending: Pending,
    outcome: str = "",
    refused: Sequence[Mapping[str, Any]] = (),
    language: str = DEFAULT_LANGUAGE,
) -> Response:
    """The page; `outcome` is a code of STAYS, `refused` are people who were looked up and can't be chosen."""
    case = pending.case
    return site.page(
        f"decide_{pending.token.purpose}.html.j2",
        422 if outcome in ("unclear", "which") else 200,
        language=language,
        case=case,
        warning=STAYS.get(outcome, ""),
        refused=refused,
        needs=need_facts(turn, case),
        findings=assess(case.facts).findings,
        budget_sheet=sheet_facts(case.facts),
        experts=_experts(turn, pending),
        **_beside(turn, pending),
    )


def _beside(turn: Turn, pending: Pending) -> dict[str, Any]:
    """What the page of a proposal offers beside choosing an expert."""
    proposal = _proposal(turn, pending)
    if proposal is None:
        return {}
    return {
        "what_if": proposal_facts(turn, pending.case, proposal)["what_if"],
        "similar": alike_facts(turn.db, turn.wiring, pending.case, agreed_only=False),
        "colleagues": colleagues(turn, proposal),
        "reasons": reasons(),
        "days": days_shown(turn.today, WorkingCalendar(turn.wiring.settings.clock.closed)),
    }


def _refused(turn: Turn, pending: Pending, answer: Answer | None) -> list[dict[str, Any]]:
    """Who was looked up by name and can't be chosen, with the reasons."""
    proposal = _proposal(turn, pending)
    if proposal is None or answer is None or answer.choice != "search":
        return []
    found = look_up(turn, pending.case, proposal, answer.expert_hint)
    return [one for one in found if not one["number"]]


def _proposal(turn: Turn, pending: Pending) -> Proposal | None:
    return proposals.find(turn.db, pending.token.subject_id) if pending.token.purpose == "proposal" else None


def _experts(turn: Turn, pending: Pending) -> list[dict[str, Any]]:
    """Everyone whom the adviser was shown, numbered as in the letters; the proposed expert is number 1."""
    proposal = _proposal(turn, pending)
    if pending.token.purpose == "consent":
        proposal = proposals.accepted_of_case(turn.db, pending.case.id)
    return shown_experts(turn, pending.case, proposal) if proposal is not None else []
