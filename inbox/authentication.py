"""What our own mail server found out about a mail's sender (RFC 8601); what follows from it is decided elsewhere.

Anybody can write such a header. So only the topmost one counts, and only when it names our own server: a server writes
above what came in, and takes out what bears its own name. And only a check of the very domain in From says anything
about From: a mail that passes for another domain is forged, or comes by a road that nobody can check.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = b"authentication-results"
_MAX_HEADER_BYTES = 100_000
_MAX_VALUE = 8_000
_LEAST_LABELS = 2  # a shared ending such as "nl" makes no two domains one
_METHOD = re.compile(r"([a-z][a-z0-9-]{0,30})(?:/\d{1,3})?=([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z]{1,20})\.([a-z][a-z0-9-]{0,30})=(\S{1,320})", re.IGNORECASE)
_EQUALS = re.compile(r"\s*=\s*")
_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail"),
}
"""Where each check tells which domain it is about, the first that is there."""


NOT_ALIGNED = "not_aligned"
"""Stands among the defects of a message whose sender our own server could not vouch for."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check that a server did: "dkim", its result in small letters, and what it was about."""

    method: str
    result: str
    about: Mapping[str, str]


def is_aligned(raw: bytes, sender: str, authserv_id: str) -> bool:
    """Whether our own server, which signs as `authserv_id`, checked a mail and found it to be of its sender's domain.

    False as well when the server said nothing: then the mail came by another way. Raises nothing, whatever the bytes.
    """
    value = next(iter(_values(raw)), "")
    server, checks = read_checks(value)
    domain = _domain(sender)
    if not domain or server != authserv_id.strip().casefold():
        return False
    return any(_speaks_for(check, domain) for check in checks)


def checked_by(raw: bytes) -> str:
    """The name with which the topmost header is signed; "" without one. Whether that is our server is not told."""
    return read_checks(next(iter(_values(raw)), ""))[0]


def read_checks(value: str) -> tuple[str, tuple[Check, ...]]:
    """The name of the server and its checks, of one header as text; ("", ()) for what is no such header."""
    server, *found = _pieces(value[:_MAX_VALUE])
    words = server.split()
    if not words or words[1:] not in ([], ["1"]):  # the only version there is
        return "", ()
    return words[0].casefold(), tuple(check for piece in found if (check := _check(piece)) is not None)


def _check(piece: str) -> Check | None:
    method, *properties = _EQUALS.sub("=", piece).split() or [""]
    known = _METHOD.fullmatch(method)
    if known is None:
        return None
    about: dict[str, str] = {}
    for each in properties:
        told = _PROPERTY.fullmatch(each)
        if told is not None:
            about.setdefault(f"{told[1]}.{told[2]}".casefold(), told[3])
    return Check(known[1].casefold(), known[2].casefold(), about)


def _speaks_for(check: Check, domain: str) -> bool:
    """Whether a check says that a mail is of this domain: DMARC of just it, the others also of one above or below."""
    if check.result != "pass":
        return False
    named = [_domain(check.about[name]) for name in _NAMED_BY.get(check.method, ()) if name in check.about][:1]
    if check.method == "dmarc":
        return named == [domain]
    return bool(named) and _same_organisation(named[0], domain)


def _same_organisation(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if shorter.count(".") + 1 < _LEAST_LABELS:
        return False
    return one == other or longer.endswith(f".{shorter}")


def _domain(text: str) -> str:
    """The domain of an address, or the text itself, as it travels: in ASCII and small letters; "" for none."""
    domain = text.rpartition("@")[2].strip().rstrip(".")
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _pieces(value: str) -> list[str]:
    """A header's value cut at its semicolons, without comments; what stands between quotes is cut nowhere."""
    pieces, depth, quoted, escaped = [""], 0, False, False
    for sign in value:
        if escaped:
            escaped = False
            pieces[-1] += "" if depth else _harmless(sign)
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign == "(" and not quoted:
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif not depth and sign == ";" and not quoted:
            pieces.append("")
        elif not depth:
            pieces[-1] += _harmless(sign) if quoted else sign
    return pieces


def _harmless(sign: str) -> str:
    """A sign from between quotes: no space or equals sign in it may begin a statement of its own."""
    return "\ufffd" if sign.isspace() or sign == "=" else sign


def _values(raw: bytes) -> Iterator[str]:
    """The value of each such header from the top down, unfolded."""
    value: bytes | None = None
    for line in raw[:_MAX_HEADER_BYTES].split(b"\n"):
        line = line.rstrip(b"\r")
        if value is not None and line[:1] in (b" ", b"\t"):
            value += line
            continue
        if value is not None:
            yield value.decode("utf-8", "replace")
        name, colon, rest = line.partition(b":")
        value = rest if colon and name.strip().lower() == _NAME else None
        if not line:
            return
    if value is not None:
        yield value.decode("utf-8", "replace")
