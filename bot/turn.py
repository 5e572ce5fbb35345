"""One turn of the story: the open transaction, the parts, the moment and what caused it. Decides nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from bot import outbox
from bot.letters import write_letter
from bot.links import new_secret
from bot.sheet_facts import sheet_facts
from bot.store import events, pool, tokens
from bot.store.events import Actor
from bot.store.tokens import Purpose
from bot.wiring import Wiring
from expertise.experts import Expert
from inbox.message import LIVE_CHANNELS
from matcher.pool import PoolVectors
from matcher.proposal import Case

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """Handed down the story while one message or one decision is handled inside one transaction.

    `cause` names what is handled ("message:12", "proposal:3"): every letter's unique key begins with it, so
    handling the same thing again can't write the letter again.
    """

    db: Database
    wiring: Wiring
    pool: PoolVectors
    now: datetime
    cause: str
    channel: str = "mail"
    in_reply_to: str | None = None
    references: tuple[str, ...] = field(default=())

    @property
    def today(self) -> date:
        """The date in the Netherlands."""
        return self.now.astimezone(AMSTERDAM).date()

    def person(self, expert_id: str) -> Expert:
        """Somebody of the pool, also one who has left it since. Raises LookupError for an unknown id."""
        expert = pool.find(self.db, expert_id)
        if expert is None:
            raise LookupError("an unknown person in the pool")
        return expert

    def note(self, case: Case | None, event: str, actor: Actor, detail: str = "") -> None:
        """Add a line to the case's history."""
        events.keep(self.db, case.id if case else None, event, actor, self.now, self.channel, detail)

    def invite(self, purpose: Purpose, subject_id: int, holder: str) -> str:
        """Make the secret that lets one person take one decision, and return it; only its hash is kept."""
        secret = new_secret()
        expires = self.now + self.wiring.settings.proposal_life
        tokens.keep(self.db, secret, purpose, subject_id, holder, self.now, expires)
        return secret

    def invite_initiator(self, case: Case) -> str | None:
        """A secret with which the initiator answers by mail; a live conversation itself proves who it is."""
        return None if case.channel in LIVE_CHANNELS else self.invite("consent", case.id, case.initiator)

    def to_initiator(self, case: Case, template: str, secret: str | None = None, **facts: Any) -> None:
        """Write a letter to the initiator of a case, in the case's language and channel."""
        facts = {"name": case.initiator_name, **facts}
        self._write(case, template, case.initiator, case.language, case.channel, secret, facts)

    def to_writer(self, address: str, name: str, language: str, template: str, **facts: Any) -> None:
        """Write a letter to somebody who has no case."""
        self._write(None, template, address, language, self.channel, None, {"name": name, **facts})

    def to_person(self, person: Expert, case: Case, template: str, secret: str | None = None, **facts: Any) -> None:
        """Write a letter to an adviser or expert, always by mail and in Dutch."""
        self._write(case, template, person.email, "nl", "mail", secret, {"name": person.name, **facts})

    def to_coordinator(self, case: Case | None, template: str, secret: str | None = None, **facts: Any) -> None:
        """Write a letter to the coordinator."""
        address = self.wiring.settings.programme.coordinator
        self._write(case, template, address, "nl", "mail", secret, {"name": "", **facts})

    def _write(
        self,
        case: Case | None,
        template: str,
        recipient: str,
        language: str,
        channel: str,
        secret: str | None,
        facts: dict[str, Any],
    ) -> None:
        programme = self.wiring.settings.programme
        known = {
            "reference": case.reference if case else "",
            "page_link": self.wiring.links.decision(secret) if secret else "",
            "keep_months": programme.keep_months,
            "chat": channel in LIVE_CHANNELS,
            "budget_sheet": sheet_facts(case.facts) if case else None,
            **facts,
        }
        letter = write_letter(
            template,
            key=f"{self.cause}/{template}",
            recipient=recipient,
            language=language,
            reply_token=secret,
            **known,
        )
        thread = (self.in_reply_to, self.references) if self._answers(case, recipient) else (None, ())
        mark = outbox.Postmark(case.id if case else None, _way(channel), *thread, self.now)
        outbox.put_letter(self.db, letter, mark, programme, self.wiring.links.key, self._staff())

    def _answers(self, case: Case | None, recipient: str) -> bool:
        """Only the one who wrote gets the letter in the thread: another's message stays out of everyone else's."""
        return case is None or recipient == case.initiator

    def _staff(self) -> set[str]:
        return {expert.email for expert in self.pool.experts} | {self.wiring.settings.programme.coordinator}


def _way(channel: str) -> str:
    return channel if channel in LIVE_CHANNELS else "mail"
