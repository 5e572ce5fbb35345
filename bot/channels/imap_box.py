"""One IMAP connection and its single steps (open, list, fetch, move, idle); what to take and when is imap_in's."""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BufferedReader
from threading import Event
from typing import cast

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import (
    MailboxCopyError,
    MailboxFetchError,
    MailboxFolderCreateError,
    MailboxLoginError,
    MailboxMoveError,
    MailboxStarttlsError,
    MailboxUidsError,
)
from imap_tools.utils import check_command_status, encode_folder

from bot.channels.shape import KEPT_WHOLE_BYTES, LARGE_BYTES, Fullness, Security, fullness_of

MAX_IDLE_SECONDS = 540
FIRST_PART_BYTES = 1024 * 1024
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Where the mailbox is and how it is read.

    account names the mailbox in the store. An empty done_folder leaves mail in place (a mailbox opened
    read-only). ca_file: the only authority trusted for this server, "" means those of the system.
    Raises ValueError when the settings contradict each other.
    """

    host: str
    user: str
    password: str = field(repr=False)
    account: str
    port: int = 993
    security: Security = "tls"
    folder: str = "INBOX"
    done_folder: str = "Verwerkt"
    too_large_folder: str = "Te groot"
    poll_seconds: float = 60
    idle_seconds: float = 480
    timeout: float = 30
    first_retry_seconds: float = 1
    longest_retry_seconds: float = 300
    put_aside_seconds: float = 3600
    large_bytes: int = LARGE_BYTES
    kept_whole_bytes: int = KEPT_WHOLE_BYTES
    ca_file: str = ""

    def __post_init__(self) -> None:
        # A mail moved into its own folder gets a new number there and would be taken for ever.
        if self.folder.casefold() in (self.done_folder.casefold(), self.too_large_folder.casefold()):
            raise ValueError("the folder for processed mail must differ from the folder that is read")
        if not 0 < self.idle_seconds < MAX_IDLE_SECONDS:
            raise ValueError(f"idle_seconds must lie between 0 and {MAX_IDLE_SECONDS}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as the server gave it; size is that of the whole mail, also when raw is cut."""

    raw: bytes
    size: int
    arrived_at: datetime
    fullness: Fullness


class _StartTlsBox(MailBoxStartTls):
    """MailBoxStartTls that closes its socket when the server offers no TLS or a wrong certificate."""

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self._host, self._port, self._timeout)
        try:
            check_command_status(client.starttls(self._ssl_context), MailboxStarttlsError)
        except BaseException:
            _hang_up(client)
            raise
        return client


@contextmanager
def open_mailbox(settings: ImapSettings) -> Iterator[BaseMailBox]:
    """Connect and log in; the connection is closed whatever happens.

    Raises MailboxLoginError for a wrong password, ssl.SSLError, OSError, imaplib.IMAP4.error.
    """
    box = _connect(settings)
    try:
        _log_in(box, settings)
        # Servers such as Dovecot tell what they can (MOVE, IDLE) only after the login.
        _, answer = box.client.capability()
        box.client.capabilities = tuple((answer[-1] or b"").decode("ascii", "replace").upper().split())
        yield box
        with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            box.logout()
    finally:
        _hang_up(box.client)


def _connect(settings: ImapSettings) -> BaseMailBox:
    host, port, timeout = settings.host, settings.port, settings.timeout
    if settings.security == "none":
        return MailBoxUnencrypted(host, port, timeout)
    trusted = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security == "starttls":
        return _StartTlsBox(host, port, timeout, ssl_context=trusted)
    return MailBox(host, port, timeout, ssl_context=trusted)


def _log_in(box: BaseMailBox, settings: ImapSettings) -> None:
    try:
        if settings.user.isascii() and settings.password.isascii():
            box.login(settings.user, settings.password, initial_folder=None)
        else:
            box.login_utf8(settings.user, settings.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        # RFC 5530: the server cannot check passwords now, which says nothing of this one.
        if "[UNAVAILABLE]" in str(error):
            raise imaplib.IMAP4.abort("login unavailable") from error
        raise MailboxLoginError(command_result=("NO", []), expected="OK") from error


def _hang_up(client: imaplib.IMAP4) -> None:
    with suppress(OSError):
        client.shutdown()


def select_folder(box: BaseMailBox, settings: ImapSettings) -> int:
    """Select the folder that is read and return its UIDVALIDITY (0 when the server tells none)."""
    box.folder.set(settings.folder, readonly=not settings.done_folder)
    _, answer = box.client.response("UIDVALIDITY")
    number = answer[-1] if answer else None
    return int(number) if isinstance(number, bytes) and number.isdigit() else 0


def find_uids(box: BaseMailBox, above: int) -> list[int]:
    """List the UIDs greater than `above` that nobody marked as deleted, lowest first."""
    # "n:*" always matches the last mail, so a mail at or below `above` can come back (RFC 3501 6.4.8).
    found = box.client.uid("SEARCH", f"UID {above + 1}:* UNDELETED")
    check_command_status(found, MailboxUidsError)
    numbers = (found[1][0] or b"").split()
    return sorted(uid for uid in map(int, numbers) if uid > above)


def fetch_mail(box: BaseMailBox, uid: int, settings: ImapSettings) -> Fetched | None:
    """Fetch one mail without marking it read; None when it has gone, MailboxFetchError when refused."""
    facts = _fetch(box, uid, "(RFC822.SIZE INTERNALDATE)")
    line = b" ".join(part for part in facts if isinstance(part, bytes))
    size = SIZE.search(line)
    if size is None:
        return None
    fullness = fullness_of(int(size[1]), settings.large_bytes, settings.kept_whole_bytes)
    what = f"(BODY.PEEK[]<0.{FIRST_PART_BYTES}>)" if fullness == "cut" else "(BODY.PEEK[])"
    raw = next((part[1] for part in _fetch(box, uid, what) if isinstance(part, tuple)), b"")
    if not raw and int(size[1]):
        raise MailboxFetchError(command_result=("OK", []), expected="a body")
    return Fetched(raw, max(int(size[1]), len(raw)), _arrival(line), fullness)


def _fetch(box: BaseMailBox, uid: int, what: str) -> list[bytes | tuple[bytes, bytes] | None]:
    answer = box.client.uid("FETCH", str(uid), what)
    check_command_status(answer, MailboxFetchError)
    return list(answer[1])


def _arrival(line: bytes) -> datetime:
    found = ARRIVED.search(line)
    try:
        when = parsedate_to_datetime(found[1].decode("ascii").strip().replace("-", " ", 2)) if found else None
    except ValueError:
        when = None
    return (when or datetime.now(UTC)).astimezone(UTC)


def ensure_folder(box: BaseMailBox, name: str) -> str:
    """Create a folder when missing and return its full name; ImapToolsError when the server refuses.

    Some servers keep every folder below INBOX, so the full name can differ from the one asked for.
    """
    nested = f"INBOX{_delimiter(box)}{name}"
    for candidate in (name, nested):
        if box.folder.exists(candidate):
            return candidate
    try:
        _create(box, name)
    except MailboxFolderCreateError:
        _create(box, nested)
        return nested
    return name


def move_mail(box: BaseMailBox, uid: int, folder: str) -> None:
    """Move one mail into an existing folder; ImapToolsError when the server refuses.

    Without MOVE (RFC 6851) it is copied, marked deleted and, where UIDPLUS (RFC 4315) allows to name it,
    expunged: a plain EXPUNGE would also remove mail that a person marked as deleted.
    """
    target = encode_folder(folder).decode("ascii")
    if "MOVE" in box.client.capabilities:
        check_command_status(box.client.uid("MOVE", str(uid), target), MailboxMoveError)
        return
    check_command_status(box.client.uid("COPY", str(uid), target), MailboxCopyError)
    check_command_status(box.client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)"), MailboxMoveError)
    if "UIDPLUS" in box.client.capabilities:
        check_command_status(box.client.uid("EXPUNGE", str(uid)), MailboxMoveError)


def _create(box: BaseMailBox, name: str) -> None:
    box.folder.create(name)
    with suppress(ImapToolsError):  # a mail program shows only subscribed folders; taking mail goes without
        box.folder.subscribe(name, True)


def _delimiter(box: BaseMailBox) -> str:
    listed = box.folder.list("", "INBOX")
    return listed[0].delim if listed else "/"


def announced(box: BaseMailBox) -> bool:
    """Tell whether mail came in since the folder was selected: IDLE does not tell it again (RFC 3501, 7.3.1)."""
    # The first EXISTS is the answer to SELECT; every further one came along with the answer to another command.
    return len(box.client.untagged_responses.get("EXISTS", [])) > 1


def wait_for_news(box: BaseMailBox, settings: ImapSettings, stop: Event) -> None:
    """Return when the server tells something, when it is time to poll, or when asked to stop.

    IDLE (RFC 2177) dies silently, so it never lasts longer than a poll. Raises when the line is dead.
    """
    if "IDLE" not in box.client.capabilities:
        stop.wait(settings.poll_seconds)
        return
    until = time.monotonic() + min(settings.poll_seconds, settings.idle_seconds)
    with box.idle as idle:
        if _read_along(box):
            return
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            slice_seconds = min(left, 0.5)
            began = time.monotonic()
            heard = idle.poll(timeout=slice_seconds)
            # Nothing heard but back too soon: the line was closed. Ending IDLE then raises.
            if heard or time.monotonic() - began < slice_seconds / 2:
                return


def _read_along(box: BaseMailBox) -> bool:
    """Tell whether news came in one piece with the answer to IDLE: it is read already, and no socket tells of it."""
    patience = box.client.sock.gettimeout()
    box.client.sock.settimeout(0)
    try:
        return bool(cast(BufferedReader, box.client.file).peek(1))
    except OSError:  # so says a line with TLS on which nothing waits
        return False
    finally:
        box.client.sock.settimeout(patience)
