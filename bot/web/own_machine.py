"""Whether a request comes from this very machine, by nobody else's doing; what that allows is said by the pages."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from bot.web.app import site_of

HERE = ("127.0.0.1", "::1", "testclient")
PASSED_ON = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def from_here(request: Request) -> bool:
    """Whether it comes from this machine itself: what a proxy passes on does as well, but on behalf of anybody."""
    passed_on = any(name in request.headers for name in PASSED_ON)
    return request.client is not None and request.client.host in HERE and not passed_on


def by_our_name(request: Request) -> bool:
    """Whether the browser knows us by a name of ours.

    Whoever owns a domain can let it point at this machine; the pages of that domain may then read ours. They come
    with that domain as the name of the host, which is neither an address, nor a name without a dot, nor our own.
    """
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return name in ("", urlsplit(site_of(request).wiring.settings.web.base_url).hostname) or _is_local(name)


def _is_local(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name
    return True
