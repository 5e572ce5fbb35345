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
    ("sofinummer 123456789", "service_number", "123456789"),
    ("stort op NL91-ABNA-0417-1643-00", "bank_account", "ABNA-0417"),
    ("bel 06/12345678", "phone", "06/12345678"),
    ("bel 06 - 1234 5678", "phone", "06 - 1234 5678"),
    ("bel 06–12345678 met een lang streepje", "phone", "12345678"),
    ("bel (06) 12345678", "phone", "(06) 12345678"),
    ("telefoon 5432100", "phone", "5432100"),
    ("bij ons op kerkstraat 7", "address", "kerkstraat 7"),
    ("Kerkstraat nr 7 in Oss", "address", "Kerkstraat nr 7"),
    ("ons adres is Lange Voorhout 12", "address", "Lange Voorhout 12"),
    ("Dorpsstr. 12", "address", "Dorpsstr. 12"),
    ("wij zitten op Wilhelminapark 12", "address", "Wilhelminapark 12"),
    ("Laan van Brabant 45", "address", "Laan van Brabant 45"),
    ("Markt 5 in Helmond", "address", "Markt 5"),
    ("schrijf naar postbus 123", "address", "postbus 123"),
    ("5611ab 12", "address", "5611ab 12"),
    ("bewoner @ example.org", "mail", "bewoner @ example.org"),
    ("bewoner＠example.org", "mail", "bewoner＠example.org"),
    ("bewoner(at)example.org", "mail", "bewoner(at)example.org"),
    ("bewoner at example punt org", "mail", "bewoner at example punt org"),
    ("mijn man is dement", "health", "dement"),
    ("ik heb ALS", "health", "ALS"),
    ("ik heb ms", "health", "ms"),
    ("mijn moeder is ernstig ziek", "health", "ernstig ziek"),
    ("Jan de Vries heeft kanker", "health", "kanker"),
    ("Jan de Vries heeft kanker", "name", "Jan de Vries"),
    ("Ook mevrouw Jansen is dement", "health", "dement"),
    ("Ook mevrouw P. van den Berg-Jansen helpt ons", "name", "P. van den Berg-Jansen"),
    ("de heer Jansen van de gemeente zei nee", "name", "Jansen"),
    ("mijn zoon Daan wil een buurtbus", "name", "Daan"),
    ("Mijn naam is Anna de Wit en wij beginnen iets", "name", "Anna de Wit"),
    ("Ik ben Anna de Wit en wij beginnen iets", "name", "Anna de Wit"),
    ("my son Peter has autism", "name", "Peter"),
    ("stort op NL91\u00a0ABNA\u00a00417\u00a01643\u00a000", "bank_account", "0417"),
    ("bel \uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "phone", "\uff11\uff12\uff13"),
    ("اتصل \u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "phone", "\u0661\u0662\u0663"),
    ("mijn nummer: 6 12345678", "phone", "12345678"),
    ("Kerkstraat 12bis", "address", "Kerkstraat 12"),
    ("Kruisstr 8", "address", "Kruisstr 8"),
    ("Ringbaan-Zuid 44", "address", "Ringbaan-Zuid 44"),
    ("wij wonen Ringbaan Zuid 44", "address", "Ringbaan Zuid 44"),
    ("het huis is Oude Dijk 5", "address", "Oude Dijk 5"),
    ("'t Zand 4 in Oss", "address", "'t Zand 4"),
    ("Hoogeind 12, Helmond", "address", "Hoogeind 12"),
    ("5038AD-12", "address", "5038AD-12"),
    ("ik heb suikerziekte", "health", "suikerziekte"),
    ("ik ben hiv-positief", "health", "hiv-positief"),
    ("wij hebben een zoon met autisme", "health", "autisme"),
    ("mijn broer heeft een verstandelijke beperking", "health", "verstandelijke beperking"),
    ("mijn kind heeft het syndroom van Down", "health", "syndroom van Down"),
    ("mijn buurman is blind", "health", "is blind"),
    ("benim oğlum otizmli", "health", "otizmli"),
]
SHOWN = [
    "Wij helpen mensen met dementie en hun mantelzorgers",
    "Een inloop voor jongeren met autisme in Helmond",
    "Zorg en welzijn in de wijk, ook voor eenzame ouderen",
    "Ik begin een koor voor mensen met parkinson",
    "De begroting is € 111.222.333,00 voor 2027 en 2028",
    "5511 AB Vessem", "SV-2026-0001", "In 2026 en 2027 gaat het door", "Een aanvraag van 12.500 euro",
    "NL12 is geen rekening", "De Molenweg wordt mooier", "Programma 2018-2021, kamer B12",
    "Ik wil als buurt iets doen, en als bewoner help ik mee", "Hij werkt als kok en ik als bakker",
    "Op 01-02-2026 10:00 uur", "Op 01/02/2026 10.00 uur", "Van 2019/2020 en 2021/2022", "12.000/13.000/14.000 euro",
    "Het Wilhelminapark 2027 is een plan", "Op de markt 5 kramen", "De Dr. Schaepmanstraat wordt mooier",
    "Stichting Slowcare heeft dementie als thema", "Den Bosch heeft veel mensen met dementie",
    "Ik begin een koor voor dementerenden", "Sint Oedenrode heeft autisme op de agenda", "Ik ben Brabander",
    "er zou een mevrouw van Fontys bellen", "dan bellen ze de familie. Er zijn er veel", "prof. dr. Anna de Vries",
    "Fase 2, Helmond", "Groep 8, Helmond", "Met 40 in Oss", "Kinderen met een verstandelijke beperking doen mee",
    "Een maatje voor wie blind is", "De Oude Dijk 2027 is een plan", "Nummer 3 uit Helmond", "Ringbaan Zuid is 40 jaar",
    "mevrouw Jansen", "Look at buurttuin.nl for more", "Een budget van 06/2026 tot 12/2027",
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
    rest = text
    for part in masked.text.split(MARK):  # every part that stays is a part of what was written, in its order
        assert part in rest
        rest = rest.partition(part)[2] if part else rest
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


@pytest.mark.parametrize("part", ["a", "1", "A-", "A.", "a-", "a@", "a.", "mr ", "mevrouw ", "Jan de ", "adres A "])
def test_a_hostile_text_is_read_in_a_time_that_grows_with_its_length(part: str) -> None:
    """Each of these took minutes before every rule began at the beginning of a word only."""
    text = (part * 60_000)[:60_000]
    assert find_private(text) == () or mask(text).text != text


@pytest.mark.parametrize("piece", ["06-", "0 6 ", "a@b.", "NL91 ABNA 0417 1643 00 ", "06-12345678-"])
def test_a_page_made_to_be_masked_for_ever_comes_to_an_end(piece: str) -> None:
    masked = mask(piece * 2_000)
    assert mask(masked.text).text == masked.text
