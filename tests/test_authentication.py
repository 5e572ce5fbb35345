"""What our own mail server found out about a sender: only its topmost header counts, for the From domain alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.authentication import is_aligned, read_checks

OWN = "mx.example.org"
SENDER = "adviseur@zet.example.org"
DMARC = "dmarc=pass header.from=zet.example.org"


def mail(*headers: str) -> bytes:
    return "\r\n".join([*headers, f"From: {SENDER}", "Subject: Re: voorstel", "", "Ja"]).encode()


def found(value: str) -> bytes:
    return mail(f"Authentication-Results: {value}")


@pytest.mark.parametrize(
    "value",
    [
        f"{OWN}; {DMARC}",
        f"{OWN} 1; {DMARC}",
        f"MX.Example.ORG;\r\n\tspf=fail smtp.mailfrom=x.example.net;\r\n {DMARC}",
        f"{OWN}; dmarc=pass (p=reject; sp=none) header.from=ZET.example.org",
        f"{OWN}; dkim=pass (2048-bit key) header.d=zet.example.org header.s=a",
        f"{OWN}; dkim=pass header.i=@zet.example.org",
        f"{OWN}; dkim=fail header.d=zet.example.org; dkim=pass header.d=zet.example.org",
        f"{OWN}; dkim/1 = pass header.d=zet.example.org",
        f"{OWN}; spf=pass smtp.mailfrom=bounces@bounce.zet.example.org",
        f'{OWN}; spf=pass smtp.mailfrom="a b;c"@zet.example.org',
    ],
)
def test_our_own_server_vouches_for_the_domain(value: str) -> None:
    assert is_aligned(found(value), SENDER, OWN)


@pytest.mark.parametrize(
    "value",
    [
        "",
        f"{OWN}; none",
        f"{OWN} 2; {DMARC}",
        f"{OWN} extra words; {DMARC}",
        f"mx.example.net; {DMARC}",
        f"{OWN}.example.net; {DMARC}",
        f"mx.example.net; x=y; {OWN}; {DMARC}",
        f"{OWN}; dmarc=fail header.from=zet.example.org; dkim=pass header.d=kwaad.example.net",
        f"{OWN}; dmarc=pass",
        f"{OWN}; dmarc=pass header.from=kwaad.example.net",
        f"{OWN}; dmarc=pass header.from=example.org",
        f"{OWN}; dkim=pass header.d=notzet.example.org",
        f"{OWN}; dkim=pass header.d=org",
        f"{OWN}; dkim=pass header.d=kwaad.example.net header.i=@zet.example.org",
        f"{OWN}; dkim=pass",
        f"{OWN}; dkim=passed header.d=zet.example.org",
        f"{OWN}; arc=pass header.d=zet.example.org",
        f"{OWN}; spf=softfail smtp.mailfrom=zet.example.org",
        f"{OWN}; spf=pass smtp.helo=zet.example.org",
        f"{OWN}; spf=pass (; {DMARC}) smtp.mailfrom=kwaad.example.net",
        f'{OWN}; spf=pass smtp.mailfrom="; {DMARC}"@kwaad.example.net',
        f'{OWN}; spf=fail smtp.mailfrom="\\"; {DMARC}"@kwaad.example.net',
        f"({OWN}); {DMARC}",
    ],
)
def test_nothing_else_vouches_for_it(value: str) -> None:
    assert not is_aligned(found(value), SENDER, OWN)


def test_only_the_topmost_header_counts() -> None:
    honest, forged = f"Authentication-Results: {OWN}; dmarc=fail", f"Authentication-Results: {OWN}; {DMARC}"
    received = "Received: from x by mx.example.org"
    assert not is_aligned(mail(received, honest, forged), SENDER, OWN)
    assert not is_aligned(mail("Authentication-Results: mx.example.net; none", forged), SENDER, OWN)
    assert is_aligned(mail(received, forged, honest), SENDER, OWN)
    assert not is_aligned(mail() + f"\r\n{forged}\r\n".encode(), SENDER, OWN), "the text is no header"


def test_an_international_domain_is_the_same_in_both_spellings() -> None:
    spelled = "coöp.example.org".encode("idna").decode()
    assert is_aligned(found(f"{OWN}; dmarc=pass header.from={spelled}"), "bestuur@coöp.example.org", OWN)
    assert not is_aligned(found(f"{OWN}; {DMARC}"), "adviseur@z\u0435t.example.org", OWN), "a Cyrillic e"


def test_without_a_sender_nothing_is_vouched_for() -> None:
    assert not is_aligned(found(f"{OWN}; {DMARC}"), "", OWN)
    assert not is_aligned(found(f"{OWN}; {DMARC}"), SENDER, "")


@given(st.binary(max_size=600), st.text(max_size=80))
def test_any_bytes_and_any_sender_are_only_a_no(raw: bytes, sender: str) -> None:
    assert not is_aligned(raw, sender, OWN) or OWN.encode() in raw.lower()


@given(st.text(max_size=400))
def test_any_value_is_read_in_small_letters(value: str) -> None:
    server, checks = read_checks(value)
    assert server == server.casefold()
    assert all(check.method == check.method.casefold() for check in checks)


@given(st.text(alphabet='ab ;=()"\\.@', max_size=60))
def test_nobody_breaks_out_of_quotes(told: str) -> None:
    quoted = told.replace("\\", "\\\\").replace('"', '\\"')
    value = f'{OWN}; spf=pass smtp.mailfrom="{quoted}; {DMARC} "@kwaad.example.net'
    assert not is_aligned(found(value), SENDER, OWN)
