"""One turn of the story: the open transaction, the parts, the moment and what caused it. Decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from bot import outbox
from bot.choices import Choice
from bot.letter_facts import CHAT_ONLY, MAILBOX_ONLY
from bot.letters import write_letter
from bot.links import new_secret
from bot.sheet_facts import sheet_facts
from bot.store import accounts, events, pool, tokens
from bot.store import choices as kept_choices
from bot.store.choices import KeptChoice
from bot.store.events import Actor
from bot.store.letters import COPY_IN_CHAT
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
    by: str = ""  # who of the staff does it at the desk, as an id

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
        by = self.by if actor not in ("bot", "initiator") else ""
        events.keep(self.db, case.id if case else None, event, actor, self.now, self.channel, detail, by)

    def invite(self, purpose: Purpose, subject_id: int, holder: str) -> str:
        """Make the secret that lets one person take one decision, and return it; only its hash is kept."""
        secret = new_secret()
        expires = self.now + self.wiring.settings.proposal_life
        tokens.keep(self.db, secret, purpose, subject_id, holder, self.now, expires)
        return secret

    def invite_initiator(self, case: Case, purpose: Purpose = "reply") -> str | None:
        """A secret with which the initiator answers by mail; a live conversation itself proves who it is.

        For a letter that asks for consent the purpose is "consent": an answer to an earlier letter is none to this.
        """
        if purpose == "consent":
            tokens.ask_consent_anew(self.db, case.id)
        return None if case.channel in LIVE_CHANNELS else self.invite(purpose, case.id, case.initiator)

    def to_initiator(
        self, case: Case, template: str, secret: str | None = None, choices: Sequence[Choice] = (), **facts: Any
    ) -> None:
        """Write a letter to the initiator of a case, in the case's language and channel.

        `choices` stand under it as buttons in a chat and on the own page; a mail shows none of them.
        """
        facts = {"name": case.initiator_name, **facts}
        addressed = _Addressed(case.initiator, case.language, case.channel)
        self._write(case, template, addressed, secret, facts, _Offer(tuple(choices)))

    def to_writer(
        self, address: str, name: str, language: str, template: str, choices: Sequence[Choice] = (), **facts: Any
    ) -> None:
        """Write a letter to somebody who has no case."""
        addressed = _Addressed(address, language, self.channel)
        self._write(None, template, addressed, None, {"name": name, **facts}, _Offer(tuple(choices)))

    def to_person(
        self,
        person: Expert,
        case: Case | None,
        template: str,
        secret: str | None = None,
        choices: Sequence[Choice] = (),
        proposal_id: int | None = None,
        **facts: Any,
    ) -> None:
        """Write a letter to an adviser or expert, by mail and in Dutch; to an adviser in the linked chat too.

        `choices` are for a chat: they only count while the proposal that they are about, if any, is open.
        """
        offer = _Offer(tuple(choices), proposal_id)
        told = {"name": person.name, **facts}
        shown = person.role == "adviser" and template not in MAILBOX_ONLY
        chat = accounts.telegram_of(self.db, person.email) if shown else None
        if chat is None or template not in CHAT_ONLY:
            self._write(case, template, _Addressed(person.email, "nl", "mail"), secret, told, offer)
        if chat is not None:
            # A link of the mailbox's own, such as to the adviser's page, stays out of the chat.
            own = self._invite_also(secret, chat)
            here = {**told, "page_link": ""} if "page_link" in told else told
            self._write(case, template, _Addressed(chat, "nl", "chat", COPY_IN_CHAT), own, here, offer)

    def _invite_also(self, secret: str | None, chat: str) -> str | None:
        """A second secret for the same decision, so that a chat's own can be taken back when the chat is parted."""
        token = tokens.find(self.db, secret) if secret else None
        if token is None:
            return None
        own = self.invite(token.purpose, token.subject_id, token.holder)
        if token.asks_which:
            tokens.ask_which(self.db, own)
        tokens.mark_shown(self.db, own, chat)
        return own

    def to_mailbox(self, address: str, language: str, template: str, number: int = 1, **facts: Any) -> None:
        """Write a mail to somebody who may be in another channel now; `number` tells the letters of one turn apart."""
        addressed = _Addressed(address, language, "mail", f"/{number}")
        self._write(None, template, addressed, None, {"name": "", **facts})

    def to_coordinator(self, case: Case | None, template: str, secret: str | None = None, **facts: Any) -> None:
        """Write a letter to the coordinator."""
        addressed = _Addressed(self.wiring.settings.programme.coordinator, "nl", "mail")
        self._write(case, template, addressed, secret, {"name": "", **facts})

    def _write(
        self,
        case: Case | None,
        template: str,
        addressed: "_Addressed",
        secret: str | None,
        facts: dict[str, Any],
        offer: "_Offer | None" = None,
    ) -> None:
        programme = self.wiring.settings.programme
        known = {**self._known(case, secret), "chat": addressed.live, **facts}
        letter = write_letter(
            template,
            key=f"{self.cause}/{template}{addressed.key_end}",
            recipient=addressed.address,
            language=addressed.language,
            reply_token=secret,
            **known,
        )
        thread = (self.in_reply_to, self.references) if self._answers(case, addressed.address) else (None, ())
        mark = outbox.Postmark(case.id if case else None, addressed.way, *thread, self.now)
        new = outbox.put_letter(self.db, letter, mark, programme, self.wiring.links.key, self._staff())
        if new and offer is not None and addressed.live:
            self._keep_choices(letter.key, case, addressed.address, offer)

    def _known(self, case: Case | None, secret: str | None) -> dict[str, Any]:
        """What every letter may tell, whatever it is about."""
        return {
            "reference": case.reference if case else "",
            "page_link": self.wiring.links.decision(secret) if secret else "",
            "keep_months": self.wiring.settings.programme.keep_months,
            "written_in": case.language if case else "nl",
            "budget_sheet": sheet_facts(case.facts) if case else None,
        }

    def _keep_choices(self, letter_key: str, case: Case | None, holder: str, offer: "_Offer") -> None:
        """Remember what was offered under a letter, to whom and in which state of the case."""
        expires = self.now + self.wiring.settings.proposal_life
        for position, choice in enumerate(offer.choices):
            kept = KeptChoice(
                letter_key=letter_key,
                position=position,
                case_id=case.id if case else None,
                case_state=case.state if case else "",
                proposal_id=offer.proposal_id,
                holder=holder,
                action=choice.action,
                value=choice.value,
                label=choice.label,
                stays=choice.stays,
                expires_at=expires,
            )
            kept_choices.keep(self.db, kept, self.wiring.links.choice_secret(letter_key, position), self.now)

    def _answers(self, case: Case | None, recipient: str) -> bool:
        """Only the one who wrote gets the letter in the thread: another's message stays out of everyone else's."""
        return case is None or recipient == case.initiator

    def _staff(self) -> set[str]:
        programme = self.wiring.settings.programme
        return {*(one.email for one in self.pool.experts), *programme.all_coordinators, *programme.all_readers}


@dataclass(frozen=True, slots=True)
class _Addressed:
    """Where a letter goes, in which language and channel; `key_end` tells the copy in a second channel apart."""

    address: str
    language: str
    channel: str
    key_end: str = ""

    @property
    def live(self) -> bool:
        return self.channel in LIVE_CHANNELS

    @property
    def way(self) -> str:
        return self.channel if self.live else "mail"


@dataclass(frozen=True, slots=True)
class _Offer:
    """What may be chosen under a letter, and the proposal that it is about."""

    choices: tuple[Choice, ...]
    proposal_id: int | None = None
