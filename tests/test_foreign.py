"""What tells who somebody is, or how to get there, is left out of words that go to another person."""

import pytest

from bot.foreign import LEFT_OUT, without_contact


@pytest.mark.parametrize(
    "text",
    [
        "111222333", "111 222 333", "1112.22.333", "BSN: 123456789", "burgerservicenummer 12345678",
        "Dorpsstraat 12, 5511 AB", "Oude Markt 3-b 5211AA", "5511 AB 12a", "5511AB, nr. 12",
        "wa.me/31612345678", "https://t.me/bewoner", "http://www.m.me/bewoner", "WA.ME/31612345678",
        "bewoner apenstaart example punt org", "bewoner@example.org", "06 12345678",
    ],
)  # fmt: skip
def test_it_is_left_out(text: str) -> None:
    left = without_contact(f"zie {text} graag")
    assert LEFT_OUT in left
    assert not any(sign.isdigit() for sign in left)
    assert "bewoner" not in left


@pytest.mark.parametrize(
    "text",
    [
        "123456789 mensen", "€ 111.222.333,00", "5511 AB Vessem", "Er komt 12.500 euro binnen en er gaat 12.000 uit",
        "In 2026 en 2027 gaat het door", "SV-2026-0001", "Programme.nl", "Team wat.me noemt",
    ],
)  # fmt: skip
def test_other_numbers_and_words_stay(text: str) -> None:
    assert without_contact(text) == text
