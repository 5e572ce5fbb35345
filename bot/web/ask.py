"""Where somebody asks without mail or Telegram: a form whose message begins a conversation. Understands nothing."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web_page import keep_message
from bot.store import conversations
from bot.store.database import transaction
from bot.web.app import Site, site_of, told
from bot.web.forms import Filled, Problems, empty_form, from_elsewhere, problems_in, read_form
from bot.web.page_words import language_for, query_of, say

HOUR = "3600"  # seconds


def routes() -> list[Route]:
    """The page on which a conversation begins."""
    return [Route("/vraag", show, methods=["GET"]), Route("/vraag", take, methods=["POST"])]


def show(request: Request) -> Response:
    """The empty form."""
    return _form(request, empty_form(), {}, 200)


async def take(request: Request) -> Response:
    """Keep the question and go to the writer's own page, or show the form again with what is wrong."""
    site = site_of(request)
    if from_elsewhere(request):
        return elsewhere(request)
    return await run_in_threadpool(_take, site, request, await read_form(request))


def elsewhere(request: Request) -> Response:
    """What a form gets that was not sent from our own page."""
    return told(request, 403, "failed", "elsewhere")


def _take(site: Site, request: Request, filled: Filled) -> Response:
    language = language_for(request)
    client = request.client.host if request.client else ""
    problems = problems_in(filled, language, question=True)
    if problems:
        return _form(request, filled, problems, 422)
    secret = site.wiring.links.conversation_secret(filled.press)
    now = site.now()
    with site.store() as db:
        if conversations.find(db, secret) is None and not site.newcomers.let_in(client, now):
            answer = _form(request, filled, {"text": say(language, "problem.too_many")}, 429)
            answer.headers["Retry-After"] = HOUR
            return answer
        with transaction(db):
            conversation = conversations.begin(db, secret, filled.name, now)
            keep_message(db, conversation, filled.press, filled.text, filled.file, now)
    return RedirectResponse(site.wiring.links.conversation_path(secret) + query_of(request), status_code=303)


def _form(request: Request, filled: Filled, problems: Problems, status: int) -> Response:
    site, language = site_of(request), language_for(request)
    programme = site.wiring.settings.programme
    return site.page(
        "ask.html.j2",
        status,
        language=language,
        chosen=language,
        query=query_of(request),
        filled=filled,
        problems=problems,
        address=programme.address,
        keep_months=programme.keep_months,
    )
