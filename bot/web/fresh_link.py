"""Where the holder of a link that is too old asks for a fresh one: always the same answer. Decides nothing."""

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.fresh_link import send_fresh_link
from bot.store.database import transaction
from bot.store.tokens import hash_of
from bot.turn import Turn
from bot.web.app import Site, site_of
from bot.web.ask import HOUR, elsewhere
from bot.web.forms import from_elsewhere
from bot.web.page_words import language_for, say

LANGUAGE = "taal"
"""The field of the form that keeps the language of the page it stands on."""


def routes() -> list[Route]:
    """Where the form of the page that a link which is too old leads to is sent."""
    return [Route("/besluit/{signed}/opnieuw", take, methods=["POST"])]


def offer(request: Request, language: str) -> Response:
    """The page of a link that is too old; it tells nobody what the link was for."""
    signed = request.path_params["signed"]
    return site_of(request).page("link_too_old.html.j2", 410, language=language, path=f"/besluit/{signed}/opnieuw")


async def take(request: Request) -> Response:
    """Answer the same to any link that we made; the mail is written after the answer has left."""
    site = site_of(request)
    if from_elsewhere(request):
        return elsewhere(request)
    async with request.form(max_files=0, max_fields=5) as form:
        chosen = form.get(LANGUAGE, "")
    language = language_for(request, chosen if isinstance(chosen, str) else "")
    secret = site.wiring.links.old_secret_in(request.path_params["signed"])
    if secret is None:
        return _told(site, language, "unknown", 404)
    if not site.link_requests.let_in(request.client.host if request.client else "", site.now()):
        answer = _told(site, language, "fresh_too_many", 429, title="expired_title")
        answer.headers["Retry-After"] = HOUR
        return answer
    sent = await run_in_threadpool(_told, site, language, "fresh_sent", 200)
    sent.background = BackgroundTask(_send, site, secret)
    return sent


def _told(site: Site, language: str, code: str, status: int, title: str = "") -> Response:
    title = say(language, f"decided.{title or f'{code}_title'}")
    return site.page("message.html.j2", status, language=language, title=title, text=say(language, f"decided.{code}"))


def _send(site: Site, secret: str) -> None:
    now = site.now()
    with site.store() as db:
        pool = site.shelf.current(db)
        with transaction(db):
            cause = f"page:fresh_link:{hash_of(secret)[:16]}:{now.isoformat()}"
            send_fresh_link(Turn(db, site.wiring, pool, now, cause, "web"), secret)
