"""People who ask, decide and answer by mail, LMTP, page and chat, and try again when nobody takes what they send.

Everything that was taken is written down: what must be found again in the end. Judges nothing; no tests live here.
"""

from __future__ import annotations

import re
import smtplib
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from itertools import count

import httpx

from tests.bot_api.chats import Person, Sent
from tests.faults.installation import Installation
from tests.mails import COMPLETE
from tests.smtp_receiver import ReceivedMail

DECISION_PAGE = re.compile(r"/besluit/[\w.=-]+")
YES, NO = "Ja, doe maar.", "Nee, deze expert past hier niet bij."
BEGIN, SECONDS = datetime.now(UTC), count()
PAUSE_SECONDS = 0.05
LINE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Posted:
    """A page that was answered: what was chosen on it, and the status and words that came back."""

    page: str
    choice: str
    status: int
    words: str


@dataclass(slots=True)
class Taken:
    """What servers took from people, so that the service has to account for it."""

    mails: list[str] = field(default_factory=list)
    over_imap: int = 0
    posted: list[Posted] = field(default_factory=list)
    askers: list[str] = field(default_factory=list)


class Crowd:
    """Everybody outside, in a thread of their own."""

    def __init__(self, here: Installation) -> None:
        self.here, self.taken = here, Taken()
        self.numbers = count(1)
        self.seen_mails = self.seen_chats = 0
        self.known: set[str] = set()
        self.waiting: list[Callable[[], None]] = []
        self.asked: list[str] = []
        self.stop = threading.Event()
        self.problems: list[BaseException] = []
        self.thread = threading.Thread(target=self._live, name="crowd", daemon=True)

    def __enter__(self) -> Crowd:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(60)

    def ask(self, way: str) -> None:
        """Somebody new asks something, by "imap", "lmtp" or "chat"."""
        self.asked.append(way)

    def is_quiet(self) -> bool:
        """Whether everybody has reacted to everything that arrived, and everything they sent was taken."""
        assert not self.problems, self.problems
        arrived = (len(self.here.receiver.mails), len(self.here.telegram.sent()))
        return not self.asked and not self.waiting and arrived == (self.seen_mails, self.seen_chats)

    def _live(self) -> None:
        while not self.stop.is_set():
            try:
                self._act()
            except BaseException as problem:  # told by whoever waits for the crowd
                self.problems.append(problem)
                return
            time.sleep(PAUSE_SECONDS)

    def _act(self) -> None:
        while self.asked:
            self._begin(self.asked[0])
            del self.asked[0]
        mails, chats = self.here.receiver.mails, self.here.telegram.sent()
        while self.seen_mails < len(mails):
            self._read(mails[self.seen_mails])
            self.seen_mails += 1
        for sent in chats[self.seen_chats :]:
            self._look(sent)
            self.seen_chats += 1
        for attempt in list(self.waiting):
            try:
                attempt()
            except (OSError, smtplib.SMTPException, httpx.HTTPError):
                continue  # nobody is there now, or the line broke: once more later
            self.waiting.remove(attempt)

    def _begin(self, way: str) -> None:
        number = next(self.numbers)
        text = f"{COMPLETE}\nKenmerk van onze groep: {number}.\n"
        if way == "chat":
            person = self.here.telegram.person(f"Bewoner {number}", username=f"bewoner_{number}")
            self.here.telegram.writes(person, text)
            self.taken.askers.append(f"telegram:{person.id}")
        else:
            sender = f"bewoner{number}@example.org"
            self.taken.askers.append(sender)
            self._send(new_mail(sender, self.here.address, f"Dorpswinkel {number}", text), sender, way)

    def _send(self, mail: EmailMessage, sender: str, way: str = "imap") -> None:
        """Mail goes out once; a server that does not say that it has it gets the same mail again."""
        raw, name = mail.as_bytes(), str(mail["Message-ID"])

        def over_imap() -> None:
            self.here.dovecot.deliver(self.here.address, raw, sender)
            self.taken.over_imap += 1
            self.taken.mails.append(name)

        def over_lmtp() -> None:
            with smtplib.LMTP("127.0.0.1", self.here.lmtp_port, timeout=LINE_SECONDS) as line:
                line.sendmail(sender, [self.here.address], raw)
            self.taken.mails.append(name)

        self.waiting.append(over_lmtp if way == "lmtp" else over_imap)

    def _read(self, received: ReceivedMail) -> None:
        """React to a mail, once however often it comes."""
        letter = message_from_bytes(received.raw, policy=default)
        if str(letter["Message-ID"]) in self.known:
            return
        self.known.add(str(letter["Message-ID"]))
        subject = str(letter["Subject"])
        if subject.startswith("Voorstel"):
            self._decide(received, letter)
        elif "Mogen we" in subject:
            self._answer(received, letter, "Ja")

    def _decide(self, received: ReceivedMail, letter: EmailMessage) -> None:
        """An adviser decides, in one of many ways: also twice, or yes here and no there at the same moment."""
        body = letter.get_body(("plain",))
        assert body is not None
        page = DECISION_PAGE.search(body.get_content())
        assert page is not None
        ways: tuple[tuple[str, ...], ...] = (
            ("mail:yes",), ("page:yes",), ("mail:no",), ("mail:yes", "mail:yes"), ("page:yes", "mail:no"),
            ("lmtp:yes", "page:no"), ("page:yes", "page:no"), ("chat",),
        )  # fmt: skip
        chosen = ways[next(self.numbers) % len(ways)]
        if chosen == ("chat",) and received.recipient not in self.here.advisers:
            chosen = ("mail:yes",)
        for way in chosen:
            channel, _, choice = way.partition(":")
            if channel == "page":
                self._post(page[0], choice)
            elif channel != "chat":
                self._answer(received, letter, YES if choice == "yes" else NO, "lmtp" if channel == "lmtp" else "imap")

    def _answer(self, received: ReceivedMail, letter: EmailMessage, words: str, way: str = "imap") -> None:
        body = letter.get_body(("plain",))
        assert body is not None
        quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
        text = f"{words}\n\nOp ma 16 nov. 2026 om 10:14 schreef {letter['From']}:\n\n{quoted}\n"
        mail = new_mail(received.recipient, str(letter["Reply-To"]), f"Re: {letter['Subject']}", text)
        mail["In-Reply-To"] = mail["References"] = str(letter["Message-ID"])
        self._send(mail, received.recipient, way)

    def _post(self, page: str, choice: str) -> None:
        def attempt() -> None:
            with httpx.Client(base_url=self.here.site, timeout=LINE_SECONDS, trust_env=False) as browser:
                answer = browser.post(page, data={"choice": choice, "why": "no_fit"})
            self.taken.posted.append(Posted(page, choice, answer.status_code, answer.text))

        self.waiting.append(attempt)

    def _look(self, sent: Sent) -> None:
        """Press the yes under what came into a chat; of an adviser's chats every second proposal."""
        person = self.here.telegram.world.people.get(sent.chat_id)
        yes = next((each for row in sent.buttons for each in row if each["text"].startswith("Ja")), None)
        if person is None or yes is None or self._leaves_it(person):
            return
        with suppress(ValueError):  # the button was taken away in the meantime
            self.here.telegram.presses(person, sent.message_id, yes["callback_data"])

    def _leaves_it(self, person: Person) -> bool:
        return person in self.here.advisers.values() and bool(next(self.numbers) % 2)


def new_mail(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """A mail that is like no other: no two have the same date."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(BEGIN + next(SECONDS) * timedelta(seconds=1))
    mail["Message-ID"] = f"<{time.time_ns()}.{sender}>"
    mail.set_content(text)
    return mail
