"""Whether mail can be sent to an address, and how it is then written. Sends nothing."""

import re

_ADDRESS = re.compile(r"([\w.!#$%&'*+/=?^{|}~-]{1,64})@([^\s@<>,;:\"()\\\[\]]{1,255})", re.ASCII)


class BadAddress(ValueError):
    """An address that mail cannot be sent to. The text does not repeat it, as it may end up in a log."""


def mailable(address: str) -> str:
    """The address with its domain in ASCII (IDNA). Raises `BadAddress` when it is not one single plain address."""
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        raise BadAddress("not a mail address")
    local, domain = found.groups()
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise BadAddress("a mail address with misplaced dots")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise BadAddress("a mail address with an impossible domain") from None
