"""Where an adviser asks for the link to the own page: always the same answer, the link goes to the mailbox only."""

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.adviser.page_links import send_link
from bot.foreign import one_line
from bot.initiator.contact import readable_contact
from bot.store.database import transaction
from bot.turn import Turn
from bot.web.app import Site, site_of
from bot.web.ask import HOUR, elsewhere
from bot.web.forms import from_elsewhere

LONGEST = 200  # characters
NO_ADDRESS = "Vul je mailadres in, zoals naam@example.org."
TOO_MANY = "Vanaf jouw plek is net vaak om een link gevraagd. Wacht een uur en probeer het nog een keer."
SENT_TITLE = "Kijk in je mailbox"
SENT = (
    "Kennen we dit adres als dat van een adviseur? Dan krijg je binnen een paar minuten een mail met een link."
    " Kijk ook bij de ongewenste mail. Krijg je niets? Vraag het dan aan de coördinator."
)


def routes() -> list[Route]:
    """The page on which the link is asked for."""
    return [Route("/adviseur", show, methods=["GET"]), Route("/adviseur", take, methods=["POST"])]


def show(request: Request) -> Response:
    """The empty form."""
    return link_form(site_of(request))


async def take(request: Request) -> Response:
    """Answer the same whoever asks; the mail is written after the answer has left, so that its time tells nothing."""
    site = site_of(request)
    if from_elsewhere(request):
        return elsewhere(request)
    async with request.form(max_files=0, max_fields=5) as form:
        typed = form.get("address", "")
    address = one_line(typed if isinstance(typed, str) else "")[:LONGEST]
    if "@" not in address or readable_contact(address) is None:
        return link_form(site, address=address, problem=NO_ADDRESS, status=422)
    if not site.link_requests.let_in(request.client.host if request.client else "", site.now()):
        answer = link_form(site, address=address, problem=TOO_MANY, status=429)
        answer.headers["Retry-After"] = HOUR
        return answer
    sent = await run_in_threadpool(site.page, "message.html.j2", title=SENT_TITLE, text=SENT)
    sent.background = BackgroundTask(_send, site, address)
    return sent


def link_form(site: Site, *, address: str = "", problem: str = "", notice: str = "", status: int = 200) -> Response:
    """The form in which an address is typed, with what is wrong with it, or why a link did not work."""
    problems = {"address": problem} if problem else {}
    return site.page("adviser_link.html.j2", status, address=address, problems=problems, notice=notice)


def _send(site: Site, address: str) -> None:
    with site.store() as db:
        pool = site.shelf.current(db)
        now = site.now()
        with transaction(db):
            send_link(Turn(db, site.wiring, pool, now, f"page:link:{now.isoformat()}", "web"), address)
