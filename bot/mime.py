"""Turns a letter of the outbox into the mail that leaves. It writes no words and sends nothing."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from typing import Protocol

from bot.foreign import one_line
from bot.mail_address import BadAddress, mailable

__all__ = ["MOST_REFERENCES", "BadAddress", "SendableFile", "SendableLetter", "letter_to_mime", "mailable"]

# As many references as a mail program needs to find the thread; RFC 5322 sets no limit, servers do.
MOST_REFERENCES = 20
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,400}>")


class SendableLetter(Protocol):
    """What a mail needs of a letter, written just now or read back from the outbox."""

    @property
    def recipient(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def reply_token(self) -> str | None: ...


class SendableFile(Protocol):
    """What a mail needs of a file: with a `content_id` it is a picture of the HTML, without one an attachment."""

    @property
    def filename(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def content_id(self) -> str: ...


class _Identifiers(UnstructuredHeader, BaseHeader):
    """A header of Message-IDs, folded between them and never within: an encoded identifier would name nothing."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {(policy.linesep + ' ').join(self.split())}{policy.linesep}"


def _headers() -> HeaderRegistry:
    # The header itself knows how to fold, so that it holds under the policy of whoever writes the mail out.
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references"):
        registry.map_to_type(name, _Identifiers)
    return registry


POLICY = EmailPolicy(linesep="\r\n", header_factory=_headers())


def letter_to_mime(
    letter: SendableLetter,
    *,
    sender_name: str,
    sender_address: str,
    message_id: str,
    in_reply_to: str | None,
    references: Iterable[str],
    date: datetime,
    files: Sequence[SendableFile] = (),
) -> EmailMessage:
    """The mail of a letter: plain text and HTML (RFC 2046), marked as automatic (RFC 3834), in its thread (RFC 5322).

    The same values give the same bytes. Lines stay within 998 octets as RFC 5321 asks. Identifiers of foreign mail
    that are no identifiers are left out. Raises `BadAddress` for an address that cannot be mailed, ValueError when
    `message_id` is not one.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("not a Message-ID")
    sender = mailable(sender_address)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(display_name=one_line(sender_name), addr_spec=sender)
    mail["To"] = mailable(letter.recipient)
    if letter.reply_token:
        local, _, domain = sender.rpartition("@")
        mail["Reply-To"] = mailable(f"{local}+{letter.reply_token}@{domain}")
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = date
    mail["Message-ID"] = message_id
    _thread(mail, in_reply_to, references)
    mail["X-Auto-Response-Suppress"] = "All"
    _body(mail, letter, files, "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:40])
    return mail


def _body(mail: EmailMessage, letter: SendableLetter, files: Sequence[SendableFile], boundary: str) -> None:
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    _add_files(mail, files)
    mail["Content-Language"] = one_line(letter.language)  # set_content would have taken it out
    multiparts = [part for part in mail.walk() if part.is_multipart()]
    for depth, part in enumerate(multiparts):
        part.set_boundary(f"{boundary}.{depth}" if depth else boundary)


def _add_files(mail: EmailMessage, files: Sequence[SendableFile]) -> None:
    """Pictures beside the HTML (RFC 2387), attachments below it all."""
    page = mail.get_body(("html",))
    for file in sorted(files, key=lambda each: not each.content_id):
        maintype, _, subtype = file.media_type.partition("/")
        name = one_line(file.filename)
        if not file.content_id:
            mail.add_attachment(file.content, maintype, subtype, filename=name)
        elif isinstance(page, EmailMessage):
            cid = f"<{file.content_id}>"
            page.add_related(file.content, maintype, subtype, cid=cid, filename=name, disposition="inline")


def _thread(mail: EmailMessage, in_reply_to: str | None, references: Iterable[str]) -> None:
    """Say which mail this answers; a mail that answers none is generated, not replied (RFC 3834, section 5)."""
    parent = _identifiers([in_reply_to or ""])[:1]
    chain = _identifiers(references)
    chain = [identifier for identifier in chain if identifier not in parent] + parent
    if len(chain) > MOST_REFERENCES:
        chain = chain[:1] + chain[1 - MOST_REFERENCES :]
    if parent:
        mail["In-Reply-To"] = parent[0]
    if chain:
        mail["References"] = " ".join(chain)
    mail["Auto-Submitted"] = "auto-replied" if parent else "auto-generated"


def _identifiers(texts: Iterable[str]) -> list[str]:
    """Every Message-ID in some texts, each once, in order."""
    return list(dict.fromkeys(found for text in texts for found in _MESSAGE_ID.findall(text)))
