"""Somebody who is not the adviser has got the adviser's mail, secret and all, and answers in the adviser's name.

Whatever stands in the headers: nothing is decided, nothing is lost, and the adviser still decides afterwards.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.local_box import KeptLetter
from bot.settings import Mail, Programme
from bot.store import absences, proposals
from bot.story import Story, letter_to, reply_to
from tests.mails import NOT_CLOSING, SHOP, mail
from tests.proposed_cases import a_colleague, open_proposal, person, proposed, the_case

STRANGER = "kwaad@example.net"
OWN_SERVER = "mx.example.org"
LOOK_ALIKE = {"a": "а", "e": "е", "o": "о", "i": "і", "p": "р", "c": "с", "k": "\u212a"}
"""Letters of other alphabets (the last is the sign for kelvin) that look like ours."""


@pytest.fixture
def letter(story: Story) -> KeptLetter:
    return proposed(story)


@pytest.fixture
def checking(story: Story) -> Story:
    """A story whose own mail server checks who sends."""
    story.wiring = replace(story.wiring, settings=replace(story.wiring.settings, mail=Mail(authserv_id=OWN_SERVER)))
    return story


def in_name_of(letter: KeptLetter, story: Story, *headers: str) -> bytes:
    """A yes with the secret in it, under these headers instead of the honest From."""
    head, gap, text = reply_to(letter, "Ja, doe maar.", story.now).partition(b"\n\n")
    lines = [line for line in head.split(b"\n") if not line.lower().startswith(b"from:")]
    return b"\n".join([*(header.encode() for header in headers), *lines]) + gap + text


def still_open(story: Story) -> bool:
    return the_case(story, SHOP).state == "proposed" and open_proposal(story).state == "open"


def checked(raw: bytes, result: str) -> bytes:
    return f"Authentication-Results: {OWN_SERVER}; {result}\n".encode() + raw


@pytest.mark.parametrize(
    "headers",
    [
        [f"From: {STRANGER}"],
        ["From: {adviser}@example.net"],
        [f'From: "{{adviser}}" <{STRANGER}>'],
        [f"From: {{adviser}} <{STRANGER}>"],
        [f"From: =?utf-8?q?{{encoded}}?= <{STRANGER}>"],
        ["From: {adviser}", f"From: {STRANGER}"],
        [f"From: {STRANGER}", "From: {adviser}"],
        [f"From: {STRANGER}, {{adviser}}"],
        [f"From: {{adviser}}, {STRANGER}"],
        [f"From: {{adviser}} ({STRANGER}) <{STRANGER}>"],
        [f"From: <{{adviser}}> <{STRANGER}>"],
        [f"From: adviseurs: {{adviser}}, {STRANGER};"],
        [f"From: {STRANGER}", "Sender: {adviser}"],
        [f"From: {STRANGER}", "Reply-To: {adviser}", "Return-Path: <{adviser}>", "X-Original-From: {adviser}"],
        ['From: "{local}"@{domain}'],
        ["From: {adviser}.example.net"],
        ["From: {local}@{domain}\u200b"],
        ["From:"],
        [],
    ],
)
def test_no_header_makes_a_stranger_an_adviser(story: Story, letter: KeptLetter, headers: list[str]) -> None:
    adviser = letter.recipient
    local, _, domain = adviser.partition("@")
    names = {"adviser": adviser, "local": local, "domain": domain, "encoded": adviser.replace("@", "=40")}
    sent = story.mail_arrives(in_name_of(letter, story, *(each.format(**names) for each in headers)))
    assert still_open(story)
    assert STRANGER not in {one.recipient for one in sent}
    story.answer(letter, "Ja, doe maar.")
    assert the_case(story, SHOP).state == "accepted"


@pytest.mark.parametrize("ours", sorted(LOOK_ALIKE))
def test_letters_that_look_alike_are_other_letters(story: Story, letter: KeptLetter, ours: str) -> None:
    forged = letter.recipient.replace(ours, LOOK_ALIKE[ours], 1)
    if forged == letter.recipient:
        forged = letter.recipient.replace("example", "exаmple")
    story.mail_arrives(in_name_of(letter, story, f"From: {forged}"))
    assert still_open(story)


def test_the_secret_of_one_adviser_is_no_secret_of_another(story: Story, letter: KeptLetter) -> None:
    colleague = a_colleague(story)
    sent = story.mail_arrives(in_name_of(letter, story, f"From: {colleague.email}"))
    assert still_open(story)
    assert {one.recipient for one in sent} == {colleague.email}, "who is known to us is told that it did not count"
    assert letter.subject not in sent[0].text


def test_the_secret_of_one_proposal_decides_no_other(story: Story, letter: KeptLetter) -> None:
    other = proposed(story, "buurthuis@example.org")
    story.answer(other, "Ja, doe maar.")
    assert still_open(story)
    assert [one.state for one in proposals.of_case(story.db, the_case(story, "buurthuis@example.org").id)] == [
        "accepted"
    ]


def value_of(letter: KeptLetter, name: bytes) -> bytes:
    """What stands in one header of a letter of ours, on its first line."""
    return next(line for line in letter.raw.splitlines() if line.startswith(name)).partition(b": ")[2]


def test_a_yes_under_the_name_of_another_proposal_never_counts_for_that_one(story: Story, letter: KeptLetter) -> None:
    """One adviser has both; the mail names, quotes and answers the first, and holds only the secret of the second."""
    story.db.execute("UPDATE experts SET active = (email = ?) WHERE role = 'adviser'", [letter.recipient])
    other = proposed(story, "buurthuis@example.org")
    assert other.recipient == letter.recipient
    mixed = in_name_of(other, story, f"From: {other.recipient}")
    for name in (b"Message-ID", b"Subject"):
        theirs, ours = (value_of(each, name) for each in (other, letter))
        mixed = mixed.replace(theirs, ours)
        assert ours in mixed
    story.mail_arrives(mixed)
    assert still_open(story)


@pytest.mark.parametrize(
    "result",
    [
        "dmarc=fail (p=none) header.from=zet.example.org; spf=pass smtp.mailfrom=kwaad.example.net",
        "dkim=pass header.d=kwaad.example.net; spf=pass smtp.mailfrom=kwaad.example.net",
        "dmarc=pass header.from=kwaad.example.net",
        "none",
    ],
)
def test_our_own_server_catches_a_stolen_secret(checking: Story, result: str) -> None:
    letter = proposed(checking)
    domain = letter.recipient.partition("@")[2]
    forged = in_name_of(letter, checking, f"From: {letter.recipient}")
    with_own = f"Authentication-Results: {OWN_SERVER}; dmarc=pass header.from={domain}\n".encode() + forged
    sent = checking.mail_arrives(checked(with_own, result))
    assert still_open(checking)
    assert [one.recipient for one in sent] == [letter.recipient], "the adviser's own mailbox hears of it"
    assert "niet nagaan of het echt van jou komt" in sent[0].text


def test_a_mail_that_came_around_our_server_decides_nothing(checking: Story) -> None:
    letter = proposed(checking)
    domain = letter.recipient.partition("@")[2]
    elsewhere = f"Authentication-Results: mx.example.net; dmarc=pass header.from={domain}\n".encode()
    for above in (b"", elsewhere):
        sent = checking.mail_arrives(above + in_name_of(letter, checking, f"From: {letter.recipient}"))
        assert [one.recipient for one in sent] == [letter.recipient]
    assert still_open(checking)


def test_an_advisers_own_mail_decides_when_our_server_vouches_for_it(checking: Story) -> None:
    letter = proposed(checking)
    domain = letter.recipient.partition("@")[2]
    honest = in_name_of(letter, checking, f"From: {letter.recipient}")
    checking.mail_arrives(checked(honest, f"dmarc=pass header.from={domain}"))
    assert the_case(checking, SHOP).state == "accepted"


def test_without_a_server_of_our_own_no_such_header_is_looked_at(story: Story, letter: KeptLetter) -> None:
    honest = in_name_of(letter, story, f"From: {letter.recipient}")
    story.mail_arrives(checked(honest, "dmarc=fail"))
    assert the_case(story, SHOP).state == "accepted", "the secret, and the address that it went to"
    stolen = in_name_of(letter, story, f"From: {STRANGER}")
    story.mail_arrives(checked(stolen, "dmarc=pass header.from=example.net"))
    assert the_case(story, SHOP).state == "accepted"


def test_nobody_sends_an_adviser_on_holiday(checking: Story) -> None:
    letter = proposed(checking)
    words = "Ik ben afwezig van 1 december tot en met 20 december."
    forged = reply_to(letter, words, checking.now)
    sent = checking.mail_arrives(checked(forged, "dmarc=fail"))
    adviser = person(checking, open_proposal(checking).adviser_id)
    assert absences.of_person(checking.db, adviser.id, checking.now.date()) == []
    assert {one.recipient for one in sent} == {adviser.email}


def test_nobody_approves_in_the_name_of_the_coordinator(checking: Story) -> None:
    coordinator = Programme().coordinator
    asked = letter_to(checking.mail_arrives(mail(NOT_CLOSING, now=checking.now)), coordinator)
    forged = reply_to(asked, "Ja, akkoord.", checking.now)
    sent = checking.mail_arrives(checked(forged, "dmarc=fail"))
    assert the_case(checking, SHOP).state == "review"
    assert {one.recipient for one in sent} == {coordinator}
    honest = reply_to(asked, "Ja, akkoord.", checking.now)
    checking.mail_arrives(checked(honest, "dmarc=pass header.from=example.org"))
    assert the_case(checking, SHOP).state == "proposed"
