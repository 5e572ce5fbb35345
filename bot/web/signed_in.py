"""Who looks at a page of the desk: `require` finds the person, `csrf` checks a form. Nobody signs in here.

A page that shows is made by `showing`, one that acts by `posting`; both hand a `Desk` to the page.
"""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.coordinator.desk_people import Role, includes, staff_at
from bot.reasons import word_tables
from bot.store import sessions
from bot.store.database import transaction
from bot.turn import AMSTERDAM, Turn
from bot.web.app import Site, site_of
from bot.web.forms import from_elsewhere
from bot.web.not_sent import not_sent

SIGN_IN = "/bureau/aanmelden"
CSRF_SALT = "mixmatch-csrf"
LONGEST_FIELD = 20_000  # characters
MOST_FIELDS = 80
LONGEST_NUMBER = 18  # digits: SQLite counts rows in 63 bits
MENU: tuple[tuple[str, str, Role], ...] = (
    ("/bureau", "Bureau", "reader"),
    ("/bureau/dossiers", "Dossiers", "coordinator"),
    ("/bureau/weekverslag", "Weekverslag", "reader"),
    ("/bureau/inzicht", "Inzicht", "reader"),
    ("/bureau/initiatieven", "Initiatieven", "reader"),
    ("/bureau/lessen", "Lessen", "adviser"),
    ("/bureau/instrumenten", "Instrumenten", "coordinator"),
    ("/bureau/pool", "Pool", "coordinator"),
    ("/bureau/quarantaine", "Quarantaine", "coordinator"),
    ("/bureau/brieven", "Brieven", "coordinator"),
    ("/bureau/onderwerpen", "Onderwerpen", "coordinator"),
    ("/bureau/wisverzoeken", "Wisverzoeken", "coordinator"),
    ("/bureau/wie-deed-wat", "Wie deed wat", "coordinator"),
    ("/bureau/toestand", "Toestand", "coordinator"),
)
"""The pages in the menu: address, name, and who may see them. Other pages of the desk add a line."""
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in. `csrf` stands in every form as a hidden field of that name."""

    id: str
    name: str
    address: str
    role: Role
    csrf: str

    def may(self, role: Role) -> bool:
        """Whether what is for this role is for this person."""
        return includes(self.role, role)


class SignInFirst(Exception):
    """Nobody is signed in; the visitor goes to the page for that, and back to `wanted` afterwards."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        super().__init__(wanted)


class NotOurForm(HTTPException):
    """A form that we did not show to this person in this session."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One look at a page of the desk: the request, who looks, and the open store."""

    site: Site
    db: Database
    person: Person
    request: Request

    def page(self, template: str, status: int = 200, **facts: Any) -> Response:
        """A page of the desk; templates extend desk_page.html.j2."""
        notice = self.request.query_params.get("gedaan", "")
        done = notice if notice in word_tables("nl").get("desk_done", {}) else ""  # no words of whoever made the link
        known: dict[str, Any] = {
            "person": self.person,
            "desk_menu": MENU,
            "done": done,
            "path": self.request.url.path,
        }
        return self.site.page(template, status, **known, **facts)

    @property
    def today(self) -> date:
        """The date in the Netherlands."""
        return self.site.now().astimezone(AMSTERDAM).date()

    @property
    def row(self) -> int:
        """The number of the row that the address names as {id}. Raises HTTPException 404 when no row can have it."""
        number = row_number(self.request.path_params["id"])
        if number is None:
            raise HTTPException(404)
        return number

    def turn(self, about: str) -> Turn:
        """What is done here, now; `about` names it ("case:3"). Read the pool before opening a transaction."""
        now = self.site.now()
        shelf = self.site.shelf.current(self.db)
        cause = f"desk:{about}:{now.isoformat()}"
        return Turn(self.db, self.site.wiring, shelf, now, cause, "web", by=self.person.id)


def require(request: Request, role: Role) -> Person:
    """Who looks, when allowed what is for this role. Raises `SignInFirst`, or HTTPException 403 for another role."""
    site = site_of(request)
    secret = request.cookies.get(cookie_name(site), "")
    now = site.now()
    with site.store() as db:
        session = sessions.find(db, secret, now) if secret else None
        staff = staff_at(db, site.wiring.settings.programme, session.address) if session is not None else None
        if session is None or staff is None:
            raise SignInFirst(request.url.path if request.method == "GET" else "/bureau")
        if session.wants_renewal(now):
            _renew(request, db, session)
        else:
            sessions.see(db, session, now)
    if not includes(staff.role, role):
        raise HTTPException(403)
    return Person(staff.id, staff.name, staff.address, staff.role, _csrf_of(site, session))


def csrf(request: Request, person: Person, fields: Fields) -> None:
    """Check that a form was shown by us to this person. Raises NotOurForm, an HTTPException 403."""
    if from_elsewhere(request) or not hmac.compare_digest(fields.get("csrf", "").encode(), person.csrf.encode()):
        raise NotOurForm(403)


async def read_fields(request: Request) -> dict[str, str]:
    """What was filled in, without files; of several values of one name the last. Raises HTTPException 400."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {
            name: value.replace("\r\n", "\n").replace("\x00", "")[:LONGEST_FIELD]
            for name, value in form.items()
            if isinstance(value, str)
        }


def showing(role: Role, page: Callable[[Desk], Response]) -> Callable[[Request], Response]:
    """A page that only shows, for who may see what is for this role."""

    def handle(request: Request) -> Response:
        person = require(request, role)
        site = site_of(request)
        with site.store() as db:
            return page(Desk(site, db, person, request))

    return handle


def posting(role: Role, act: Callable[[Desk, Fields], Response]) -> Callable[[Request], Awaitable[Response]]:
    """A form that acts: read, checked and handed over, for who may do what is for this role.

    Whoever was signed out meanwhile, or signed in anew, gets back what was written.
    """

    async def handle(request: Request) -> Response:
        fields: Fields = {}
        try:
            person = await run_in_threadpool(require, request, role)
            fields = await read_fields(request)
            csrf(request, person, fields)
        except (SignInFirst, NotOurForm):
            lost = not_sent(request, fields or await read_fields(request))
            if lost is None:
                raise
            return lost
        return await run_in_threadpool(_acting, request, person, fields, act)

    return handle


def again(path: str, done: str = "", place: str = "", page: int = 1) -> Response:
    """Go and look at a page, so that a reload sends nothing twice; `done` is a code of [desk_done] in reasons."""
    asked = [*([f"gedaan={done}"] if done else []), *([f"pagina={page}"] if page > 1 else [])]
    query = f"?{'&'.join(asked)}" if asked else ""
    return RedirectResponse(f"{path}{query}{'#' + place if place else ''}", status_code=303)


def row_number(typed: str) -> int | None:
    """The number of a row as an address or a form gives it; None for what no row can have."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER else None


def cookie_name(site: Site) -> str:
    """Over https a name that browsers keep to this very host."""
    return "__Host-bureau" if _secure(site) else "bureau"


def set_cookie(site: Site, response: Response, secret: str) -> None:
    """Let the browser keep the session's secret until it closes."""
    response.set_cookie(cookie_name(site), secret, path="/", secure=_secure(site), httponly=True, samesite="lax")


def drop_cookie(site: Site, response: Response) -> None:
    """Let the browser forget it."""
    response.delete_cookie(cookie_name(site), path="/", secure=_secure(site), httponly=True, samesite="lax")


def fresh_cookie(request: Request, response: Response) -> None:
    """Hand out the secret that was changed while this request was answered, if it was."""
    secret = getattr(request.state, "fresh_session", None)
    if secret is not None:
        set_cookie(site_of(request), response, secret)


def new_session_secret() -> str:
    """A fresh secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def _acting(request: Request, person: Person, fields: Fields, act: Callable[[Desk, Fields], Response]) -> Response:
    site = site_of(request)
    with site.store() as db:
        return act(Desk(site, db, person, request), fields)


def _renew(request: Request, db: Database, session: sessions.Session) -> None:
    secret = new_session_secret()
    with transaction(db):
        renewed = sessions.renew(db, session, secret, site_of(request).now())
    if renewed:
        request.state.fresh_session = secret


def _csrf_of(site: Site, session: sessions.Session) -> str:
    """Of this session and no other: SQLite gives the number of a session that ended to the next one."""
    whose = f"{CSRF_SALT} {session.id} {session.began_at.isoformat()} {session.address}"
    return hmac.digest(site.wiring.links.key, whose.encode(), hashlib.sha256).hex()


def _secure(site: Site) -> bool:
    return site.wiring.settings.web.base_url.startswith("https://")
