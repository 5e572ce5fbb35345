"""What tells who somebody is or how somebody's health is gets masked, and nothing else of a text changes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.privacy import MARK, find_private, mask, passes_eleven_test, passes_mod_97

HIDDEN = [
    ("bel 06-12345678 gerust", "phone", "06-12345678"),
    ("bel +31 6 1234 5678", "phone", "+31 6 1234 5678"),
    ("bel (0)13 543 21 00 of 013-5432100", "phone", "013-5432100"),
    ("mijn nummer is 111222333", "service_number", "111222333"),
    ("BSN 123456789 staat er", "service_number", "BSN 123456789"),
    ("stort op NL91 ABNA 0417 1643 00", "bank_account", "NL91 ABNA 0417 1643 00"),
    ("stort op nl91abna0417164300 graag", "bank_account", "nl91abna0417164300"),
    ("konto DE89370400440532013000 dus", "bank_account", "DE89370400440532013000"),
    ("wij wonen op Dorpsstraat 12, 5511 AB Vessem", "address", "Dorpsstraat 12, 5511 AB"),
    ("kom naar Kerkstraat 7a", "address", "Kerkstraat 7a"),
    ("mail bewoner@example.org dan", "mail", "bewoner@example.org"),
    ("via wa.me/31612345678", "chat", "wa.me/31612345678"),
    ("Ik heb zelf MS en begin een buurttuin", "health", "MS"),
    ("mijn zoon heeft schizofrenie", "health", "schizofrenie"),
    ("Sinds mijn burn-out zit ik thuis", "health", "burn-out"),
    ("Zij krijgt oxazepam van de huisarts", "health", "oxazepam"),
    ("I have cancer and started this garden", "health", "cancer"),
]
SHOWN = [
    "Wij helpen mensen met dementie en hun mantelzorgers",
    "Een inloop voor jongeren met autisme in Helmond",
    "Zorg en welzijn in de wijk, ook voor eenzame ouderen",
    "Ik begin een koor voor mensen met parkinson",
    "De begroting is € 111.222.333,00 voor 2027 en 2028",
    "5511 AB Vessem", "SV-2026-0001", "In 2026 en 2027 gaat het door", "Een aanvraag van 12.500 euro",
    "NL12 is geen rekening", "De Molenweg wordt mooier", "Programma 2018-2021, kamer B12",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "part"), HIDDEN)
def test_it_is_masked(text: str, kind: str, part: str) -> None:
    masked = mask(text)
    assert part not in masked.text
    assert MARK in masked.text
    assert kind in masked.kinds


@pytest.mark.parametrize("text", SHOWN)
def test_other_words_stay(text: str) -> None:
    assert mask(text).text == text


def test_the_rest_of_the_text_stays_to_the_letter() -> None:
    text = "  Bel\t06-12345678,\n\nof mail a@example.org!  "
    assert mask(text).text == f"  Bel\t{MARK},\n\nof mail {MARK}!  "


PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([part for _, _, part in HIDDEN] + SHOWN + ["ik heb ", " ", "\n", "0", "@", ".", "mijn "]),
)


@given(st.lists(PIECES, max_size=6).map("".join))
def test_masking_cuts_only_what_it_found_and_once(text: str) -> None:
    found = find_private(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    masked = mask(text)
    assert mask(masked.text).text == masked.text
    assert (masked.text == text) == (not found)
    rest = masked.text
    for part in masked.text.split(MARK):  # every part that stays is a part of what was written, in its order
        assert part in rest
    assert bool(masked.kinds) == bool(found)


@given(st.integers(0, 10**8 - 1))
def test_one_in_eleven_numbers_is_a_service_number(number: int) -> None:
    digits = f"{number:08d}"
    last = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
    fitting = [end for end in range(10) if passes_eleven_test(f"{digits}{end}")]
    assert fitting == ([last] if last < 10 else [])


@given(st.from_regex(r"[A-Z]{4}[0-9]{10}", fullmatch=True))
def test_the_check_digits_of_an_account_catch_a_slip(account: str) -> None:
    fitting = [check for check in range(2, 99) if passes_mod_97(f"NL{check:02d}{account}")]
    assert len(fitting) == 1
    good = f"NL{fitting[0]:02d}{account}"
    slip = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert not passes_mod_97(slip)


def test_a_long_text_is_read_at_once() -> None:
    text = "ik heb een vraag over geld en wij wonen in Oss, dat is 1234567 keer zo mooi. " * 1000
    assert mask(text).text == text
