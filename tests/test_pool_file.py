"""The bytes of a pool file become rows of text, or one clear refusal: CSV, XLSX, hostile files, formulas."""

import contextlib
import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertise.experts import (
    POOL_HEADER,
    UnreadablePool,
    pool_rows,
    pool_rows_from_csv,
    pool_rows_from_xlsx,
    read_pool,
)
from expertise.places import is_known_region
from expertise.pool_file import MAX_BYTES, MAX_ROWS, guard, unguard
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


def sheet(lines: Iterable[Iterable[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for line in lines:
        workbook.active.append(list(line))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def rezipped(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


# CSV


def test_columns_may_stand_in_any_order() -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER[::-1], delimiter=";")
    writer.writeheader()
    writer.writerow(SOUND)
    header, rows = pool_rows_from_csv(out.getvalue().upper().encode().replace(b"\r\n", b"\n"))
    assert header == HEADER[::-1]
    assert rows[0]["organisation"] == "ZET"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_usual_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([HEADER, [row(name="Coördinator € één")[name] for name in HEADER]])
    header, rows = pool_rows(out.getvalue().encode(encoding))
    assert header == HEADER
    assert rows == [row(name="Coördinator € één")]


def test_a_short_row_misses_cells_and_a_long_row_has_extra() -> None:
    line = ",".join(f'"{SOUND[name]}"' for name in HEADER)
    header, rows = pool_rows_from_csv(f"{','.join(HEADER)}\n{line},oeps,\n\ne9,Naam\n".encode())
    assert [(e.row, e.column, e.problem) for e in read_pool(rows, header, NEEDS, is_known_region)[1]][:3] == [
        (2, "", "extra_cell"),
        (4, "organisation", "missing"),
        (4, "role", "missing"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"id,name\n\x00,x\n", "bad_encoding"),
        ("id,name\n".encode("utf-16"), "bad_encoding"),
        (b"id,name\n\x81\xff\n", "bad_encoding"),
        (b'id,name\n"open,x\n', "bad_csv"),
        (b'id,name\n"a"b,x\n', "bad_csv"),
        (b"id,name\n" + b"x" * 200_000, "bad_csv"),
        (b"x" * (MAX_BYTES + 1), "too_big"),
        (b"id\n" + b"x\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b"a" + b",a" * 60 + b"\n", "too_many_columns"),
    ],
)
def test_an_unreadable_csv_is_refused_with_a_code(data: bytes, code: str) -> None:
    with pytest.raises(UnreadablePool) as caught:
        pool_rows_from_csv(data)
    assert caught.value.code == code


def test_the_largest_allowed_number_of_rows_is_read() -> None:
    assert len(pool_rows_from_csv(b"id\n" + b"x\n" * MAX_ROWS)[1]) == MAX_ROWS


# XLSX


def test_a_workbook_is_read_like_the_csv() -> None:
    cells: list[object] = [SOUND[name] for name in HEADER]
    cells[HEADER.index("capacity")] = 3.0
    cells[HEADER.index("active")] = True
    data = sheet([HEADER, cells, [], cells])
    header, rows = pool_rows(data)
    assert header == HEADER
    assert rows[0] == row(active="yes")
    assert [error.row for error in read_pool(rows, header, NEEDS, is_known_region)[1]] == [4, 4]


def test_other_cell_types_become_plain_text() -> None:
    _, rows = pool_rows_from_xlsx(sheet([["a", "b", "c", "d"], [7, 2.5, date(2026, 3, 1), False]]))
    assert rows == [{"a": "7", "b": "2.5", "c": "2026-03-01T00:00:00", "d": "no"}]


def test_a_formula_is_refused_with_its_place() -> None:
    cells = [SOUND[name] for name in HEADER]
    cells[HEADER.index("profile")] = '=HYPERLINK("http://example.org","klik")'
    with pytest.raises(UnreadablePool) as caught:
        pool_rows_from_xlsx(sheet([HEADER, [SOUND[name] for name in HEADER], cells]))
    assert (caught.value.code, caught.value.row, caught.value.column) == ("formula", 3, "profile")


def test_a_text_that_only_looks_like_a_formula_is_read() -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active["A1"] = "profile"
    workbook.active["A2"] = "=1+1"
    workbook.active["A2"].data_type = "s"
    workbook.active["A3"] = "'=1+1"
    out = io.BytesIO()
    workbook.save(out)
    assert pool_rows_from_xlsx(out.getvalue())[1] == [{"profile": "=1+1"}, {"profile": "=1+1"}]


def test_an_error_cell_is_refused() -> None:
    with pytest.raises(UnreadablePool) as caught:
        pool_rows_from_xlsx(sheet([["id", "name"], ["e1", "#N/A"]]))
    assert (caught.value.code, caught.value.row, caught.value.column) == ("error_cell", 2, "name")


def test_a_workbook_with_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    def with_entities(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return content
        return bomb + content.removeprefix(b'<?xml version="1.0"?>')

    with pytest.raises(UnreadablePool) as caught:
        pool_rows_from_xlsx(rezipped(sheet([["id"], ["e1"]]), with_entities))
    assert caught.value.code == "bad_xlsx"


def test_a_workbook_that_unpacks_a_thousandfold_is_refused() -> None:
    padded = rezipped(sheet([["id"]]), lambda _, content: content + b" " * 3_000_000)
    assert len(padded) < 100_000
    with pytest.raises(UnreadablePool) as caught:
        pool_rows_from_xlsx(padded)
    assert caught.value.code == "too_big"


def test_a_damaged_workbook_is_refused() -> None:
    data = sheet([HEADER])
    for broken in (data[: len(data) // 2], b"PK\x03\x04 nonsense", rezipped(data, lambda *_: b"<x/>")):
        with pytest.raises(UnreadablePool) as caught:
            pool_rows(broken)
        assert caught.value.code == "bad_xlsx"


@given(st.data())
def test_no_damage_to_a_workbook_gives_any_other_error(data: st.DataObject) -> None:
    whole = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadablePool):
        pool_rows_from_xlsx(bytes(whole))


WORKBOOK = sheet([HEADER, [SOUND[name] for name in HEADER]])


@given(st.binary(max_size=400))
def test_no_bytes_at_all_give_any_other_error(data: bytes) -> None:
    with contextlib.suppress(UnreadablePool):
        header, rows = pool_rows(data)
        experts, errors = read_pool(rows, header, NEEDS, is_known_region)
        assert experts == ()
        assert errors


# Formulas


@given(st.text(alphabet="'=+-@\t\rab "))
def test_guarding_is_undone_exactly(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_apostrophe_of_its_own_stays() -> None:
    assert guard("'s-Hertogenbosch") == unguard("'s-Hertogenbosch") == "'s-Hertogenbosch"
