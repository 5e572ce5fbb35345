"""A pool file is read whole or refused with row and column, and an exported pool comes back the same."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertise.experts import (
    POOL_HEADER,
    Expert,
    Problem,
    RowError,
    is_address,
    pool_rows_from_csv,
    read_pool,
    shipped_pool,
    write_pool_csv,
)
from expertise.organisations import organisation_named
from expertise.places import REGIONS, covers, is_known_region, municipality_named
from expertise.pool_file import guard, unguard
from expertise.topics import shipped_topics

NEEDS = frozenset(topic.code for topic in shipped_topics())
HEADER = list(POOL_HEADER)
SOUND = {
    "id": "e1",
    "name": "Adviseur governance",
    "organisation": "Zet",
    "role": "adviser",
    "email": "governance@example.org",
    "telegram": "@governance",
    "needs": "governance;contracts",
    "profile": "Helpt besturen. Leest contracten mee.",
    "regions": "West-Brabant;Den Bosch",
    "languages": "nl;en",
    "capacity": "3",
    "active": "ja",
}


def row(**changes: str) -> dict[str, str]:
    return {**SOUND, **changes}


def check(*rows: dict[str, str], header: list[str] = HEADER) -> tuple[tuple[Expert, ...], tuple[RowError, ...]]:
    return read_pool(rows, header, NEEDS, is_known_region)


def faults(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.problem) for error in check(*rows)[1]]


# Rows


def test_a_sound_row_becomes_an_expert() -> None:
    experts, errors = check(row())
    assert errors == ()
    assert experts == (
        Expert(
            id="e1",
            name="Adviseur governance",
            organisation="Zet",
            role="adviser",
            email="governance@example.org",
            telegram="@governance",
            needs=("governance", "contracts"),
            profile="Helpt besturen. Leest contracten mee.",
            regions=("West-Brabant", "Den Bosch"),
            languages=("nl", "en"),
            capacity=3,
            active=True,
        ),
    )


@pytest.mark.parametrize(
    ("changes", "column", "problem", "value"),
    [
        ({"id": ""}, "id", "missing", ""),
        ({"id": "e 1"}, "id", "bad_id", "e 1"),
        ({"name": " "}, "name", "missing", ""),
        ({"name": "x" * 201}, "name", "too_long", "x" * 201),
        ({"name": "Adviseur\nBcc: x"}, "name", "bad_character", "Adviseur\nBcc: x"),
        ({"organisation": "Z\u202eet"}, "organisation", "bad_character", "Z\u202eet"),
        ({"role": "coordinator"}, "role", "bad_role", "coordinator"),
        ({"email": ""}, "email", "missing", ""),
        ({"email": "zet.example.org"}, "email", "bad_email", "zet.example.org"),
        ({"telegram": "t.me/zet"}, "telegram", "bad_telegram", "t.me/zet"),
        ({"needs": "governance;gardening"}, "needs", "unknown_need", "gardening"),
        ({"profile": ""}, "profile", "missing", ""),
        ({"profile": "a\0b"}, "profile", "bad_character", "a\0b"),
        ({"regions": ""}, "regions", "missing", ""),
        ({"regions": "West-Brabant;Veghel"}, "regions", "unknown_region", "Veghel"),
        ({"languages": "nl;nederlands"}, "languages", "unknown_language", "nederlands"),
        ({"languages": "nl;xx"}, "languages", "unknown_language", "xx"),
        ({"capacity": ""}, "capacity", "missing", ""),
        ({"capacity": "-1"}, "capacity", "bad_capacity", "-1"),
        ({"capacity": "100"}, "capacity", "bad_capacity", "100"),
        ({"capacity": "2,5"}, "capacity", "bad_capacity", "2,5"),
        ({"capacity": "٣"}, "capacity", "bad_capacity", "٣"),
        ({"active": "misschien"}, "active", "bad_active", "misschien"),
        ({"": "te veel"}, "", "extra_cell", "te veel"),
    ],
)
def test_a_fault_names_row_column_and_value(changes: dict[str, str], column: str, problem: Problem, value: str) -> None:
    good = row(id="e0", email="other@example.org")
    assert check(good, row(**changes)) == ((), (RowError(3, column, problem, value),))


def test_one_faulty_row_keeps_every_row_out() -> None:
    experts, errors = check(row(), row(id="e2", email="two@example.org", capacity="veel"))
    assert experts == ()
    assert len(errors) == 1


def test_all_faults_are_told_at_once_by_row_and_column() -> None:
    bad = row(id="e2", email="two@example.org", needs="tuinieren;koken", active="soms", role="baas")
    assert faults(bad, row(), row(name="", id="e3", email="three@example.org")) == [
        (2, "role", "bad_role"),
        (2, "needs", "unknown_need"),
        (2, "needs", "unknown_need"),
        (2, "active", "bad_active"),
        (4, "name", "missing"),
    ]


def test_blank_rows_are_skipped_but_counted() -> None:
    blank = dict.fromkeys(HEADER, " ")
    assert faults(blank, row(capacity="x")) == [(3, "capacity", "bad_capacity")]
    assert len(check(blank, row(), blank)[0]) == 1


def test_an_id_or_address_used_twice_is_a_fault_whatever_its_case() -> None:
    again = row(id="E1", email="Governance@Example.org")
    assert faults(row(), again) == [(3, "id", "duplicate_id"), (3, "email", "duplicate_email")]


def test_two_experts_may_lack_an_address_and_an_adviser_may_lack_needs() -> None:
    first, second = row(role="expert", email=""), row(id="e2", role="Expert", email="")
    assert faults(first, second) == []
    assert faults(row(needs="")) == []
    assert faults(row(role="expert", needs="")) == [(2, "needs", "missing")]


def test_cells_are_trimmed_and_list_parts_come_once() -> None:
    ((expert,), errors) = check(row(name="  Adviseur ", needs=" data ; ;data;impact", languages="NL; nl", active="Nee"))
    assert errors == ()
    assert (expert.name, expert.needs, expert.languages, expert.active) == (
        "Adviseur",
        ("data", "impact"),
        ("nl",),
        False,
    )


def test_a_profile_may_have_lines() -> None:
    ((expert,), _) = check(row(profile="Eerste regel.\r\nTweede regel."))
    assert expert.profile == "Eerste regel.\nTweede regel."


@pytest.mark.parametrize(
    "address", ["a@example.org", "voor.naam+tag@sub.example.org", "o'neil@example.org", "x_1@example.museum"]
)
def test_plain_addresses_are_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "a@b@example.org",
        "a@localhost",
        "a@example..org",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a@-example.org",
        "a b@example.org",
        "Zet <a@example.org>",
        "a@example.org\n",
        "a@example.org,b@example.org",
        "é@example.org",
        "a@exämple.org",
        "x" * 65 + "@example.org",
        "a@" + "b." * 130 + "org",
        '"a b"@example.org',
    ],
)
def test_anything_else_is_no_address(address: str) -> None:
    assert not is_address(address)


# Header


def test_missing_and_unknown_columns_are_named_and_rows_left_unread() -> None:
    header = [name for name in HEADER if name not in {"email", "capacity"}] + ["e-mail", ""]
    assert check(row(role="nonsense"), header=header) == (
        (),
        (
            RowError(1, "email", "missing_column", ""),
            RowError(1, "capacity", "missing_column", ""),
            RowError(1, "e-mail", "unknown_column", "e-mail"),
            RowError(1, "", "unknown_column", ""),
        ),
    )


def test_a_column_named_twice_is_a_fault() -> None:
    assert check(row(), header=[*HEADER, "name"])[1] == (RowError(1, "name", "duplicate_column", "name"),)


# Export


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_guarded(start: str) -> None:
    cell = f"{start}cmd|' /C calc'!A0"
    assert guard(cell) == f"'{cell}"
    assert unguard(guard(cell)) == cell
    expert = check(row())[0][0]
    written = write_pool_csv([Expert(**{**{f: getattr(expert, f) for f in POOL_HEADER}, "profile": cell})])
    (line,) = csv.DictReader(io.StringIO(written, newline=""))
    assert line["profile"] == f"'{cell}"


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")) | st.sampled_from("'=+-@\",;"),
    min_size=1,
    max_size=60,
).filter(lambda text: text == text.strip())
EXPERTS = st.builds(
    Expert,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
    name=WORDS,
    organisation=WORDS,
    role=st.sampled_from(["adviser", "expert"]),
    email=st.from_regex(r"[a-z0-9=+-]{1,12}@example\.org", fullmatch=True),
    telegram=st.from_regex(r"@?[A-Za-z0-9_]{1,20}", fullmatch=True) | st.just(""),
    needs=st.lists(st.sampled_from(sorted(NEEDS)), min_size=1, unique=True).map(tuple),
    profile=st.lists(WORDS, min_size=1, max_size=4).map("\n".join),
    regions=st.lists(st.sampled_from(["Nederland", "West-Brabant", "'s-Hertogenbosch"]), min_size=1, unique=True).map(
        tuple
    ),
    languages=st.lists(st.sampled_from(["nl", "en", "uk"]), min_size=1, unique=True).map(tuple),
    capacity=st.integers(0, 99),
    active=st.booleans(),
)


@given(st.lists(EXPERTS, max_size=5, unique_by=(lambda e: e.id.casefold(), lambda e: e.email)))
def test_an_exported_pool_comes_back_the_same(pool: list[Expert]) -> None:
    text = write_pool_csv(pool)
    header, rows = pool_rows_from_csv(text.encode())
    assert read_pool(rows, header, NEEDS, is_known_region) == (tuple(pool), ())
    header, rows = pool_rows_from_csv(text.encode("utf-8-sig"))
    assert read_pool(rows, header, NEEDS, is_known_region) == (tuple(pool), ())


# The sample pool


def test_the_sample_pool_covers_every_topic_organisation_and_region() -> None:
    pool = shipped_pool()
    assert len(pool) >= 44
    for need in NEEDS:
        assert sum(need in expert.needs and expert.active for expert in pool) >= 3, need
    assert all(organisation_named(expert.organisation) for expert in pool)
    advisers = [expert for expert in pool if expert.role == "adviser"]
    assert len(advisers) >= 6
    assert {adviser.organisation for adviser in advisers} == {"Zet", "Zorgbelang"}
    for region, municipality in zip(REGIONS, ("Breda", "Tilburg", "Oss", "Helmond"), strict=True):
        assert region == getattr(municipality_named(municipality), "region", None)
        assert any(covers(adviser.regions, municipality) for adviser in advisers), region


def test_the_sample_pool_holds_roles_with_addresses_that_reach_nobody() -> None:
    pool = shipped_pool()
    assert all(expert.email.endswith("@example.org") for expert in pool)
    assert sum(not expert.active for expert in pool) == 2
    assert any(expert.capacity == 0 for expert in pool)
    assert all("nl" in expert.languages for expert in pool)
    for expert in pool:
        assert 40 <= len(expert.profile.split()) <= 80, expert.name
        assert expert.profile.count(".") >= 3, expert.name
