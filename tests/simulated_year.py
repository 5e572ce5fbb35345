"""A year of people and their answers on a clock that runs fast, on the real parts; what holds is told by its test."""

from __future__ import annotations

import asyncio
import heapq
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from bot import flow
from bot.channels.fingerprint import external_id
from bot.channels.local_box import KeptLetter
from bot.channels.shape import SendResult
from bot.outbox import send_one_letter
from bot.store import absences, messages, pool
from bot.store.database import transaction
from bot.story import Story, reply_to
from expertise.availability import Absence
from tests.mails import ADDRESS, COMPLETE, INCOMPLETE, NOT_CLOSING, OUTSIDE, mail

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOURS = (time(8, 10), time(12), time(16, 30))
PLACES = ("Vessem", "Oss", "Zundert", "Helmond", "Tilburg", "Waalwijk", "Boxtel", "Breda")
QUESTIONS = (COMPLETE, COMPLETE, COMPLETE, INCOMPLETE, NOT_CLOSING, OUTSIDE)
FACTS = "1. In Oss\n2. Ja, de begroting sluit\n3. Nee, geen subsidie van de provincie\n4. Ja, delen mag"
HELPED = "1. Ja, we hebben elkaar gesproken\n2. Ja, het heeft geholpen\n3. Fase 3"
SILENCE = ""
PROPOSAL = (("Ja, doe maar.", 12), ("Nee, deze past niet bij de vraag.", 3), (SILENCE, 5))
ANSWERS: dict[str, tuple[tuple[str, int], ...]] = {
    "proposal": PROPOSAL,
    "proposal_waits": PROPOSAL,
    "question": ((FACTS, 14), (SILENCE, 6)),
    "initiator_reminder": ((FACTS, 10), (SILENCE, 10)),
    "consent_request": (("Ja, dat mag.", 14), ("Nee, liever niet.", 2), (SILENCE, 4)),
    "review": (("Ja, dit mag meedoen.", 10), ("Nee", 4), (SILENCE, 6)),
    "follow_up": ((HELPED, 10), (SILENCE, 10)),
}
"""What readers answer to a letter, each answer with how many of twenty give it."""


@dataclass(order=True, slots=True)
class Post:
    """A mail that somebody will have written by then."""

    at: datetime
    number: int
    raw: bytes = field(compare=False)


@dataclass(slots=True)
class Year:
    """The world around the product: who writes when, and between which days nothing runs."""

    story: Story
    outages: tuple[tuple[date, date], ...]
    chance: Random
    numbers: count[int] = field(default_factory=count)
    under_way: list[Post] = field(default_factory=list)
    sent: list[KeptLetter] = field(default_factory=list)
    quiet: bool = False

    def asks(self, at: datetime) -> None:
        """Somebody new asks."""
        number = next(self.numbers)
        text = self.chance.choice(QUESTIONS).replace("Vessem", self.chance.choice(PLACES))
        raw = mail(text, sender=f"initiatief{number}@example.org", subject="Onze vraag", now=at)
        heapq.heappush(self.under_way, Post(at, number, raw))

    def goes_away(self, monday: date) -> None:
        """An adviser takes some weeks off."""
        advisers = [one.id for one in pool.everyone(self.story.db) if one.role == "adviser"]
        days = timedelta(days=self.chance.choice((4, 11, 18)))
        absence = Absence(self.chance.choice(advisers), monday, monday + days, "")
        with transaction(self.story.db):
            absences.keep(self.story.db, absence, self.story.now)

    def falls_silent(self) -> None:
        """From now on nobody writes any more."""
        self.quiet = True
        self.under_way.clear()

    def day(self, day: date, hours: tuple[time, ...] = HOURS) -> bool:
        """Let a day pass; False when nothing ran."""
        if any(first <= day <= last for first, last in self.outages):
            return False
        for hour in hours:
            self.story.now = datetime.combine(day, hour, AMSTERDAM)
            self._post_comes_in()
            flow.on_clock(self.story.db, self.story.wiring, self.story.shelf, self.story.now)
            self._post_goes_out()
        return True

    def _post_comes_in(self) -> None:
        story = self.story
        while self.under_way and self.under_way[0].at <= story.now:
            raw = heapq.heappop(self.under_way).raw
            messages.keep_raw(
                story.db, raw, channel="mail", account=ADDRESS, external_id=external_id(raw), envelope_sender=None,
                now=story.now,
            )  # fmt: skip
        while flow.process_one_message(story.db, story.wiring, story.shelf, story.now):
            pass

    def _post_goes_out(self) -> None:
        fresh: list[KeptLetter] = []

        async def take(letter: EmailMessage, sender: str, recipient: str) -> SendResult:
            fresh.append(_kept(letter, sender, recipient, self.story.now))
            return SendResult("sent", "taken")

        async def send_all() -> None:
            programme = self.story.wiring.settings.programme
            while await send_one_letter(self.story.db, take, programme, lambda: self.story.now):
                pass

        asyncio.run(send_all())
        self.sent += fresh
        for letter in [] if self.quiet else fresh:
            self._is_answered(letter)

    def _is_answered(self, letter: KeptLetter) -> None:
        sql = "SELECT template FROM letters WHERE message_id = ?"
        (template,) = self.story.db.execute(sql, [letter.name]).fetchone()
        if template not in ANSWERS:
            return
        texts, weights = zip(*ANSWERS[template], strict=True)
        (text,) = self.chance.choices(texts, weights)
        at = self.story.now + timedelta(hours=self.chance.choice((2, 5, 24, 49, 75, 170)))
        if text != SILENCE:
            heapq.heappush(self.under_way, Post(at, next(self.numbers), reply_to(letter, text, at)))


def _kept(letter: EmailMessage, sender: str, recipient: str, now: datetime) -> KeptLetter:
    plain = letter.get_body(("plain",))
    assert plain is not None
    name, subject = str(letter["Message-ID"]), str(letter["Subject"])
    return KeptLetter(name, now, sender, recipient, subject, plain.get_content(), "", letter.as_bytes())
