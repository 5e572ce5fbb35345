"""The same mail has one fingerprint along every path, and two mails never share one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import fingerprint
from bot.channels.fingerprint import delivered_to, external_id, message_id_hint, return_path

MAIL = (
    b"From: Wijkraad <wijkraad@example.org>\r\nTo: socialeveerkracht@example.org\r\n"
    b"Date: Mon, 16 Nov 2026 10:00:00 +0100\r\nMessage-ID: <een@example.org>\r\n"
    b"Subject: Vraag over\r\n een buurthuis\r\n\r\nGoedemiddag,\r\n\r\nWij zoeken hulp.\r\n"
)


@pytest.mark.parametrize(
    "arrived",
    [
        b"Return-Path: <wijkraad@example.org>\r\nDelivered-To: a+MM-x@example.org\r\n" + MAIL,
        b"Received: from a.example.org\r\n\tby b.example.org; Mon, 16 Nov 2026\r\n" * 9 + MAIL,
        b"X-Spam-Status: No\r\nAuthentication-Results: mx.example.org; spf=pass\r\nDKIM-Signature: v=1\r\n" + MAIL,
        MAIL.replace(b"\r\n", b"\n"),
        MAIL + b"\r\n",
        MAIL.replace(b"<een@example.org>", b"<herschreven@example.org>"),
        MAIL.replace(b"Message-ID: <een@example.org>\r\n", b""),
        MAIL.replace(b"over\r\n een", b"over een"),
        MAIL.replace(b"Subject:", b"SUBJECT :"),
    ],
)
def test_the_way_a_mail_came_does_not_count(arrived: bytes) -> None:
    assert external_id(arrived) == external_id(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"hulp", b"geld"),
        MAIL.replace(b"10:00:00", b"10:00:01"),
        MAIL.replace(b"Wijkraad", b"Dorpsraad"),
        MAIL.replace(b"buurthuis", b"dorpshuis"),
        MAIL.replace(b"Wij zoeken", b"  Wij zoeken"),
        b"kapotte regel\r\n" + MAIL,
        b"",
    ],
)
def test_what_the_writer_wrote_counts(other: bytes) -> None:
    assert external_id(other) != external_id(MAIL)


def test_without_a_date_the_message_id_tells_mails_apart() -> None:
    undated = MAIL.replace(b"Date: Mon, 16 Nov 2026 10:00:00 +0100\r\n", b"")
    assert external_id(undated) != external_id(undated.replace(b"<een@", b"<twee@"))


def test_trace_fields_are_read_from_the_top() -> None:
    raw = (
        b"Return-Path: <>\r\nDelivered-To: <postvak+MM-x@example.org>\r\n"
        b"Return-Path: <vervalst@example.org>\r\nDelivered-To: vervalst@example.org\r\n" + MAIL
    )
    assert return_path(raw) == ""
    assert delivered_to(raw) == "postvak+MM-x@example.org"
    assert message_id_hint(raw) == "<een@example.org>"
    assert (return_path(MAIL), delivered_to(MAIL), message_id_hint(b"\r\ntekst")) == (None, None, "")


def test_hints_hold_no_line_ends_and_stay_short() -> None:
    raw = b"Message-ID: <a\x00b\r\n\tc@example.org>" + b"x" * 5000 + b"\r\n\r\n"
    hint = message_id_hint(raw)
    assert hint.isprintable()
    assert len(hint) < 1000


def test_fields_that_never_end_are_not_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "MAX_HEADER_BYTES", len(MAIL))
    late = b"X-Spam-Status: No\r\n" * 20 + MAIL
    assert message_id_hint(MAIL) == "<een@example.org>"
    assert message_id_hint(late) == ""
    assert external_id(late) != external_id(late.replace(b"hulp", b"geld"))


@given(st.binary(max_size=300))
def test_any_bytes_have_a_fingerprint(raw: bytes) -> None:
    assert len(external_id(raw)) == 64
    assert external_id(raw) == external_id(b"Received: from x\r\n" + raw) or raw[:1] in (b" ", b"\t", b"\r", b"\n")
    return_path(raw), delivered_to(raw), message_id_hint(raw)
