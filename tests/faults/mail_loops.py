"""Mail that machines write to a service: other services, automatic answers, bounces, lists. No tests live here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

from bot.installation import links_of
from bot.pool_vectors import PoolShelf
from bot.settings import Programme, Settings
from bot.store.database import open_database
from bot.story import Story
from bot.wiring import Wiring
from tests.mails import ADDRESS, mail

Road = Callable[[bytes, int], bytes]
"""What a server on the way makes of a mail, and of which one by number."""
MARKS = re.compile(
    rb"(?im)^(?:auto-submitted|x-auto-response-suppress|precedence|list-[a-z]+|return-path):.*\n(?:[ \t].*\n)*"
)
IDENTIFIER = re.compile(rb"(?im)^message-id:.*\n(?:[ \t].*\n)*")

ABSENCES = (
    ("Automatisch antwoord: {subject}", "Ik ben afwezig tot maandag. Bij spoed kunt u bellen met de balie."),
    ("Automatic reply: {subject}", "I am out of the office until Monday and will answer your message then."),
    ("Afwezig: {subject}", "Bedankt voor uw bericht. Ik ben met vakantie en lees mijn mail niet."),
    ("Re: {subject}", "Dank voor uw bericht. Ik ben tot 3 mei afwezig. Bij spoed kunt u bellen met de balie."),
    ("Odpowiedź automatyczna: {subject}", "Jestem na urlopie do 3 maja. W pilnych sprawach proszę dzwonić."),
    ("Otomatik yanıt: {subject}", "Ofis dışındayım, pazartesi günü döneceğim."),
    ("Ticket 4711: {subject}", "Uw bericht is ontvangen onder nummer 4711. Dit bericht is automatisch verzonden."),
)
"""How automatic answers read, the last ones without a mark that says so."""


def engine(folder: Path, address: str, like: Story) -> Story:
    """A service of its own at an address, with the parts of another."""
    settings = Settings(data_dir=str(folder), programme=Programme(address=address))
    settings.folder.mkdir(parents=True)
    wiring: Wiring = replace(like.wiring, settings=settings, links=links_of(settings))
    like.db.execute("VACUUM INTO ?", [str(settings.database)])
    return Story(open_database(settings.database), wiring, PoolShelf(wiring.encoder), like.now)


def address_of(story: Story) -> str:
    """Where a service gets its mail."""
    return story.wiring.settings.programme.address


def correspond(one: Story, other: Story, first: bytes, road: Road, most: int) -> int:
    """Hand a mail to one service, and from then on each what the other writes to it; returns how many mails went."""
    here, there, post, went = one, other, [first], 0
    while post and went < most:
        letters = []
        for raw in post:
            went += 1
            letters += [each.raw for each in here.mail_arrives(raw) if each.recipient == address_of(there)]
        post = [road(raw, went + number) for number, raw in enumerate(letters)]
        here, there = there, here
    return went


def as_it_is(raw: bytes, number: int) -> bytes:
    """A road that changes nothing."""
    del number
    return raw


def without_marks(raw: bytes, number: int) -> bytes:
    """A gateway that takes away whatever says that a machine wrote it, and gives every mail a new number."""
    return b"Message-ID: <gateway-%d@example.org>\n" % number + IDENTIFIER.sub(
        b"", MARKS.sub(b"", raw.replace(b"\r\n", b"\n"))
    )


def asked_by(sender: str, to: str, story: Story, text: str) -> bytes:
    """A question that seems to be from somebody who did not write it."""
    return mail(text, sender=sender, to=to, now=story.now)


def automatic_answer(letter: bytes, number: int, now: datetime, marked: bool) -> bytes:
    """What a reader's mail program answers by itself to a letter; unmarked ones are known by their words only."""
    got = message_from_bytes(letter, policy=default)
    subject, text = ABSENCES[number % len(ABSENCES)]
    answer = EmailMessage()
    answer["From"], answer["To"] = str(got["To"]), str(got["Reply-To"] or got["From"])
    answer["Subject"] = subject.format(subject=got["Subject"])
    answer["Date"] = format_datetime(now)
    answer["Message-ID"] = f"<absent-{number}@example.org>"
    answer["In-Reply-To"] = answer["References"] = str(got["Message-ID"])
    if marked:
        answer["Auto-Submitted"] = "auto-replied"
    answer.set_content(f"{text}\n")
    return answer.as_bytes()


def bounce(letter: bytes, number: int, now: datetime, to: str = ADDRESS) -> bytes:
    """A report that a letter could not be delivered, with the letter in it; every third is of a plain old server."""
    got = message_from_bytes(letter, policy=default)
    text = f"Your message to {got['To']} could not be delivered.\n550 5.1.1 Host or domain name not found.\n"
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: {to}\n"
        f"Date: {format_datetime(now)}\nMessage-ID: <bounce-{number}@mx.example.org>\n"
        "Subject: Undelivered Mail Returned to Sender\n"
    ).encode()
    if number % 3 == 0:
        return head + b"\n" + text.encode() + b"\n--- Below this line is a copy of the message.\n\n" + letter
    kind = b'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
    path = b"Return-Path: <>\n" if number % 3 == 1 else b""
    parts = (
        b"--b\nContent-Type: text/plain\n\n%b\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n"
        b"--b\nContent-Type: message/rfc822\n\n%b\n--b--\n"
    )
    return path + head + kind + b"\n" + parts % (text.encode(), letter)


def from_a_list(letter: bytes, number: int, *, marked: bool, renumbered: bool) -> bytes:
    """A letter of ours as a mailing list hands it out to everybody, us among them: with the list as its sender."""
    raw = letter.replace(b"\r\n", b"\n") if marked else MARKS.sub(b"", letter.replace(b"\r\n", b"\n"))
    raw = re.sub(rb"(?im)^from:.*\n(?:[ \t].*\n)*", b"From: Buurtlijst <buurtlijst@example.org>\n", raw, count=1)
    if renumbered:
        raw = b"Message-ID: <list-%d@example.org>\n" % number + IDENTIFIER.sub(b"", raw)
    return (b"List-Id: <buurtlijst.example.org>\nPrecedence: list\n" if marked else b"") + raw
