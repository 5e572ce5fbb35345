"""Somebody's own conversation page: shows what was said, keeps what is written. What to answer the engine decides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.answering import settle_consent
from bot.channels.web_page import keep_message
from bot.contact import keep_contact, readable_contact, wants_contact
from bot.letters import LANGUAGES
from bot.reasons import words
from bot.store import cases, conversations
from bot.store.conversations import Conversation
from bot.store.database import transaction
from bot.turn import Turn
from bot.web.app import Site, site_of
from bot.web.ask import elsewhere
from bot.web.forms import Filled, Problems, empty_form, from_elsewhere, problems_in, problems_in_contact, read_form
from bot.web.talk import talk_of
from matcher.proposal import Case

MONTH = timedelta(days=31)
MOST_WAITING = 10  # messages of one writer that may wait to be read
SOON = timedelta(minutes=2)  # for so long a page looks by itself whether there is an answer
TOO_FAST = "We lezen je vorige berichten nog. Wacht even en probeer het dan nog een keer."
WISHES = {
    "status": "Hoe staat het ervoor met mijn vraag?",
    "stoppen": "Stop maar met mijn vraag.",
    "gegevens": "Laat mijn gegevens zien.",
}
CHOICES = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a conversation: its page's address, who writes there, and the open store."""

    site: Site
    db: Database
    path: str
    conversation: Conversation

    def again(self) -> Response:
        """Show the page afresh, so that a reload sends nothing twice."""
        return RedirectResponse(f"{self.path}#laatste", status_code=303)


Take = Callable[[Visit, Filled], Response]


def routes() -> list[Route]:
    """The conversation page and its buttons."""
    page = "/gesprek/{signed}"
    return [
        Route(page, show, methods=["GET"]),
        Route(page, _posting(_take_message), methods=["POST"]),
        Route(f"{page}/toestemming", _posting(_take_consent), methods=["POST"]),
        Route(f"{page}/bereikbaar", _posting(_take_contact), methods=["POST"]),
        Route(f"{page}/stoppen", confirm_stop, methods=["GET"]),
        *[Route(f"{page}/{wish}", _posting(_wish(text)), methods=["POST"]) for wish, text in WISHES.items()],
    ]


def show(request: Request) -> Response:
    """Everything said so far; what waited for the writer counts as received from now on."""
    return _visit(site_of(request), request.path_params["signed"], lambda visit: _page(visit, empty_form(), {}))


def confirm_stop(request: Request) -> Response:
    """Ask once more, before anything stops."""
    return _visit(
        site_of(request),
        request.path_params["signed"],
        lambda visit: visit.site.page("stop.html.j2", path=visit.path, filled=empty_form()),
    )


def _posting(take: Take) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        site = site_of(request)
        if from_elsewhere(request):
            return elsewhere(site)
        filled = await read_form(request)
        signed = request.path_params["signed"]
        return await run_in_threadpool(_visit, site, signed, lambda visit: take(visit, filled))

    return handle


def _visit(site: Site, signed: str, answer: Callable[[Visit], Response]) -> Response:
    """Find the conversation of an address and answer; an address that is wrong or too old shows nothing."""
    secret = site.wiring.links.conversation_secret_in(signed)
    with site.store() as db:
        conversation = conversations.find(db, secret) if secret else None
        if secret is None or conversation is None:
            text = "Dit adres klopt niet. Kijk of je het hele adres hebt overgenomen."
            return site.page("message.html.j2", 404, title="We vinden dit gesprek niet", text=text)
        if conversation.last_contact_at + site.wiring.settings.programme.keep_months * MONTH <= site.now():
            text = "Dit gesprek is lang geleden gestopt. Stel je vraag gerust opnieuw."
            return site.page("message.html.j2", 410, title="Dit gesprek is te oud", text=text)
        return answer(Visit(site, db, site.wiring.links.conversation_path(secret), conversation))


def _take_message(visit: Visit, filled: Filled) -> Response:
    problems = problems_in(filled, question=False)
    if not problems and _too_many_wait(visit):
        problems = {"text": TOO_FAST}
    if problems:
        return _page(visit, filled, problems, 422)
    keep_message(visit.db, visit.conversation, filled.press, filled.text, filled.file, visit.site.now())
    return visit.again()


def _wish(text: str) -> Take:
    """A button that says these words for the writer."""

    def take(visit: Visit, filled: Filled) -> Response:
        if not _too_many_wait(visit):
            keep_message(visit.db, visit.conversation, filled.press, text, None, visit.site.now())
        return visit.again()

    return take


def _too_many_wait(visit: Visit) -> bool:
    own = conversations.messages_of(visit.db, visit.conversation.address)
    return sum(message.state == "received" for message in own) >= MOST_WAITING


def _take_consent(visit: Visit, filled: Filled) -> Response:
    """A ticked yes or no decides, as on every page; how to be reached goes along when it was filled in."""
    problems: dict[str, str] = {}
    agreed = CHOICES.get(filled.choice)
    if agreed is None:
        problems["choice"] = "Kies eerst ja of nee."
    if agreed and filled.contact:
        problems |= problems_in_contact(filled.contact)
    if agreed is None or problems:
        return _page(visit, filled, problems, 422)

    def settle(turn: Turn, case: Case) -> None:
        contact = readable_contact(filled.contact) if agreed else None
        settle_consent(turn, keep_contact(turn, case, contact) if contact else case, agreed)

    _for_cases(visit, lambda case: case.state == "accepted", settle)
    return visit.again()


def _take_contact(visit: Visit, filled: Filled) -> Response:
    contact = readable_contact(filled.contact)
    if contact is None:
        return _page(visit, filled, problems_in_contact(filled.contact), 422)
    _for_cases(visit, wants_contact, lambda turn, case: keep_contact(turn, case, contact))
    return visit.again()


def _for_cases(visit: Visit, wanted: Callable[[Case], bool], act: Callable[[Turn, Case], object]) -> None:
    """Do something to the writer's cases in one transaction; looked up in it, so that what is done is done once."""
    site, now = visit.site, visit.site.now()
    pool = site.shelf.current(visit.db)
    with transaction(visit.db):
        for case in cases.of_initiator(visit.db, visit.conversation.address):
            if wanted(case):
                act(Turn(visit.db, site.wiring, pool, now, f"page:{case.id}:{now.isoformat()}", "web"), case)


def _page(visit: Visit, filled: Filled, problems: Problems, status: int = 200) -> Response:
    site, writer = visit.site, visit.conversation.address
    talk = talk_of(visit.db, writer, site.now())
    own = cases.of_initiator(visit.db, writer)
    waiting_since = min((said.at for said in talk if said.state == "received"), default=None)
    return site.page(
        "conversation.html.j2",
        status,
        path=visit.path,
        address=f"{site.wiring.settings.web.base_url.rstrip('/')}{visit.path}",
        talk=talk,
        waiting=waiting_since is not None,
        reloads=waiting_since is not None and not problems and site.now() - waiting_since < SOON,
        standing=[_standing(case) for case in own],
        running=any(case.state not in ("closed", "withdrawn", "referred") for case in own),
        asks_consent=any(case.state == "accepted" for case in own),
        asks_contact=any(wants_contact(case) for case in own),
        contact=next((case.contact for case in own if case.contact), ""),
        filled=filled,
        problems=problems,
    )


def _standing(case: Case) -> dict[str, str]:
    """Where a case stands, in a plain line in the writer's language."""
    language = case.language if case.language in LANGUAGES else "nl"
    return {"reference": case.reference, "words": words("status", case.state, language), "language": language}
