"""People around the service: they write by mail and chat as fast as is wanted, and answer the letters they get."""

from __future__ import annotations

import json
import re
import smtplib
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count
from random import Random
from typing import Any

from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.load.service import Running
from tests.load.texts import chat_lines, shuffled, written_by
from tests.smtp_receiver import SmtpReceiver
from tests.test_story_service import reply

ADDRESS = "socialeveerkracht@example.org"
SUBJECT = re.compile(rb"^Subject: *([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
ANSWERS = ((b"Voorstel", "Ja, doe maar."), (b"Mogen we", "Ja, dat mag."))
"""What is answered to letters by their subjects, as a proposal and a question for consent have them."""
LOOK_SECONDS = 0.05
STEP = 1000
HANDLED = "message_handled"
Told = Callable[[Running, int, float, int], None]


class Feeder:
    """Everybody outside; what is sent is counted by the service's own database and log."""

    def __init__(self, service: Running, receiver: SmtpReceiver, telegram: BotApi, chance: Random) -> None:
        self.service, self.receiver, self.telegram = service, receiver, telegram
        self.questions = shuffled(written_by("mail"), chance)
        self.lines = chat_lines(chance)
        self.numbers = count(1)
        self.people: dict[int, Person] = {}
        self.seen = 0
        self.answers: deque[tuple[str, bytes]] = deque()
        self.line: smtplib.LMTP | None = None
        self.database = sqlite3.connect(f"file:{service.database}?mode=ro", uri=True, timeout=30)

    def feed(
        self,
        mails: int,
        chats: int,
        *,
        waiting: int,
        rate: float | None = None,
        minutes: float = 60.0,
        told: Told | None = None,
    ) -> None:
        """Send so many mails and chat messages in turn, and wait until all are handled.

        So many may be `waiting` to be handled; with a `rate` so many a second leave, whatever waits.
        """
        start, fed = time.perf_counter(), 0
        left = {"mail": mails, "chat": chats}
        while any(left.values()) and time.perf_counter() - start < minutes * 60:
            way = "mail" if left["mail"] * chats >= left["chat"] * mails and left["mail"] else "chat"
            self._mail() if way == "mail" else self._chat()
            left[way] -= 1
            fed += 1
            if rate is not None:
                time.sleep(max(start + fed / rate - time.perf_counter(), 0))
            elif fed % 10 == 0:
                self._until(waiting)
            if told is not None and fed % STEP == 0:
                told(self.service, fed, time.perf_counter() - start, self.waiting_letters())
        self._until(0)

    def waits(self, known: int) -> list[float]:
        """Milliseconds between arrival and the commit of the decision of each message with a higher number."""
        handled = {one["message"]: datetime.fromisoformat(one["at"]) for one in self._told() if one["message"] > known}
        rows = self.database.execute("SELECT id, received_at FROM messages WHERE id > ?", [known]).fetchall()
        arrived = {row[0]: datetime.fromisoformat(row[1]) for row in rows}
        return [1000 * (at - arrived[message]).total_seconds() for message, at in handled.items() if message in arrived]

    def waiting_letters(self) -> int:
        """Letters that should leave."""
        return self._number("SELECT count(*) FROM letters WHERE state = 'waiting' AND channel IN ('mail', 'chat')")

    def left(self) -> int:
        """Letters that left, by mail and by chat."""
        return len(self.receiver.mails) + len(self.telegram.world.sent)

    def _told(self) -> Iterator[dict[str, Any]]:
        for line in self.service.log.read_text(encoding="utf-8").splitlines():
            if f'"{HANDLED}"' in line:
                yield json.loads(line)

    def _until(self, waiting: int) -> None:
        """Wait until no more than so many messages wait to be handled, those that the bot has to fetch counted too."""
        while self._number("SELECT count(*) FROM messages WHERE state = 'received'") + self._unfetched() > waiting:
            if self.service.process.poll() is not None:
                raise RuntimeError("the service ended")
            time.sleep(LOOK_SECONDS)

    def _unfetched(self) -> int:
        with self.telegram.changed:
            return len(self.telegram.world.updates.pending)

    def _number(self, sql: str) -> int:
        return int(self.database.execute(sql).fetchone()[0])

    def _chat(self) -> None:
        number, text = next(self.lines)
        if number not in self.people:
            self.people[number] = self.telegram.person(f"Bewoner {number}", username=f"bewoner_{number}")
        self.telegram.writes(self.people[number], text)

    def _mail(self) -> None:
        """An answer to a letter that came, or else somebody new with a question."""
        self._look()
        sender, raw = self.answers.popleft() if self.answers else self._question()
        line = self._line()
        line.mail(sender)
        line.rcpt(ADDRESS)
        code, _ = line.data(raw)
        if code != 250:
            raise RuntimeError(f"not taken: {code}")

    def _line(self) -> smtplib.LMTP:
        if self.line is None:
            self.line = smtplib.LMTP("127.0.0.1", self.service.lmtp_port, timeout=120)
            self.line.ehlo_or_helo_if_needed()
        return self.line

    def _question(self) -> tuple[str, bytes]:
        number, words = next(self.numbers), next(self.questions)
        sender = f"bewoner{number}@load.example.org"
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = ADDRESS
        mail["Subject"] = " ".join(words.subject.split()) or "Vraag"
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<load-{number}@load.example.org>"
        mail.set_content(words.text)
        return sender, mail.as_bytes()

    def _look(self) -> None:
        mails = self.receiver.mails
        while self.seen < len(mails):
            received = mails[self.seen]
            self.seen += 1
            found = SUBJECT.search(received.raw)
            words = next((words for mark, words in ANSWERS if found is not None and mark in found[1]), None)
            if words is not None:
                self.answers.append((received.recipient, reply(received, words)))
