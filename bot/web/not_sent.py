"""What somebody wrote in a form of the desk after the session had ended: shown once to be copied, kept nowhere."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.web.app import site_of
from bot.web.forms import from_elsewhere

HIDDEN = frozenset({"csrf", "version", "stamp", "phrase"})
"""Fields that we filled in ourselves."""


def not_sent(request: Request, fields: Mapping[str, str]) -> Response | None:
    """A page with the texts of the form; None when there are none, or when another site made the form."""
    texts = [text for name, text in fields.items() if name not in HIDDEN and len(text.split()) > 1]
    if not texts or from_elsewhere(request):
        return None
    shown_on = urlsplit(request.headers.get("referer", "")).path
    wanted = shown_on if shown_on.startswith("/bureau") else "/bureau"
    again = f"/bureau/aanmelden?{urlencode({'naar': wanted})}"
    return site_of(request).page("not_sent.html.j2", 403, texts=texts, again=again)
