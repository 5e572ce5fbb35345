"""Somebody who asks on the own page: says words, presses what was offered, and reads the letters that come of it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from bot.store import asked, cases
from bot.store.asked import Asked
from bot.store.letters import KeptLetter
from bot.story import Story
from inbox.chat import web_line, web_press
from matcher.proposal import Case
from tests.channel_talk import all_letters, to, writes_on_page

people = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Talk:
    """One person on one page. `says` and `presses` return the letters to this person only."""

    story: Story
    address: str

    def says(self, text: str) -> list[KeptLetter]:
        """Write these words."""
        raw = web_line(self.address, "Bewoner", text, self.story.now)
        return to(writes_on_page(self.story, self.address, raw), self.address)

    def presses(self, action: str, value: str = "") -> list[KeptLetter]:
        """Press the newest choice with this action and value that is still open. Raises LookupError for none."""
        key, position, label = self._offered(action, value)
        return self.presses_secret(self.story.wiring.links.choice_secret(key, position), label)

    def presses_secret(self, secret: str, label: str = "") -> list[KeptLetter]:
        """Press a button that carries this secret."""
        raw = web_press(self.address, "Bewoner", label, secret, self.story.now)
        return to(writes_on_page(self.story, self.address, raw), self.address)

    def offered(self) -> list[tuple[str, str]]:
        """Action and value of every choice that is open, newest letter first."""
        sql = "SELECT action, value FROM choices WHERE holder = ? AND used_at IS NULL ORDER BY rowid DESC"
        return [(row["action"], row["value"]) for row in self.story.db.query(sql, [self.address])]

    def case(self) -> Case:
        """The newest case of this person."""
        return cases.of_initiator(self.story.db, self.address)[0]

    def asked(self) -> Asked:
        """What that case was asked last."""
        return asked.of_case(self.story.db, self.case().id)

    def read_so_far(self) -> list[str]:
        """The templates of all letters to this person, oldest first."""
        return templates(to(all_letters(self.story.db), self.address))

    def _offered(self, action: str, value: str) -> tuple[str, int, str]:
        sql = (
            "SELECT letter_key, position, label FROM choices WHERE holder = ? AND action = ? AND value = ?"
            " AND used_at IS NULL ORDER BY rowid DESC LIMIT 1"
        )
        for row in self.story.db.query(sql, [self.address, action, value]):
            return row["letter_key"], row["position"], row["label"]
        raise LookupError(f"{action} {value} is not offered")


def somebody(story: Story) -> Talk:
    """A person who has not asked anything yet."""
    return Talk(story, f"web:person-{next(people)}")


def templates(letters: list[KeptLetter]) -> list[str]:
    """The templates of letters, in their order."""
    return [letter.template for letter in letters]
