"""Where somebody asks without mail or Telegram: a form whose message begins a conversation. Understands nothing."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web_page import keep_message
from bot.store import conversations
from bot.store.database import transaction
from bot.web.app import Site, site_of
from bot.web.forms import Filled, Problems, empty_form, from_elsewhere, problems_in, read_form

TOO_MANY = "Vanaf jouw plek zijn net veel vragen gesteld. Wacht een uur en probeer het nog een keer. Of mail ons."
HOUR = "3600"  # seconds


def routes() -> list[Route]:
    """The page on which a conversation begins."""
    return [Route("/vraag", show, methods=["GET"]), Route("/vraag", take, methods=["POST"])]


def show(request: Request) -> Response:
    """The empty form."""
    return _form(site_of(request), empty_form(), {}, 200)


async def take(request: Request) -> Response:
    """Keep the question and go to the writer's own page, or show the form again with what is wrong."""
    site = site_of(request)
    if from_elsewhere(request):
        return elsewhere(site)
    filled = await read_form(request)
    client = request.client.host if request.client else ""
    return await run_in_threadpool(_take, site, filled, client)


def elsewhere(site: Site) -> Response:
    """What a form gets that was not sent from our own page."""
    text = "Dit formulier kwam niet van onze eigen pagina. Open de pagina opnieuw. Vul het formulier daar in."
    return site.page("message.html.j2", 403, title="Dat lukt niet", text=text)


def _take(site: Site, filled: Filled, client: str) -> Response:
    problems = problems_in(filled, question=True)
    if problems:
        return _form(site, filled, problems, 422)
    secret = site.wiring.links.conversation_secret(filled.press)
    now = site.now()
    with site.store() as db:
        if conversations.find(db, secret) is None and not site.newcomers.let_in(client, now):
            answer = _form(site, filled, {"text": TOO_MANY}, 429)
            answer.headers["Retry-After"] = HOUR
            return answer
        with transaction(db):
            conversation = conversations.begin(db, secret, filled.name, now)
            keep_message(db, conversation, filled.press, filled.text, filled.file, now)
    return RedirectResponse(site.wiring.links.conversation_path(secret), status_code=303)


def _form(site: Site, filled: Filled, problems: Problems, status: int) -> Response:
    programme = site.wiring.settings.programme
    return site.page(
        "ask.html.j2",
        status,
        filled=filled,
        problems=problems,
        address=programme.address,
        keep_months=programme.keep_months,
    )
