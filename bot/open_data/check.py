"""Reads a set of open data that another installation published: wholly checked, or refused with row and column."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.open_data.files import DESCRIPTION
from bot.open_data.tables import FORMAT, NAME, SIDES, SMALLEST, TABLES, BadSet, Cell, Column, Row, Set, Table, fits

LARGEST = 100 * 1024 * 1024
MOST_PROBLEMS = 50
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `row` counts from 1 with the names as row 1, 0 for the file as a whole."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = [self.file, f"rij {self.row}" if self.row else "", f"kolom {self.column}" if self.column else ""]
        return f"{', '.join(filter(None, place))}: {self.message}"


def read_set(folder: Path) -> tuple[Set | None, list[Problem]]:
    """The set in a folder, or None with what is wrong with it. Raises `BadSet` for a folder that holds no set."""
    described = _description(folder)
    problems, rows = list[Problem](), dict[str, Sequence[Row]]()
    for table in TABLES:
        content, wrong = _content(folder, table, described)
        if wrong is None:
            rows[table.name], found = _rows(table, content)
            problems += found
        else:
            problems.append(wrong)
    if not problems:
        problems += _across(rows)
    if problems:
        return None, problems[:MOST_PROBLEMS]
    publisher, licence = described["contributors"][0]["title"], described["licenses"][0]["name"]
    return Set(publisher, described["version"], licence, rows), []


def _description(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        found = json.loads(path.read_text(encoding="utf-8"))
        names = [found["contributors"][0]["title"], found["licenses"][0]["name"]]
        is_set = found["name"] == NAME and all(isinstance(each["path"], str) for each in found["resources"])
        form = found["mixmatch"]["format"]
    except FileNotFoundError as problem:
        raise BadSet(f"In {folder} staat geen {DESCRIPTION}. Noem de map die 'mixmatch export' maakte.") from problem
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError) as problem:
        raise BadSet(f"Het bestand {path} beschrijft geen open data van Mix&Match.") from problem
    quarter = next(column for table in TABLES for column in table.columns if column.kind == "quarter")
    if not is_set or not isinstance(found["version"], str) or not fits(quarter, found["version"]):
        raise BadSet(f"Het bestand {path} beschrijft geen open data van Mix&Match.")
    if not all(isinstance(each, str) and 0 < len(each) <= LONGEST_NAME and each.isprintable() for each in names):
        raise BadSet(f"In {path} ontbreekt wie de data uitgeeft, of de licentie.")
    if form != FORMAT:
        raise BadSet(f"De open data in {folder} heeft een andere vorm ({form}) dan deze versie kent ({FORMAT}).")
    return dict(found)


def _content(folder: Path, table: Table, described: Mapping[str, Any]) -> tuple[str, Problem | None]:
    name = f"{table.name}.csv"
    digest = next((each.get("hash") for each in described["resources"] if each["path"] == name), None)
    try:
        path = folder / name
        if path.stat().st_size > LARGEST:
            return "", Problem(name, 0, "", "het bestand is te groot.")
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError:
        return "", Problem(name, 0, "", "het bestand ontbreekt of kan niet worden gelezen.")
    except ValueError:
        return "", Problem(name, 0, "", "het bestand is geen UTF-8.")
    if digest != f"sha256:{hashlib.sha256(content).hexdigest()}":
        return "", Problem(name, 0, "", f"het bestand is anders dan {DESCRIPTION} zegt.")
    return text, None


def _rows(table: Table, text: str) -> tuple[list[Row], list[Problem]]:
    name, rows, problems = f"{table.name}.csv", list[Row](), list[Problem]()
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return [], [Problem(name, 0, "", "dit is geen geldige CSV.")]
    if not lines or tuple(lines[0]) != table.names:
        return [], [Problem(name, 1, "", f"hier horen deze kolommen: {', '.join(table.names)}.")]
    seen = set[tuple[str, ...]]()
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(table.columns):
            problems.append(Problem(name, number, "", f"{len(cells)} cellen in plaats van {len(table.columns)}."))
            continue
        found = [Problem(name, number, column.name, message) for column, message in _wrong(table, cells)]
        key = tuple(cell for cell, column in zip(cells, table.names, strict=True) if column in table.key)
        if key in seen:
            found.append(Problem(name, number, table.key[0], "deze rij staat er twee keer."))
        seen.add(key)
        problems += found
        if not found:
            rows.append(tuple(_value(column, cell) for column, cell in zip(table.columns, cells, strict=True)))
    return rows, problems


def _wrong(table: Table, cells: Sequence[str]) -> Iterator[tuple[Column, str]]:
    for column, cell in zip(table.columns, cells, strict=True):
        if not fits(column, cell):
            what = "hier hoort iets te staan" if not cell else f"{cell[:40]!r} past hier niet"
            small = column.kind == "count" and cell.isdecimal() and 0 < int(cell[:9]) < SMALLEST
            yield column, f"{cell} is een klein getal en moet verborgen zijn." if small else f"{what}."
    if "hidden" in table.names and bool(cells[-1]) == bool(cells[-2]):
        yield table.columns[-2], "een getal staat er, of het is verborgen; niet allebei en niet geen van beide."


def _value(column: Column, cell: str) -> Cell:
    if not cell:
        return None if column.kind == "count" else ""
    return int(cell) if column.kind == "count" else float(cell) if column.kind == "days" else cell


def _across(rows: Mapping[str, Sequence[Row]]) -> list[Problem]:
    """What only shows when all rows are seen: topics that are not in the list, and questions that stand out."""
    problems, codes = list[Problem](), {str(row[0]) for row in rows["needs"]}
    for table in TABLES:
        if "need" in table.names:
            at = table.names.index("need")
            allowed = {*codes, *SIDES, ""} if table.name == "questions" else codes
            problems += [
                Problem(f"{table.name}.csv", number, "need", f"{row[at]!r} staat niet in needs.csv.")
                for number, row in enumerate(rows[table.name], start=2)
                if row[at] not in allowed
            ]
    alike = Counter(row[1:] for row in rows["questions"])
    problems += [
        Problem("questions.csv", number, "", f"minder dan {SMALLEST} vragen lijken hierop.")
        for number, row in enumerate(rows["questions"], start=2)
        if alike[row[1:]] < SMALLEST
    ]
    return problems
