"""Every sample mail reads as expected, and no bytes whatever make reading fail, hang or lose text."""

import base64
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.answer import read_answer
from inbox.decision_token import find_tokens
from inbox.mail import UnreadableMail, read_mail
from inbox.message import Message

SAMPLES = sorted((Path(__file__).parent / "mail_samples").glob("*.eml"))
OWN = ["socialeveerkracht@example.org"]
HEADERS = b"From: buurttuin@example.org\r\nTo: socialeveerkracht@example.org\r\nSubject: Vraag\r\n"
HUGE_SECONDS = 20
"""Far above what any of these mails needs (two seconds), far below what one slow regular expression costs."""


def as_expected(message: Message) -> dict[str, Any]:
    return {
        "sender": message.sender,
        "sender_name": message.sender_name,
        "recipients": list(message.recipients),
        "subject": message.subject,
        "text": message.text,
        "quoted": message.quoted,
        "signature": message.signature,
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": list(message.references),
        "automatic": message.automatic,
        "attachments": [
            {"filename": file.filename, "media_type": file.media_type, "bytes": len(file.content)}
            for file in message.attachments
        ],
        "defects": list(message.defects),
        "tokens": list(find_tokens(message)),
        "answer": read_answer(message.text, message.sender_name).choice,
    }


def read(raw: bytes, envelope_sender: str | None = None) -> Message:
    return read_mail(raw, own_addresses=OWN, envelope_sender=envelope_sender)


def body(text: str, headers: str = "") -> bytes:
    return HEADERS + headers.encode() + b"\r\n" + text.encode()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_sample_reads_as_expected(sample: Path) -> None:
    expected = json.loads(sample.with_suffix(".json").read_text("utf-8"))
    assert as_expected(read(sample.read_bytes())) == expected


def test_there_are_samples_enough_and_each_has_its_expectation() -> None:
    assert len(SAMPLES) >= 70
    assert {path.stem for path in SAMPLES} == {path.stem for path in (SAMPLES[0].parent).glob("*.json")}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_new_text_is_made_of_lines_of_the_mail(sample: Path) -> None:
    message = read(sample.read_bytes())
    original = message.own_raw_text.split("\n")
    for line in message.text.split("\n"):
        assert any(line.strip() in whole for whole in original)


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\x00\x00", b" \t\n"])
def test_nothing_at_all_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableMail):
        read(raw)


def test_same_bytes_without_an_id_get_the_same_external_id() -> None:
    first, second = read(body("Hallo")), read(body("Hallo"))
    assert first.external_id == second.external_id
    assert first.external_id.startswith("sha256:")
    assert read(body("Dag")).external_id != first.external_id


def test_message_id_is_the_external_id() -> None:
    assert read(body("Hallo", "Message-ID: <abc@example.org>\r\n")).external_id == "<abc@example.org>"


@pytest.mark.parametrize(
    "from_header",
    [
        "adviseur@zet.example.org, vreemde@example.org",
        "adviseur@zet.example.org <vreemde@example.org>",
        "<adviseur@zet.example.org> <vreemde@example.org>",
        "adviseur@zet.example.org)vreemde@example.org",
        "Groep: adviseur@zet.example.org;",
        '"adviseur@zet.example.org',
        "adviseur@zet.example.org\r\nFrom: vreemde@example.org",
        "adviseur@zet.example.org\x00",
        "adviseur@zet.example.org <>",
        '"a b"@example.org',
        "advi\u00adseur@example.org",
        "adviseur\u200b@example.org",
        "adviseur",
        "",
    ],
)
def test_doubtful_sender_is_no_sender(from_header: str) -> None:
    message = read(f"From: {from_header}\r\nSubject: x\r\n\r\nJa".encode())
    assert message.sender == ""
    assert "ambiguous_from" in message.defects or "no_from" in message.defects


@pytest.mark.parametrize(
    ("from_header", "sender", "name"),
    [
        ("Adviseur@ZET.Example.org", "adviseur@zet.example.org", ""),
        ('"Zet, Adviseur" <adviseur@zet.example.org>', "adviseur@zet.example.org", "Zet, Adviseur"),
        ("adviseur@zet.example.org (Adviseur Zet)", "adviseur@zet.example.org", "Adviseur Zet"),
        ("=?utf-8?q?Co=C3=B6p=2C_Een?= <coop@example.org>", "coop@example.org", "Coöp, Een"),
        ("coop@example.org <coop@example.org>", "coop@example.org", "coop@example.org"),
        # The Kelvin sign is not a k: lowering it would turn one mailbox into another.
        ("mar\u212a@example.org", "mar\u212a@example.org", ""),
    ],
)
def test_one_plain_sender_is_read(from_header: str, sender: str, name: str) -> None:
    message = read(f"From: {from_header}\r\nSubject: x\r\n\r\nJa".encode())
    assert (message.sender, message.sender_name) == (sender, name)


def test_address_with_the_token_survives_thirty_thousand_recipients() -> None:
    crowd = ", ".join(f"bewoner{number}@example.org" for number in range(30_000))
    token = "MM-0123456789ABCDEFGHJK"
    started = time.perf_counter()
    message = read(body("Ja", f"Delivered-To: socialeveerkracht+{token}@example.org\r\nCc: {crowd}\r\n"))
    assert time.perf_counter() - started < HUGE_SECONDS
    assert len(message.recipients) == 200
    assert find_tokens(message) == (token,)


@pytest.mark.parametrize(
    "token",
    [
        "MM-0123456789ABCDEFGHJ",
        "MM-0123456789ABCDEFGHJKM",
        "MM-0123456789ABCDEFGHIL",
        "XMM-0123456789ABCDEFGHJK",
        "MM-0123456789ABCDEFGH\u212aJ",
    ],
)
def test_what_is_no_token_is_not_found(token: str) -> None:
    assert find_tokens(read(body(f"Ja\r\n\r\nKenmerk: {token}\r\n"))) == ()


def test_tokens_come_from_the_most_trustworthy_place_first() -> None:
    first, second, third = ("MM-" + letter * 20 for letter in "ABC")
    text = f"Kenmerk: {second}\r\n\r\nOp 3 nov 2025 om 10:14 schreef X:\r\n> kenmerk: {third.lower()}\r\n> {first}\r\n"
    message = read(body(text, f"Cc: socialeveerkracht+{first}@example.org\r\n"))
    assert find_tokens(message) == (first, second, third)


MIXED = HEADERS + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
PDF = b"--b\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/pdf\r\n\r\n"
HTML = HEADERS + b"Content-Type: text/html\r\n\r\n"
TEXT = HEADERS + b"\r\n"
NEST = b"".join(b'Content-Type: multipart/mixed; boundary="n%d"\r\n\r\n--n%d\r\n' % (n, n) for n in range(3_000))
HUGE_MAILS: dict[str, Callable[[], bytes]] = {
    "attachment": lambda: MIXED + PDF + base64.encodebytes(random.Random(7).randbytes(27_000_000)) + b"--b--\r\n",
    "only line feeds": lambda: TEXT + b"\n" * 40_000_000,
    "only headers": lambda: HEADERS + b"X-A: b\r\n" * 5_000_000,
    "no line end": lambda: b"a" * 40_000_000,
    "a million parts": lambda: MIXED + b"\n--b\n\nx" * 1_000_000,
    "almost boundaries": lambda: MIXED + b"\n--bx" * 3_000_000,
    "endlessly nested": lambda: HEADERS + NEST + b"\r\nhallo" + b"\n" * 3_000_000,
    "endlessly attached": lambda: HEADERS + b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "signature delimiters": lambda: TEXT + b"-- \n" * 100_000,
    "announcements": lambda: TEXT + b"Van: x\nVerzonden: y\n\n" * 20_000,
    "underscores": lambda: TEXT + b"________________________________\nVan: x\n" * 10_000,
    "one long line of addresses": lambda: TEXT + b"2023/1/1 " + b"<a@" * 100_000,
    "deep markup": lambda: HTML + b"<blockquote><div>" * 200_000 + b"x",
    "breaks": lambda: HTML + b"x<br>" * 600_000,
    "open tags": lambda: HTML + b"<b" * 2_000_000,
    "encoded words": lambda: HEADERS + b"Subject: " + b"=?a?q?" * 200_000 + b"\r\n\r\nx",
    "quotes in a parameter": lambda: HEADERS + b"Content-Type: text/plain; " + b'a="b;' * 200_000 + b"\r\n\r\nx",
    "brackets in From": lambda: b"From: " + b"((<" * 100_000 + b"\r\n\r\nx",
}


@pytest.mark.parametrize("name", HUGE_MAILS)
def test_huge_mail_reads_quickly(name: str) -> None:
    raw = HUGE_MAILS[name]()
    started = time.perf_counter()
    message = read(raw)
    assert time.perf_counter() - started < HUGE_SECONDS
    assert len(message.text) <= 200_000
    assert "unparsed" not in message.defects


def test_text_beyond_the_limit_is_named_not_hidden() -> None:
    message = read(body("Wij zoeken hulp. " * 20_000))
    assert len(message.own_raw_text) == 200_000
    assert "text_cut" in message.defects


@given(st.binary(max_size=2_000))
@settings(max_examples=150, deadline=None)
def test_any_bytes_read_or_are_unreadable(raw: bytes) -> None:
    try:
        message = read(raw)
    except UnreadableMail:
        return
    assert "unparsed" not in message.defects


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A sample with some bytes changed, cut out, doubled or swapped for what parsers stumble over."""
    raw = bytearray(draw(st.sampled_from(SAMPLES)).read_bytes())
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(raw) - 1, 0)))
        length = draw(st.integers(0, 40))
        junk = (
            b"",
            b"\x00",
            b"\r",
            b"\n\n",
            b"=?",
            b"?=",
            b'"',
            b"--",
            b";",
            b"\xff\xfe",
            b"Content-Type:",
            b"<",
            b"charset=",
        )
        raw[at : at + length] = draw(st.sampled_from(junk)) * draw(st.integers(1, 3))
    return bytes(raw)


@given(mutants())
@settings(max_examples=250, deadline=None)
def test_damaged_samples_still_read(raw: bytes) -> None:
    try:
        message = read(raw, envelope_sender="")
    except UnreadableMail:
        return
    assert "unparsed" not in message.defects
    assert "\n" not in message.subject
    assert all(letter.isprintable() for letter in message.subject + message.sender_name)
    assert message.automatic is not None
