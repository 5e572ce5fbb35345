"""The people of one story, each in any of three channels; what they say stands in scenarios, what is right in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.settings import Programme
from bot.store import accounts, asked, pool
from expertise.experts import Expert
from tests import web_visits
from tests.bot_api.chats import Person
from tests.mails import mail
from tests.test_story_budget import with_file
from tests.three_channels import ADDRESS, NAME, PHONE, USERNAME, Act, Channel, File, Form, Press, Said, Stage
from tests.web_visits import link_in

MOST_ANSWERS = 6
DECIDES = "/besluit/"
"""In every letter that can be decided on."""


class Initiator(Protocol):
    """Somebody who asks. `personal` is what nobody may read who has not been allowed to."""

    stage: Stage
    personal: Sequence[str]

    def begins(self, act: Act) -> None:
        """Say something that answers no letter."""

    def replies(self, act: Act) -> None:
        """Say something in answer to the newest letter."""

    def sees(self, press: Press, /) -> bool:
        """Whether this button is there to be pressed."""

    @property
    def address(self) -> str:
        """Where letters to this person go."""


@dataclass(slots=True)
class ByMail:
    """Asks from a mailbox."""

    stage: Stage
    personal: Sequence[str] = (ADDRESS, NAME, PHONE)
    address: str = ADDRESS
    numbers: int = 0

    def begins(self, act: Act) -> None:
        """A mail in no thread. It has no subject, as a chat has none: its words would weigh along in the ranking."""
        self.numbers += 1
        words, now = act.words if isinstance(act, File) else str(act), self.stage.story.now
        raw = mail(words, sender=f"{NAME} <{ADDRESS}>", subject=None, now=now, X_Number=str(self.numbers))
        self.stage.mails += self.stage.story.mail_arrives(
            with_file(raw, act.content, act.name) if isinstance(act, File) else raw
        )
        self.stage.go()

    def replies(self, act: Act) -> None:
        """A reply from the mail program, the letter quoted below."""
        self.stage.mails += self.stage.story.answer(self.stage.mail_to(ADDRESS), str(act))
        self.stage.go()

    def sees(self, _press: Press) -> bool:
        """A mail has no buttons."""
        return False


@dataclass(slots=True)
class InChat:
    """Asks in a private chat with the bot."""

    stage: Stage
    person: Person
    personal: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.personal = (USERNAME, NAME, PHONE, str(self.person.id))

    @property
    def address(self) -> str:
        """The chat."""
        return f"telegram:{self.person.id}"

    def begins(self, act: Act) -> None:
        """Type, press or send a file."""
        if isinstance(act, Press):
            press_in_chat(self.stage, self.person, act)
        elif isinstance(act, File):
            self.stage.telegram.sends_document(self.person, act.content, act.name, caption=act.words)
        else:
            self.stage.telegram.writes(self.person, str(act))
        self.stage.go()

    replies = begins

    def sees(self, press: Press) -> bool:
        """Whether the button stands in the chat."""
        secret = self.stage.button(self.address, press)
        return any(secret in sent.data for sent in self.stage.telegram.sent(self.person))


@dataclass(slots=True)
class OnPage:
    """Asks on the web page, without JavaScript."""

    stage: Stage
    personal: Sequence[str] = (ADDRESS, NAME, PHONE)
    path: str = ""

    @property
    def address(self) -> str:
        """The conversation."""
        rows = self.stage.story.db.query("SELECT sender FROM messages WHERE channel = 'web' AND sender != '' LIMIT 1")
        return str(next(iter(rows), {"sender": ""})["sender"])

    def begins(self, act: Act) -> None:
        """Write, press or send a form."""
        browser = self.stage.browser
        words, file = (act.words, (act.name, act.content)) if isinstance(act, File) else (str(act), None)
        if isinstance(act, Press):
            secret = self.stage.button(self.address, act)
            assert secret is not None
            assert f'value="{secret}"' in browser.get(self.path).text
            web_visits.press_button(browser, self.path, "keuze", choice=secret)
        elif isinstance(act, Form):
            assert web_visits.press_button(browser, self.path, act.button, **dict(act.fields)).status_code == 303
        elif self.path:
            web_visits.write_back(browser, self.path, words, file)
        else:
            self.path = web_visits.ask(browser, words, NAME, file)
        self.stage.go()

    replies = begins

    def sees(self, press: Press) -> bool:
        """Whether the button stands on the page."""
        secret = self.stage.button(self.address, press)
        return secret is not None and f'value="{secret}"' in self.stage.browser.get(self.path).text


def initiator(channel: Channel, stage: Stage) -> Initiator:
    """Somebody who asks in this channel, and has not asked anything yet."""
    if channel == "mail":
        return ByMail(stage)
    if channel == "web":
        return OnPage(stage)
    person = stage.telegram.person("Voorzitter", last_name="Tuingroep", username=USERNAME)
    return InChat(stage, person)


def answer_everything(sam: Initiator, channel: Channel, knows: Mapping[str, Said]) -> None:
    """Answer what was asked until nothing more is: a button where one is offered, and words for all the rest.

    A question whose answer is not in `knows` is passed over.
    """
    for _ in range(MOST_ANSWERS):
        questions = asked.of_case(sam.stage.story.db, sam.stage.case().id).questions
        answers = [knows[each].by(channel)[0] for each in questions if each in knows]
        if not answers:
            return
        if isinstance(answers[0], Press) and sam.sees(answers[0]):
            sam.replies(answers[0])
        else:
            sam.replies(" ".join(str(knows[each].mail) for each in questions if each in knows))
    raise AssertionError("the questions do not end")


def press_in_chat(stage: Stage, person: Person, press: Press) -> None:
    """Press a button that stands in somebody's chat. Raises LookupError when it doesn't."""
    secret = stage.button(f"telegram:{person.id}", press)
    for sent in reversed(stage.telegram.sent(person)):
        if secret in sent.data:
            stage.telegram.presses(person, sent.message_id, secret)
            return
    raise LookupError(f"{press} does not stand in the chat")


@dataclass(slots=True)
class Advisers:
    """All advisers, who do what they do in one channel; those with a chat have linked it."""

    stage: Stage
    channel: Channel
    chats: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        story = self.stage.story
        for each in pool.everyone(story.db):
            if each.role == "adviser" and self.channel == "chat":
                self.chats[each.id] = self.stage.telegram.person(each.name, username=each.id)
                self.stage.telegram.world.private_chat(self.chats[each.id])
                accounts.link(story.db, f"telegram:{self.chats[each.id].id}", each.email, story.now)

    def do(self, said: Said) -> None:
        """The adviser who has the proposal does this."""
        holder = self.stage.holder()
        for act in said.by(self.channel):
            self._do(holder, act)
            self.stage.go()

    def _do(self, holder: Expert, act: Act) -> None:
        if isinstance(act, Press):
            press_in_chat(self.stage, self.chats[holder.id], act)
        elif isinstance(act, Form):
            decide_on_page(self.stage, holder.email, act)
        elif self.channel == "chat":
            self.stage.telegram.writes(self.chats[holder.id], str(act))
        else:
            self.stage.mails += self.stage.story.answer(self.stage.mail_to(holder.email, DECIDES), str(act))


def decide_on_page(stage: Stage, address: str, form: Form) -> None:
    """Open the link of the newest letter to somebody that has one, and send its form."""
    answer = stage.browser.post(link_in(stage.mail_to(address, DECIDES)), data=dict(form.fields))
    assert answer.status_code == 200, answer.text


def coordinator_does(stage: Stage, act: Act) -> None:
    """The coordinator answers the newest letter, by mail or on its page."""
    address = Programme().coordinator
    if isinstance(act, Form):
        decide_on_page(stage, address, act)
    else:
        stage.mails += stage.story.answer(stage.mail_to(address), str(act))
    stage.go()
