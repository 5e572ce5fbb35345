"""Takes new mail out of an IMAP folder: what is taken, in which order, and when to try again; reads no mail."""

import imaplib
import sqlite3
import ssl
import time
from dataclasses import dataclass, field
from threading import Event

from imap_tools import BaseMailBox, ImapToolsError
from imap_tools.errors import MailboxFetchError, MailboxFolderSelectError, MailboxLoginError

from bot.channels.fingerprint import delivered_to, external_id, message_id_hint, return_path
from bot.channels.imap_box import (
    Fetched,
    ImapSettings,
    announced,
    ensure_folder,
    fetch_mail,
    find_uids,
    move_mail,
    open_mailbox,
    select_folder,
    wait_for_news,
)
from bot.channels.shape import IncomingMeta, Keep, Positions, Report
from bot.fault_points import reached

__all__ = ["ImapSettings", "Intake", "take_new_mail", "watch"]

MAX_FAILURES = 3
LOGIN_RETRY_DOUBLINGS = 5  # a wrong password tried every second gets an account locked


class StoreTrouble(Exception):
    """The store could not keep a mail or a position; nothing was acknowledged."""


@dataclass(slots=True)
class Intake:
    """One mailbox being read: its settings, where mail goes, and what this process remembers of it.

    settled: UIDs kept but not moved, each with its folder; only the move is tried again. failures: how often
    a UID failed; those come last, so that they hold up no other mail, and after MAX_FAILURES each rests
    until the monotonic time in `rests`. All hold for one uidvalidity.
    """

    settings: ImapSettings
    keep: Keep
    positions: Positions
    report: Report
    stop: Event = field(default_factory=Event)
    uidvalidity: int = 0
    settled: dict[int, str] = field(default_factory=dict)
    failures: dict[int, int] = field(default_factory=dict)
    rests: dict[int, float] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)


def take_new_mail(box: BaseMailBox, intake: Intake) -> int:
    """Do one round: keep every mail waiting in the folder, then move it; returns how many were new.

    The position saved is the highest UID below which everything was kept. Raises StoreTrouble, OSError,
    imaplib.IMAP4.abort (line lost), ImapToolsError; what was not kept stays in the folder.
    """
    known = _start_round(box, intake)
    last = known[1] if known else 0
    # What still stands in the folder is taken whatever its number, save where mail is left in place.
    uids = find_uids(box, 0 if intake.settings.done_folder else last)
    waiting = set(uids)
    _forget_all_but(waiting, intake)
    new = 0
    try:
        for uid in sorted(uids, key=lambda uid: (intake.failures.get(uid, 0), uid)):
            if intake.stop.is_set():
                break
            taken = None if _rests(uid, intake) else _take_one(box, uid, intake)
            if taken is not None:
                waiting.discard(uid)
                intake.failures.pop(uid, None)
                new += taken
    finally:
        position = min(waiting) - 1 if waiting else max([last, *uids])
        if (intake.uidvalidity, position) != known:
            _save_position(intake, position)
            reached("mail_position_kept")
    return new


def _start_round(box: BaseMailBox, intake: Intake) -> tuple[int, int] | None:
    """Select the folder and return (uidvalidity, last UID read); None when new or numbered anew."""
    uidvalidity = select_folder(box, intake.settings)
    try:
        known = intake.positions.load(intake.settings.account, intake.settings.folder)
    except (sqlite3.OperationalError, OSError) as error:
        raise StoreTrouble from error
    if uidvalidity != intake.uidvalidity:
        _forget_all_but(set(), intake)
        intake.uidvalidity = uidvalidity
    if known is not None and known[0] != uidvalidity:
        intake.report("imap_renumbered", f"uidvalidity {uidvalidity}")
        return None
    return known


def _forget_all_but(waiting: set[int], intake: Intake) -> None:
    """Drop what is remembered of mail that is no longer there to be taken."""
    for remembered in (intake.settled, intake.failures, intake.rests):
        for uid in set(remembered) - waiting:
            del remembered[uid]


def _take_one(box: BaseMailBox, uid: int, intake: Intake) -> int | None:
    """Keep and move one mail: 1 when it was new, 0 when known or gone, None when it must wait."""
    # Counted before the try: there are mails on which a server breaks the line.
    intake.failures[uid] = intake.failures.get(uid, 0) + 1
    if uid in intake.settled:
        _move(box, uid, intake.settled[uid], intake)
        return 0
    try:
        fetched = fetch_mail(box, uid, intake.settings)
    except MailboxFetchError:
        intake.report("imap_mail_unreadable", f"uid {uid}")
        return None
    if fetched is None:
        return 0
    reached("mail_fetched")
    try:
        new = intake.keep(fetched.raw, _meta(fetched, intake.settings))
    except (sqlite3.OperationalError, OSError) as error:
        intake.failures[uid] = 1  # the store's fault: this mail never rests
        raise StoreTrouble from error
    except Exception as error:  # one mail the store cannot take must not hold up the others
        intake.report("keep_failed", f"uid {uid} {type(error).__name__}")
        return None
    reached("mail_stored")
    settings = intake.settings
    _move(box, uid, settings.too_large_folder if fetched.fullness == "cut" else settings.done_folder, intake)
    return int(new)


def _rests(uid: int, intake: Intake) -> bool:
    """Tell whether a mail that failed too often is left alone for now; it stays in the folder."""
    if intake.failures.get(uid, 0) < MAX_FAILURES:
        return False
    if uid not in intake.rests:
        intake.report("imap_mail_put_aside", f"uid {uid}")
        intake.rests[uid] = time.monotonic() + intake.settings.put_aside_seconds
    if time.monotonic() < intake.rests[uid]:
        return True
    del intake.rests[uid]
    return False


def _meta(fetched: Fetched, settings: ImapSettings) -> IncomingMeta:
    return IncomingMeta(
        account=settings.account,
        external_id=external_id(fetched.raw),
        message_id=message_id_hint(fetched.raw),
        envelope_sender=return_path(fetched.raw),
        envelope_recipient=delivered_to(fetched.raw),
        received_at=fetched.arrived_at,
        size=fetched.size,
        fullness=fetched.fullness,
    )


def _move(box: BaseMailBox, uid: int, wanted: str, intake: Intake) -> None:
    """Move a kept mail away; when the server refuses it stays, is remembered and tried again."""
    intake.settled[uid] = wanted
    if not intake.settings.done_folder:
        return
    try:
        if wanted not in intake.folders:
            intake.folders[wanted] = ensure_folder(box, wanted)
        move_mail(box, uid, intake.folders[wanted])
    except imaplib.IMAP4.abort:
        raise
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        intake.folders.clear()
        intake.report("imap_move_failed", f"uid {uid} {type(error).__name__}")
        return
    del intake.settled[uid]
    reached("mail_moved")


def _save_position(intake: Intake, uid: int) -> None:
    try:
        intake.positions.save(intake.settings.account, intake.settings.folder, intake.uidvalidity, uid)
    except (sqlite3.OperationalError, OSError) as error:
        raise StoreTrouble from error


def watch(settings: ImapSettings, keep: Keep, positions: Positions, report: Report, stop: Event) -> None:
    """Read a mailbox until `stop` is set, through lost lines and restarts; blocks, so give it a thread.

    Codes reported: imap_connected, imap_login_failed, imap_unreachable, imap_tls_failed,
    imap_connection_lost, imap_folder_missing, imap_refused, imap_renumbered, imap_mail_unreadable,
    imap_mail_put_aside (failed too often, still in the folder), imap_move_failed, keep_failed,
    store_unavailable, imap_failed.
    """
    intake = Intake(settings, keep, positions, report, stop)
    failures = 0
    while not stop.is_set():
        connected = False
        try:
            with open_mailbox(settings) as box:
                connected = True
                report("imap_connected", "")
                in_vain = False
                while not stop.is_set():
                    new = take_new_mail(box, intake)
                    failures = 0
                    # What came in meanwhile gets a round at once; a server that announces what is not there, one only.
                    came_in = announced(box)
                    if not came_in or (in_vain and not new):
                        wait_for_news(box, settings, stop)
                    in_vain = came_in and not new
        except Exception as error:  # whatever it is, mail must come in again once it is over
            code = _code(error, connected=connected)
            failures = max(failures + 1, LOGIN_RETRY_DOUBLINGS if code == "imap_login_failed" else 0)
            report(code, type(error).__name__)
            stop.wait(_pause(settings, failures))


def _pause(settings: ImapSettings, failures: int) -> float:
    """Seconds to wait after so many failures in a row: doubling, up to the longest pause."""
    return min(settings.longest_retry_seconds, settings.first_retry_seconds * 2.0 ** min(failures - 1, 20))


CODES: tuple[tuple[type[BaseException], str], ...] = (
    (StoreTrouble, "store_unavailable"),
    (MailboxLoginError, "imap_login_failed"),
    (MailboxFolderSelectError, "imap_folder_missing"),
    (ssl.SSLError, "imap_tls_failed"),
    (FileNotFoundError, "imap_tls_failed"),  # of ca_file
    (imaplib.IMAP4.abort, "imap_connection_lost"),
    (OSError, "imap_unreachable"),
    (ImapToolsError, "imap_refused"),
    (imaplib.IMAP4.error, "imap_refused"),
)


def _code(error: BaseException, *, connected: bool) -> str:
    """Name an error by the first line of CODES that fits; abort is an IMAP4.error, SSLError an OSError."""
    if connected and isinstance(error, OSError):
        return "imap_connection_lost"
    return next((code for kind, code in CODES if isinstance(error, kind)), "imap_failed")
