"""The commands of advisers stand in the menu of a linked adviser's chat only, from the link until it is undone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.serving import adviser_menu
from bot.store import accounts, pool
from tests import chat_service
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.chat_service import ChatService, somebody

service = chat_service.service
SETS = frozenset({"setmycommands", "deletemycommands"})


@pytest.fixture
def chat(telegram: BotApi, service: ChatService) -> Person:
    """The chat of an adviser, linked with the mailbox."""
    person = somebody(telegram, service, "Adviseur")
    accounts.link(service.story.db, f"telegram:{person.id}", own_address(service), service.story.now)
    return person


def own_address(service: ChatService) -> str:
    return next(one.email for one in pool.everyone(service.story.db) if one.role == "adviser")


def menu(telegram: BotApi, person: Person) -> list[str]:
    """The commands that just this chat shows."""
    scope = json.dumps({"chat_id": person.id, "type": "chat"}, sort_keys=True)
    return [each["command"] for each in telegram.world.commands.get((scope, ""), [])]


def test_a_linked_adviser_sees_the_own_commands_before_everybodys(
    telegram: BotApi, service: ChatService, chat: Person
) -> None:
    service.go()
    names = [name for name, _ in adviser_menu()]
    assert menu(telegram, chat) == names
    assert names[:2] == ["openstaand", "afwezig"]
    assert {"vraag", "koppel", "help"} < set(names)


def test_nobody_else_sees_them(telegram: BotApi, service: ChatService, chat: Person) -> None:
    resident = somebody(telegram, service, "Bewoner")
    accounts.link(service.story.db, f"telegram:{resident.id}", "bewoner@example.org", service.story.now)
    service.go()
    assert menu(telegram, resident) == []


@pytest.mark.parametrize("how", ["unlinked", "left"])
def test_they_go_with_the_link_or_the_work(telegram: BotApi, service: ChatService, chat: Person, how: str) -> None:
    service.go()
    db = service.story.db
    if how == "unlinked":
        accounts.unlink(db, f"telegram:{chat.id}", own_address(service))
    else:
        db.execute("UPDATE experts SET active = 0 WHERE email = ?", [own_address(service)])
    service.go()
    assert menu(telegram, chat) == []
    assert not list(db.query("SELECT * FROM chat_menus")), "nothing is kept of it"


def test_it_is_asked_once(telegram: BotApi, service: ChatService, chat: Person) -> None:
    service.go()
    service.go()
    assert len([call for call in telegram.world.calls if call.method == "setmycommands"]) == 1


@pytest.mark.parametrize("fault", ["flood", "gateway", "cut"])
def test_what_fails_is_tried_again_later(telegram: BotApi, service: ChatService, chat: Person, fault: str) -> None:
    telegram.goes_wrong(fault, methods=SETS)  # type: ignore[arg-type]
    service.go()
    assert [code for code, _ in service.reported] == ["chat_menu_failed"]
    service.story.later(timedelta(minutes=6))
    service.go()
    assert menu(telegram, chat) == [name for name, _ in adviser_menu()]


def test_a_chat_that_is_gone_is_not_asked_all_day(telegram: BotApi, service: ChatService) -> None:
    db, story = service.story.db, service.story
    accounts.link(db, "telegram:999999", own_address(service), story.now)
    for _ in range(3):
        service.go()
        story.later(timedelta(hours=1))
    asked = [call for call in telegram.world.calls if call.method == "setmycommands"]
    assert len(asked) <= 1
    accounts.unlink(db, "telegram:999999", own_address(service))
    story.later(timedelta(days=2))
    service.go()
    assert len(service.reported) <= 1
