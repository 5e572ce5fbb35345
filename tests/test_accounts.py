"""Who is one person: only after a code went to the mailbox and came back in the chat that asked for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot import accounts, flow
from bot.serving import chat_menus
from bot.story import Story
from inbox.chat import web_line
from tests.channel_talk import chat_of, mails, says, to, writes_on_page
from tests.linked_chats import ADVISER, ANNA, STRANGER, code_in, link, linked, outcomes, said
from tests.mails import COMPLETE, INCOMPLETE, SHOP
from tests.telegram_updates import GROUP


def test_a_code_from_the_mailbox_links_the_chat(story: Story) -> None:
    asked = says(story, ANNA, f"/koppel {ADVISER}")
    code = code_in(asked, ADVISER)
    assert code not in said(asked)
    assert linked(story) is None
    written = says(story, ANNA, code)
    assert linked(story) == chat_of(ANNA)
    assert accounts.same_person(story.db, ADVISER, chat_of(ANNA))
    assert set(accounts.addresses_of(story.db, ADVISER)) == {ADVISER, chat_of(ANNA)}
    assert "/openstaand" in said(written)
    (notice,) = to(written, ADVISER)
    assert "gekoppeld" in notice.subject
    assert "ontkoppel" in notice.text


@pytest.mark.parametrize("typed", ["{a} {b}", "{a}-{b}", "/koppel {a}{b}"])
def test_a_code_may_be_typed_in_two_halves(story: Story, typed: str) -> None:
    code = code_in(says(story, ANNA, f"/koppel {ADVISER.upper()}"), ADVISER)
    says(story, ANNA, typed.format(a=code[:4], b=code[4:]))
    assert linked(story) == chat_of(ANNA)


def test_the_answer_never_tells_whether_an_address_is_known(story: Story) -> None:
    known = says(story, ANNA, f"/koppel {ADVISER}")
    unknown = says(story, ANNA, "/koppel niemand@example.org")
    assert said(known) == said(unknown)
    assert to(unknown, "niemand@example.org") == []
    for _ in range(4):
        again = says(story, ANNA, f"/koppel {ADVISER}")
    assert said(again) == said(known), "nor that there were codes enough"
    assert to(again, ADVISER) == []


def test_an_address_alone_is_enough_after_the_bare_command(story: Story) -> None:
    assert "mailadres" in said(says(story, ANNA, "/koppel"))
    assert code_in(says(story, ANNA, ADVISER), ADVISER)
    assert "mailadres" in said(says(story, ANNA, "/koppel geen adres"))


def test_three_codes_an_hour_and_six_a_day(story: Story) -> None:
    def codes(person: int) -> int:
        return len(to(says(story, person, f"/koppel {ADVISER}"), ADVISER))

    assert [codes(700 + each) for each in range(5)] == [1, 1, 1, 0, 0], "to one mailbox, from whichever chat"
    story.later(timedelta(minutes=61))
    assert [codes(ANNA) for _ in range(4)] == [1, 1, 1, 0]
    story.later(timedelta(minutes=61))
    assert codes(ANNA) == 0
    story.later(timedelta(hours=25))
    assert codes(ANNA) == 1


def test_one_chat_asks_for_three_codes_an_hour(story: Story) -> None:
    advisers = [one.email for one in story.shelf.current(story.db).experts if one.role == "adviser"][:4]
    sent = [len(to(says(story, ANNA, f"/koppel {email}"), email)) for email in advisers]
    assert sent == [1, 1, 1, 0]


def test_a_code_in_another_chat_does_nothing(story: Story) -> None:
    code = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    assert "chat_link" not in [letter.template for letter in says(story, STRANGER, code)], "words like any other"
    refused = said(says(story, STRANGER, f"/koppel {code}"), STRANGER)
    assert "werkt hier niet" in refused
    assert refused == said(says(story, STRANGER, "/koppel 12345678"), STRANGER), "a right code looks like a wrong one"
    assert linked(story) is None
    says(story, ANNA, code)
    assert linked(story) == chat_of(ANNA)


NUMBERS = ("12345678", "01-01-2027", "12.500.000", "31 12 2026")


@pytest.mark.parametrize("number", NUMBERS)
def test_eight_digits_are_words_where_nobody_asked_for_a_code(story: Story, number: str) -> None:
    assert "link_refused" not in outcomes(story)
    says(story, ANNA, number)
    link(story)
    says(story, ANNA, "/openstaand")
    says(story, ANNA, number)
    writes_on_page(story, "web:eigen", web_line("web:eigen", "Buurvrouw", number, story.now))
    assert "link_refused" not in outcomes(story)


@pytest.mark.parametrize("email", [ADVISER, "niemand@example.org"])
def test_what_digits_do_tells_not_whether_a_code_went_out(story: Story, email: str) -> None:
    says(story, ANNA, f"/koppel {email}")
    says(story, ANNA, "/help")
    says(story, ANNA, "12345678")
    story.later(timedelta(minutes=30))
    says(story, ANNA, "/help")
    says(story, ANNA, "12345678")
    assert outcomes(story) == ["link_asked", "welcomed", "link_refused", "welcomed", outcomes(story)[-1]]
    assert outcomes(story)[-1] != "link_refused", "half an hour later they are words again"


def test_a_chat_is_of_one_adviser(story: Story) -> None:
    link(story)
    other = next(one for one in story.shelf.current(story.db).experts if one.role == "adviser" and one.email != ADVISER)
    written = link(story, ANNA, other.email)
    assert "al bij een andere adviseur" in said(written)
    assert to(written, other.email) == []
    assert (linked(story), linked(story, other.email)) == (chat_of(ANNA), None)
    assert not accounts.same_person(story.db, ADVISER, other.email)
    says(story, ANNA, "/ontkoppel")
    link(story, ANNA, other.email)
    assert (linked(story), linked(story, other.email)) == (None, chat_of(ANNA))


def test_a_code_in_a_group_does_nothing(story: Story) -> None:
    code = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    assert says(story, ANNA, code, chat=GROUP) == []
    (letter,) = says(story, ANNA, f"/koppel {ADVISER}", chat=GROUP)
    assert (letter.template, letter.recipient) == ("chat_group", "telegram:-100200")
    assert linked(story) is None


def test_a_code_that_is_late_or_used_does_nothing(story: Story) -> None:
    code = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    story.later(timedelta(minutes=30))
    assert "werkt hier niet" in said(says(story, ANNA, code))
    code = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    says(story, ANNA, code)
    says(story, ANNA, "/ontkoppel")
    assert "werkt hier niet" in said(says(story, ANNA, code))
    assert linked(story) is None


def test_only_the_newest_code_of_a_chat_counts(story: Story) -> None:
    first = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    second = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    if first != second:
        says(story, ANNA, first)
        assert linked(story) is None
    says(story, ANNA, second)
    assert linked(story) == chat_of(ANNA)


def test_after_five_wrong_codes_the_right_one_is_too_late(story: Story) -> None:
    code = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(5):
        says(story, ANNA, wrong)
    says(story, ANNA, code)
    assert linked(story) is None


def test_a_code_is_kept_as_a_keyed_hash_and_forgotten(story: Story) -> None:
    code = code_in(says(story, ANNA, f"/koppel {ADVISER}"), ADVISER)
    (row,) = story.db.query("SELECT * FROM account_codes")
    assert code not in str(row)
    story.later(timedelta(days=1, minutes=1))
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert list(story.db.query("SELECT * FROM account_codes")) == []


def test_a_mailbox_has_one_chat_the_newest(story: Story) -> None:
    link(story)
    story.later(timedelta(hours=1, minutes=1))
    link(story, 502)
    assert linked(story) == chat_of(502)
    assert not accounts.same_person(story.db, chat_of(ANNA), chat_of(502))
    assert accounts.addresses_of(story.db, chat_of(ANNA)) == (chat_of(ANNA),)


def test_a_second_mailbox_of_one_chat_tells_both(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    link(story)
    written = link(story, ANNA, SHOP)
    assert {letter.recipient for letter in written} >= {ADVISER, SHOP}
    assert accounts.same_person(story.db, SHOP, ADVISER)
    says(story, ANNA, f"/ontkoppel {SHOP}")
    assert not accounts.same_person(story.db, SHOP, ADVISER)
    assert linked(story) == chat_of(ANNA)


def test_a_link_is_told_in_the_writers_language(story: Story) -> None:
    polish: dict[str, Any] = {"from": {"id": 503, "is_bot": False, "first_name": "Ewa", "language_code": "pl"}}
    (letter,) = says(story, 503, "/koppel", **polish)
    assert letter.language == "pl"


def test_eight_digits_among_other_words_are_words(story: Story) -> None:
    says(story, ANNA, INCOMPLETE)
    written = says(story, ANNA, "Ons KvK-nummer is 12345678 en we zitten in Oss")
    assert "chat_link" not in [letter.template for letter in written]


def test_the_menu_of_every_language_names_the_commands() -> None:
    for _, commands in chat_menus():
        assert {name for name, _ in commands} == {"vraag", "status", "gegevens", "stop", "koppel", "help"}
        assert all(name.isalpha() and 3 <= len(told) <= 256 for name, told in commands)
