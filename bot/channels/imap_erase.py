"""Removes mails for good from the mailbox that is read, in all folders we use; which mails is decided elsewhere."""

from collections.abc import Collection, Iterable, Iterator

from imap_tools import BaseMailBox
from imap_tools.errors import MailboxExpungeError, MailboxFlagError, MailboxUidsError
from imap_tools.utils import check_command_status

from bot.channels.fingerprint import external_id
from bot.channels.imap_box import ImapSettings, fetch_mail, open_mailbox
from inbox.mail import writer_of


def erase_mails(
    settings: ImapSettings, wanted: Collection[str], addresses: Iterable[str], message_ids: Iterable[str]
) -> int:
    """Remove every mail whose external id is wanted; returns how many.

    From the folders of processed mail also what these addresses sent, known or not; in the folder that is read, a
    mail that nobody took yet is a new message and stays. `message_ids` are where to look. Raises OSError,
    imaplib.IMAP4.error and ImapToolsError: whoever asks again gets done what was not.
    """
    own = [each for each in addresses if "@" in each and each.isascii()]
    marks = [each for each in message_ids if each.isascii()]
    gone = 0
    with open_mailbox(settings) as box:
        for folder in _folders(box, settings):
            box.folder.set(folder)
            senders = [] if folder == settings.folder else own
            found = dict.fromkeys((*_found(box, "Message-ID", marks), *_found(box, "From", own)))
            doomed = [uid for uid in found if _goes(box, uid, settings, wanted, senders)]
            _expunge(box, doomed)
            gone += len(doomed)
    return gone


def _folders(box: BaseMailBox, settings: ImapSettings) -> list[str]:
    """The folders of ours that exist; some servers keep every folder below INBOX."""
    names = [settings.folder, settings.done_folder, settings.too_large_folder]
    wanted = {name for name in names if name}
    return [each.name for each in box.folder.list() if each.name in wanted or each.name.split(each.delim)[-1] in wanted]


def _found(box: BaseMailBox, header: str, values: Iterable[str]) -> Iterator[int]:
    for value in values:
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        answer = box.client.uid("SEARCH", "HEADER", header, f'"{quoted}"')
        check_command_status(answer, MailboxUidsError)
        yield from map(int, (answer[1][0] or b"").split())


def _goes(
    box: BaseMailBox, uid: int, settings: ImapSettings, wanted: Collection[str], senders: Collection[str]
) -> bool:
    """Looked at the mail itself: a search finds an address also as a part of a longer one."""
    mail = fetch_mail(box, uid, settings)
    if mail is None:
        return False
    if external_id(mail.raw) in wanted:
        return True
    try:
        return bool(senders) and writer_of(mail.raw) in senders
    except Exception:  # a mail that nobody can read is not known to be of this person
        return False


def _expunge(box: BaseMailBox, uids: Collection[int]) -> None:
    """Delete for good. Without UIDPLUS a mail that a person marked as deleted goes along."""
    if not uids:
        return
    numbers = ",".join(map(str, uids))
    check_command_status(box.client.uid("STORE", numbers, "+FLAGS", r"(\Deleted)"), MailboxFlagError)
    if "UIDPLUS" in box.client.capabilities:
        check_command_status(box.client.uid("EXPUNGE", numbers), MailboxExpungeError)
    else:
        check_command_status(box.client.expunge(), MailboxExpungeError)
