"""The pages and who may see them: routes, security headers, one database connection a request. Decides nothing."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from sqlite_utils import Database
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.foreign import clean, without_contact
from bot.letters import DEFAULT_LANGUAGE
from bot.links import without_secrets
from bot.pool_vectors import PoolShelf
from bot.reasons import words, words_or_code
from bot.store.database import open_database
from bot.turn import AMSTERDAM
from bot.web.limit import Limit
from bot.web.page_words import FOR_INITIATORS, direction, language_at, own_names, say
from bot.wiring import Wiring

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of a page may hold a secret
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONLY_SECURE = {"Strict-Transport-Security": "max-age=31536000"}
"""Where links begin with https: a browser that was here once comes back no other way for a year."""
LINKS_AN_HOUR = 20  # that may be asked for from one client address
WRONG_AN_HOUR = 60  # addresses of pages with a secret that don't exist, from one client address
WITH_A_SECRET = ("/besluit/", "/gesprek/", "/adviseur/", "/delen/", "/bureau/aanmelden/")
WEBHOOK = "/telegram"
LARGEST_FORM = 300_000  # bytes; a long letter with room to spare
LARGEST_FILE = 5_000_000  # bytes of a begroting
WITH_FILES = FOR_INITIATORS  # pages that take one: a file somewhat too large still gets its form back


@dataclass(frozen=True, slots=True)
class Site:
    """What every page needs."""

    wiring: Wiring
    shelf: PoolShelf
    templates: Environment
    now: Callable[[], datetime]
    newcomers: Limit
    link_requests: Limit
    wrong: Limit

    @contextmanager
    def store(self) -> Iterator[Database]:
        """A connection for one request."""
        db = open_database(self.wiring.settings.database)
        try:
            yield db
        finally:
            db.close()

    def page(self, template: str, status: int = 200, *, language: str = DEFAULT_LANGUAGE, **facts: Any) -> HTMLResponse:
        """A page from a template; only those for initiators exist in another language than Dutch."""
        known = {
            "local": self.wiring.settings.sends_locally,
            "language": language,
            "direction": direction(language),
            "say": partial(say, language),
            "names": own_names(),
            "chosen": "",
            **facts,
        }
        return HTMLResponse(self.templates.get_template(template).render(known), status_code=status)


def utc_now() -> datetime:
    """The moment as it is."""
    return datetime.now(UTC)


def make_app(wiring: Wiring, shelf: PoolShelf, now: Callable[[], datetime] = utc_now) -> Starlette:
    """The whole site as an ASGI application."""
    from bot.web.sign_in import sign_in_first
    from bot.web.signed_in import SignInFirst

    newcomers, link_requests = Limit(wiring.settings.web.conversations_an_hour), Limit(LINKS_AN_HOUR)
    app = Starlette(
        routes=_routes(with_local_box=wiring.settings.sends_locally),
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=_guard)],
        exception_handlers={HTTPException: _problem, SignInFirst: sign_in_first, 500: _broken},
    )
    app.state.site = Site(wiring, shelf, _templates(), now, newcomers, link_requests, Limit(WRONG_AN_HOUR))
    return app


def _routes(*, with_local_box: bool) -> list[Route]:
    """Every page; the local mailbox only exists to try the program on one's own machine."""
    from bot.web import (
        adviser,
        adviser_link,
        ask,
        conversation,
        decision,
        desk,
        fresh_link,
        local,
        sharing,
        sign_in,
        start,
    )

    return [
        Route("/", start.home, methods=["GET"]),
        Route("/health", start.health, methods=["GET"]),
        Route("/metrics", start.figures, methods=["GET"]),
        Route("/stijl.css", _style, methods=["GET"]),
        Route("/besluit/{signed}", decision.show, methods=["GET"]),
        Route("/besluit/{signed}", decision.decide, methods=["POST"]),
        *fresh_link.routes(),
        *adviser_link.routes(),
        *adviser.routes(),
        *ask.routes(),
        *conversation.routes(),
        *sharing.routes(),
        *sign_in.routes(),
        *desk.routes(),
        *(local.routes() if with_local_box else []),
    ]


def site_of(request: Request) -> Site:
    """The site that answers a request."""
    site: Site = request.app.state.site
    return site


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["words"] = lambda code, table: words(table, code)  # of the program: Dutch
    environment.filters["words_or_code"] = lambda code, table: words_or_code(table, code)
    environment.filters["moment"] = _moment
    environment.filters["day"] = _day
    environment.filters["without_secrets"] = without_secrets
    environment.filters["harmless"] = lambda text: clean(without_contact(text))
    return environment


@pass_context
def _day(context: Context, day: date) -> str:
    return f"{day.day} {words('month', day.month, context['language'])} {day.year}"


@pass_context
def _moment(context: Context, moment: datetime) -> str:
    """Day and hour in the Netherlands, as people write them."""
    local = moment.astimezone(AMSTERDAM)
    return say(context["language"], "page.moment", day=_day(context, local.date()), time=f"{local:%H:%M}")


Page = Callable[[Request], Awaitable[Response]]


async def _guard(request: Request, answer: Page) -> Response:
    """What every request passes: its size, how often it guessed before, and the headers of what goes back."""
    response = _too_big(request) or _guessed_too_often(request)
    if response is None:
        response = await answer(request)
        from bot.web.signed_in import fresh_cookie

        fresh_cookie(request, response)
        response = _counted(request, response)
    return _protected(request, response)


def _protected(request: Request, response: Response) -> Response:
    is_secure = site_of(request).wiring.settings.web.base_url.startswith("https://")
    for name, value in {**HEADERS, **(ONLY_SECURE if is_secure else {})}.items():
        response.headers.setdefault(name, value)  # a page in a frame says its own
    return response


def _too_big(request: Request) -> Response | None:
    length = request.headers.get("content-length", "0")
    largest = LARGEST_FORM + (2 * LARGEST_FILE if request.url.path.startswith(WITH_FILES) else 0)
    if length.isdecimal() and int(length) <= largest and "transfer-encoding" not in request.headers:
        return None
    return told(request, 413, "too_big_title", "too_big")


def client_of(request: Request) -> str:
    """The address that limits count by."""
    return request.client.host if request.client else ""


def _guessed_too_often(request: Request) -> Response | None:
    """Nobody guesses a secret, and nobody is let try; the webhook is never shut to who has the secret."""
    site = site_of(request)
    if not request.url.path.startswith(WITH_A_SECRET) or not site.wrong.is_reached(client_of(request), site.now()):
        return None
    refused = told(request, 429, "failed", "too_often")
    refused.headers["Retry-After"] = "3600"
    return refused


def _counted(request: Request, response: Response) -> Response:
    """Count an address with a secret that leads nowhere; a webhook without its secret soon hears only to stop."""
    site, path = site_of(request), request.url.path
    is_wrong_link = path.startswith(WITH_A_SECRET) and (
        response.status_code == 404 or (response.status_code == 410 and path.startswith("/bureau/"))
    )
    is_wrong_call = path == WEBHOOK and response.status_code == 403
    if (is_wrong_link or is_wrong_call) and not site.wrong.let_in(client_of(request), site.now()) and is_wrong_call:
        return Response(status_code=429)
    return response


def told(request: Request, status: int, title: str, text: str) -> Response:
    """A page that says one thing and goes no further; title and text are keys of the table "told"."""
    language = language_at(request)
    facts = {"title": say(language, f"told.{title}"), "text": say(language, f"told.{text}")}
    return site_of(request).page("message.html.j2", status, language=language, **facts)


async def _style(request: Request) -> Response:
    del request
    return Response(files("bot.web").joinpath("stijl.css").read_bytes(), media_type="text/css")


async def _problem(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    return told(request, status, "failed", {404: "not_found", 405: "not_here"}.get(status, "wrong"))


async def _broken(request: Request, problem: Exception) -> Response:
    """What broke is answered outside the guard."""
    del problem
    return _protected(request, told(request, 500, "failed", "broken"))
