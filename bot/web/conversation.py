"""Somebody's own conversation page: shows what was said, keeps what is written. What to answer the engine decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import accounts
from bot.adviser.answering import settle_consent
from bot.channels.web_page import keep_message, keep_press
from bot.initiator.contact import keep_contact, readable_contact, wants_contact
from bot.letters import LANGUAGES
from bot.linking import LINK
from bot.reasons import words
from bot.store import cases, choices, conversations
from bot.store.conversations import Conversation
from bot.store.database import transaction
from bot.turn import Turn
from bot.web.app import Site, site_of, told
from bot.web.ask import elsewhere
from bot.web.forms import Filled, Problems, empty_form, from_elsewhere, problems_in, problems_in_contact, read_form
from bot.web.page_words import language_for, query_of, say
from bot.web.talk import Part, Said, offered_to, talk_of
from matcher.proposal import Case

MONTH = timedelta(days=31)
MOST_WAITING = 10  # messages of one writer that may wait to be read
SOON = timedelta(minutes=2)  # for so long a page looks by itself whether there is an answer
WISHES = {
    "status": "Hoe staat het ervoor met mijn vraag?",
    "stoppen": "Stop maar met mijn vraag.",
    "gegevens": "Laat mijn gegevens zien.",
}
MOST_SECRET = 64  # signs of what a button sends
CHOICES = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a conversation: its page's address and language, who writes there, and the open store.

    `query` keeps the language that was chosen while nothing was read yet.
    """

    site: Site
    db: Database
    path: str
    query: str
    language: str
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
        Route(f"{page}/keuze", _posting(_take_choice), methods=["POST"]),
        Route(f"{page}/toestemming", _posting(_take_consent), methods=["POST"]),
        Route(f"{page}/bereikbaar", _posting(_take_contact), methods=["POST"]),
        Route(f"{page}/koppelen", _posting(_take_address), methods=["POST"]),
        Route(f"{page}/stoppen", confirm_stop, methods=["GET"]),
        *[Route(f"{page}/{wish}", _posting(_wish(text)), methods=["POST"]) for wish, text in WISHES.items()],
    ]


def show(request: Request) -> Response:
    """Everything said so far; what waited for the writer counts as received from now on."""
    return _visit(request, lambda visit: _page(visit, empty_form(), {}))


def confirm_stop(request: Request) -> Response:
    """Ask once more, before anything stops."""
    return _visit(
        request,
        lambda visit: visit.site.page("stop.html.j2", language=visit.language, path=visit.path, filled=empty_form()),
    )


def _posting(take: Take) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        if from_elsewhere(request):
            return elsewhere(request)
        filled = await read_form(request)
        return await run_in_threadpool(_visit, request, lambda visit: take(visit, filled))

    return handle


def _visit(request: Request, answer: Callable[[Visit], Response]) -> Response:
    """Find the conversation of an address and answer; an address that is wrong or too old shows nothing."""
    site = site_of(request)
    secret = site.wiring.links.conversation_secret_in(request.path_params["signed"])
    with site.store() as db:
        conversation = conversations.find(db, secret) if secret else None
        if secret is None or conversation is None:
            return told(request, 404, "no_talk_title", "no_talk")
        if conversation.last_contact_at + site.wiring.settings.programme.keep_months * MONTH <= site.now():
            return told(request, 410, "old_talk_title", "old_talk")
        path, language = site.wiring.links.conversation_path(secret), language_for(request, _written(db, conversation))
        return answer(Visit(site, db, path, query_of(request), language, conversation))


def _written(db: Database, conversation: Conversation) -> str:
    """The language that a conversation is held in; "" while nothing was read yet."""
    own = cases.of_initiator(db, conversation.address)
    return own[0].language if own else conversations.language_of(db, conversation.address)


def _take_message(visit: Visit, filled: Filled) -> Response:
    problems = problems_in(filled, visit.language, question=False)
    if not problems and _too_many_wait(visit):
        problems = {"text": say(visit.language, "problem.too_fast")}
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


def _take_choice(visit: Visit, filled: Filled) -> Response:
    """A button under a letter, kept as it was pressed: whether it still counts is decided when it is read."""
    if filled.choice and not _too_many_wait(visit):
        choice = choices.find(visit.db, filled.choice)
        label = choice.label if choice is not None and choice.holder == visit.conversation.address else ""
        keep_press(visit.db, visit.conversation, filled.press, filled.choice[:MOST_SECRET], label, visit.site.now())
    return visit.again()


def _take_consent(visit: Visit, filled: Filled) -> Response:
    """A ticked yes or no decides, as on every page, for the case that the form was shown for.

    How to be reached goes along when it was filled in.
    """
    problems: dict[str, str] = {}
    agreed = CHOICES.get(filled.choice)
    if agreed is None:
        problems["choice"] = say(visit.language, "problem.no_choice")
    if agreed and filled.contact:
        problems |= problems_in_contact(filled.contact, visit.language)
    if agreed is None or problems:
        return _page(visit, filled, problems, 422)

    def settle(turn: Turn, case: Case) -> None:
        contact = readable_contact(filled.contact) if agreed else None
        settle_consent(turn, keep_contact(turn, case, contact) if contact else case, agreed)

    _for_cases(visit, lambda case: case.state == "accepted" and case.reference == filled.case, settle)
    return visit.again()


def _take_contact(visit: Visit, filled: Filled) -> Response:
    contact = readable_contact(filled.contact)
    if contact is None:
        return _page(visit, filled, problems_in_contact(filled.contact, visit.language), 422)
    _for_cases(visit, wants_contact, lambda turn, case: keep_contact(turn, case, contact))
    return visit.again()


def _take_address(visit: Visit, filled: Filled) -> Response:
    """Go on by mail: says /koppel for the writer; the code that comes by mail is typed on this page."""
    if not _too_many_wait(visit):
        keep_message(visit.db, visit.conversation, filled.press, f"/{LINK} {filled.contact}", None, visit.site.now())
    return visit.again()


def _for_cases(visit: Visit, wanted: Callable[[Case], bool], act: Callable[[Turn, Case], object]) -> None:
    """Do something to the writer's cases in one transaction; looked up in it, so that what is done is done once."""
    site, now = visit.site, visit.site.now()
    pool = site.shelf.current(visit.db)
    with transaction(visit.db):
        turn = Turn(visit.db, site.wiring, pool, now, f"page:{now.isoformat()}", "web")
        accounts.go_on_at(turn, visit.conversation.address, "web")
        for case in cases.of_initiator(visit.db, visit.conversation.address):
            if wanted(case):
                act(replace(turn, cause=f"page:{case.id}:{now.isoformat()}"), case)


def _page(visit: Visit, filled: Filled, problems: Problems, status: int = 200) -> Response:
    site, writer = visit.site, visit.conversation.address
    talk = [_as_shown(said, visit.language) for said in talk_of(visit.db, writer, site.now())]
    own = cases.of_initiator(visit.db, writer)
    waiting_since = min((said.at for said in talk if said.state == "received"), default=None)
    return site.page(
        "conversation.html.j2",
        status,
        language=visit.language,
        path=visit.path,
        query=visit.query,
        address=f"{site.wiring.settings.web.base_url.rstrip('/')}{visit.path}",
        talk=talk,
        offered=offered_to(visit.db, writer, site.now(), site.wiring.links.choice_secret),
        waiting=waiting_since is not None,
        reloads=waiting_since is not None and not problems and site.now() - waiting_since < SOON,
        standing=[_standing(case) for case in own],
        running=any(case.state not in ("closed", "withdrawn", "referred") for case in own),
        asks_consent=_asks_consent(own, filled),
        asks_contact=any(wants_contact(case) for case in own),
        contact=next((case.contact for case in own if case.contact), ""),
        filled=filled,
        problems=problems,
    )


def _asks_consent(own: Sequence[Case], filled: Filled) -> str:
    """The case whose form about contact details is shown: that of the form just sent, or what waits longest; or ""."""
    waiting = [case.reference for case in own if case.state == "accepted"]
    return filled.case if filled.case in waiting else next(reversed(waiting), "")


def _as_shown(said: Said, language: str) -> Said:
    """What a button said for the writer is shown in the language of the page; all else as it was written."""
    wish = next((name for name, text in WISHES.items() if said.mine and said.parts[0].body == text), None)
    return replace(said, parts=(Part(language, "auto", say(language, f"wish.{wish}")),)) if wish else said


def _standing(case: Case) -> dict[str, str]:
    """Where a case stands, in a plain line in the writer's language."""
    language = case.language if case.language in LANGUAGES else "nl"
    return {"reference": case.reference, "words": words("status", case.state, language), "language": language}
