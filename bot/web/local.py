"""Trying the program on one's own machine: write a message, read the local mailbox, answer a letter.

Exists only while outgoing mail is kept locally; what is written here goes in like any mail, byte for byte. Every letter
stands here with the secrets in it, so these pages are for the machine itself and for nobody else.
"""

from collections.abc import Awaitable, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, make_msgid

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.fingerprint import external_id
from bot.channels.local_box import read_box, read_letter
from bot.mime import BadAddress, mailable
from bot.store import messages
from bot.web.app import Site, site_of
from bot.web.ask import elsewhere
from bot.web.forms import from_elsewhere
from bot.web.own_machine import by_our_name, from_here

BOX = "postbus"
ONLY_HERE = "Deze postbus is om te proberen. Alleen wie op de computer zelf werkt, kan erin."


def routes() -> list[Route]:
    """The pages of the local mailbox."""
    return [
        Route("/bericht", _posting(write), methods=["POST"]),
        Route("/postbus", _showing(box), methods=["GET"]),
        Route("/postbus/{name}", _showing(letter), methods=["GET"]),
        Route("/postbus/{name}/antwoord", _posting(answer), methods=["POST"]),
    ]


def _showing(page: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def handle(request: Request) -> Response:
        return page(request) if from_here(request) and by_our_name(request) else _not_here(request)

    return handle


def _posting(act: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        if not (from_here(request) and by_our_name(request)):
            return _not_here(request)
        return elsewhere(request) if from_elsewhere(request) else await act(request)

    return handle


def _not_here(request: Request) -> Response:
    return site_of(request).page("message.html.j2", 403, title="Dat lukt niet", text=ONLY_HERE)


async def write(request: Request) -> Response:
    """Take a message from the form in, as a mail."""
    site = site_of(request)
    fields = await _fields(request)
    try:
        sender = mailable(fields.get("sender", "").strip())
    except BadAddress:
        return site.page("message.html.j2", 422, title="Dat lukt niet", text="Vul een goed mailadres in.")
    if not fields.get("text", "").strip():
        return site.page("message.html.j2", 422, title="Dat lukt niet", text="Schrijf eerst een bericht.")
    to = site.wiring.settings.programme.address
    mail = _mail(site, sender, to, fields.get("subject", ""), fields["text"])
    await run_in_threadpool(_take_in, site, mail)
    return RedirectResponse("/postbus", status_code=303)


def box(request: Request) -> Response:
    """The letters that would have been sent, newest first."""
    site = site_of(request)
    with site.store() as db:
        waiting = messages.counts_by_state(db).get("received", 0)
    return site.page("box.html.j2", letters=read_box(site.wiring.settings.folder / BOX), waiting=waiting)


def letter(request: Request) -> Response:
    """One letter."""
    site = site_of(request)
    found = read_letter(site.wiring.settings.folder / BOX, request.path_params["name"])
    if found is None:
        return site.page("message.html.j2", 404, title="Dat lukt niet", text="Deze brief is er niet.")
    return site.page("letter.html.j2", letter=found)


async def answer(request: Request) -> Response:
    """Answer a letter as its reader would: new text above, the letter quoted below."""
    site = site_of(request)
    found = read_letter(site.wiring.settings.folder / BOX, request.path_params["name"])
    fields = await _fields(request)
    if found is None or not fields.get("text", "").strip():
        return site.page("message.html.j2", 422, title="Dat lukt niet", text="Schrijf eerst een antwoord.")
    sent = message_from_bytes(found.raw, policy=default)
    quoted = "\n".join(f"> {line}" for line in found.text.splitlines())
    lead = f"Op {found.kept_at:%d-%m-%Y} om {found.kept_at:%H:%M} schreef {site.wiring.settings.programme.name}:"
    text = f"{fields['text']}\n\n{lead}\n\n{quoted}\n"
    mail = _mail(site, found.recipient, str(sent["Reply-To"] or sent["From"]), f"Re: {found.subject}", text)
    mail["In-Reply-To"] = mail["References"] = str(sent["Message-ID"])
    await run_in_threadpool(_take_in, site, mail)
    return RedirectResponse("/postbus", status_code=303)


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _mail(site: Site, sender: str, to: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())[:200] or "(geen onderwerp)"
    mail["Date"] = format_datetime(site.now())
    mail["Message-ID"] = make_msgid(domain="localhost")
    mail.set_content(text.replace("\r\n", "\n"))
    return mail


def _take_in(site: Site, mail: EmailMessage) -> None:
    raw = mail.as_bytes()
    with site.store() as db:
        messages.keep_raw(
            db,
            raw,
            channel="mail",
            account=site.wiring.settings.programme.address,
            external_id=external_id(raw),
            envelope_sender=str(mail["From"]),
            now=site.now(),
        )
