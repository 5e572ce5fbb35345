"""Named places at which a test ends the service with SIGKILL; in every other process they do nothing.

Two variables that belong together arm one place, and only for an installation that reaches no other computer: `arm`
refuses anything else, so that the service does not start rather than die. No place decides or changes anything.
"""

import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from bot.settings import Settings

KILL_AT = "KILL_AT"
"""The variable with the name of a place, and behind a colon at which visit it ends the process (else the first)."""
KILL_ONLY_IN = "KILL_ONLY_IN"
"""The variable that names the folder of the installation this is meant for."""
LOOPBACK = frozenset({"", "localhost", "127.0.0.1", "::1"})

MAIL_IN = ("mail_fetched", "mail_stored", "mail_moved", "mail_position_kept", "lmtp_received", "lmtp_stored")
CHAT_IN = ("updates_fetched", "update_stored", "updates_taken")
READING = ("message_claimed", "message_read", "message_decided", "message_committed")
PAGES = ("page_decided", "page_committed")
MAIL_OUT = ("letter_claimed", "letter_text_handed_over", "letter_handed_over", "letter_sent", "letter_settled")
CHAT_OUT = ("chat_letter_claimed", "chat_letter_sent", "chat_letter_settled", "chat_buttons_taken")
REPORT = ("report_made", "report_decided", "report_committed")
CLOCK = "clock_"
"""Before each step of the clock (flow.CLOCK) is a place of its own: this and the name of the step."""
ERASING = ("tombstones_written", "erased")
COMMITS = ("before_commit", "after_commit")
"""Around the commit of every transaction, whoever decides in it."""
POINTS = (*MAIL_IN, *CHAT_IN, *READING, *PAGES, *MAIL_OUT, *CHAT_OUT, *REPORT, *ERASING, *COMMITS)


class NotArmed(ValueError):
    """The variables name no place, or another installation, or one that reaches other computers; says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class Armed:
    """The place that ends this process, at which visit."""

    point: str
    visit: int = 1
    visits: Iterator[int] = field(default_factory=lambda: count(1))


_armed: Armed | None = None


def arm(environment: Mapping[str, str], settings: Settings) -> None:
    """Let one place end this process, when the variables say so. Raises `NotArmed` when they are not right."""
    global _armed
    if KILL_AT not in environment:
        return
    if environment.get(KILL_ONLY_IN) != str(settings.folder) or not _reaches_nobody(settings):
        raise NotArmed(f"De variabele {KILL_AT} is er alleen voor tests. Haal die weg.")
    point, _, visit = environment[KILL_AT].partition(":")
    if not (point in POINTS or point.startswith(CLOCK)) or not (visit.isdecimal() or not visit) or visit == "0":
        raise NotArmed(f"De variabele {KILL_AT} noemt geen plaats die er is: {environment[KILL_AT]}.")
    _armed = Armed(point, int(visit or 1))


def reached(point: str) -> None:
    """The process is at this place; ends here when a test armed it."""
    if _armed is not None and _armed.point == point and next(_armed.visits) == _armed.visit:
        os.kill(os.getpid(), signal.SIGKILL)


def _reaches_nobody(settings: Settings) -> bool:
    telegram = urlsplit(settings.telegram.base_url).hostname or "" if settings.telegram.token else ""
    hosts = (settings.imap.host, settings.smtp.host, settings.lmtp.host, settings.web.host, telegram)
    return LOOPBACK.issuperset(hosts)
