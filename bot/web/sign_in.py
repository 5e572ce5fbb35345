"""Signing in at the desk by a link that works once: asked for here, mailed, and used by a press of a button."""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.coordinator.desk_people import staff_at
from bot.foreign import one_line
from bot.initiator.contact import readable_contact
from bot.store import events, letters, sessions
from bot.store.database import transaction
from bot.turn import Turn
from bot.web.app import Site, site_of
from bot.web.ask import HOUR, elsewhere
from bot.web.forms import from_elsewhere
from bot.web.signed_in import SIGN_IN, cookie_name, drop_cookie, new_session_secret, read_fields, set_cookie

LIFE = timedelta(minutes=15)
MOST_AN_HOUR = 5  # letters that anybody can have sent by typing an address
LONGEST = 200  # characters
NO_ADDRESS = "Vul je mailadres in, zoals naam@example.org."
TOO_MANY = "Vanaf jouw plek is net vaak om een link gevraagd. Wacht een uur en probeer het nog een keer."
SENT_TITLE = "Kijk in je mailbox"
SENT = (
    "Mag je met dit adres naar binnen? Dan krijg je binnen een paar minuten een mail met een link. De link werkt een"
    " kwartier. Kijk ook bij de ongewenste mail. Krijg je niets? Vraag het dan aan een collega."
)
OLD_LINK = "Deze link is al gebruikt of is te oud. Vraag hier een nieuwe."
SIGNED_OUT = "Je bent afgemeld."
FIRST = "Meld je eerst aan. Daarna ga je vanzelf naar de pagina die je wilde zien."


def routes() -> list[Route]:
    """The pages on which somebody signs in and out."""
    return [
        Route(SIGN_IN, show, methods=["GET"]),
        Route(SIGN_IN, take, methods=["POST"]),
        Route(f"{SIGN_IN}/{{secret}}", show_link, methods=["GET"]),
        Route(f"{SIGN_IN}/{{secret}}", sign_in, methods=["POST"]),
        Route("/bureau/afmelden", sign_out, methods=["POST"]),
    ]


def sign_in_first(request: Request, problem: Exception) -> Response:
    """What a page of the desk answers to whoever is not signed in."""
    wanted = getattr(problem, "wanted", "/bureau")
    del request
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'naar': wanted})}", status_code=303)


def show(request: Request) -> Response:
    """The form in which the link is asked for."""
    site, wanted = site_of(request), own_path(request.query_params.get("naar", ""))
    notice = SIGNED_OUT if "afgemeld" in request.query_params else FIRST if wanted != "/bureau" else ""
    return _form(site, wanted=wanted, notice=notice)


async def take(request: Request) -> Response:
    """Answer the same whoever asks; the mail is written after the answer has left, so that its time tells nothing."""
    site = site_of(request)
    if from_elsewhere(request):
        return elsewhere(request)
    fields = await read_fields(request)
    address, wanted = one_line(fields.get("address", ""))[:LONGEST], own_path(fields.get("naar", ""))
    if "@" not in address or readable_contact(address) is None:
        return _form(site, wanted=wanted, address=address, problem=NO_ADDRESS, status=422)
    if not site.link_requests.let_in(request.client.host if request.client else "", site.now()):
        answer = _form(site, wanted=wanted, address=address, problem=TOO_MANY, status=429)
        answer.headers["Retry-After"] = HOUR
        return answer
    sent = await run_in_threadpool(site.page, "message.html.j2", title=SENT_TITLE, text=SENT)
    sent.background = BackgroundTask(_send, site, address, wanted)
    return sent


def show_link(request: Request) -> Response:
    """The button that signs in; scanners may fetch this as often as they like."""
    site = site_of(request)
    with site.store() as db:
        link = sessions.find_link(db, request.path_params["secret"], site.now())
    if link is None:
        return _form(site, notice=OLD_LINK, status=410)
    return site.page("sign_in_link.html.j2", address=link.address)


async def sign_in(request: Request) -> Response:
    """Use the link up and begin a session."""
    if from_elsewhere(request):
        return elsewhere(request)
    return await run_in_threadpool(_sign_in, request)


async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    if from_elsewhere(request):
        return elsewhere(request)
    return await run_in_threadpool(_sign_out, request)


def own_path(wanted: str) -> str:
    """The page of the desk that somebody wanted to see; the first page for everything else."""
    fine = wanted.startswith("/bureau") and wanted.isascii() and wanted.isprintable() and len(wanted) <= LONGEST
    return wanted if fine and not set(wanted) & set("\\<>\"' ") and not wanted.startswith(SIGN_IN) else "/bureau"


def _sign_in(request: Request) -> Response:
    site = site_of(request)
    secret, now = new_session_secret(), site.now()
    with site.store() as db, transaction(db):
        link = sessions.use_link(db, request.path_params["secret"], now)
        staff = staff_at(db, site.wiring.settings.programme, link.address) if link is not None else None
        if link is None or staff is None:
            return _form(site, notice=OLD_LINK, status=410)
        sessions.end(db, request.cookies.get(cookie_name(site), ""))
        sessions.begin(db, secret, link.address, now)
        events.keep(db, None, "signed_in", staff.role, now, "web", person=staff.id)
    answer = RedirectResponse(link.wanted, status_code=303)
    set_cookie(site, answer, secret)
    return answer


def _sign_out(request: Request) -> Response:
    site = site_of(request)
    with site.store() as db, transaction(db):
        sessions.end(db, request.cookies.get(cookie_name(site), ""))
    answer = RedirectResponse(f"{SIGN_IN}?afgemeld", status_code=303)
    drop_cookie(site, answer)
    return answer


def _form(
    site: Site, *, wanted: str = "/bureau", address: str = "", problem: str = "", notice: str = "", status: int = 200
) -> Response:
    problems = {"address": problem} if problem else {}
    facts: dict[str, Any] = {"address": address, "wanted": wanted, "problems": problems, "notice": notice}
    return site.page("sign_in.html.j2", status, **facts)


def _send(site: Site, typed: str, wanted: str) -> None:
    now = site.now()
    with site.store() as db:
        shelf = site.shelf.current(db)
        with transaction(db):
            staff = staff_at(db, site.wiring.settings.programme, typed)
            if (
                staff is None
                or letters.count_of(db, staff.address, "sign_in", now - timedelta(hours=1)) >= MOST_AN_HOUR
            ):
                return
            secret = secrets.token_urlsafe(32)
            sessions.keep_link(db, secret, sessions.SignInLink(staff.address, wanted), now, now + LIFE)
            link = f"{site.wiring.settings.web.base_url.rstrip('/')}{SIGN_IN}/{secret}"
            turn = Turn(db, site.wiring, shelf, now, f"page:sign_in:{sessions.hash_of(secret)[:16]}", "web")
            turn.to_mailbox(staff.address, "nl", "sign_in", page_link=link)
