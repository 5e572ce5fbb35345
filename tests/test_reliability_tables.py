"""docs/reliability.md names a test for every promise, case and limit: each of them exists, and each number is right."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:faults/)?test_\w+)::(\w+)`")
PROMISES, CASES = range(1, 7), range(1, 16)


def rows(heading: str) -> list[list[str]]:
    """The cells of every row of the table under a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert lines, heading
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests of a file, by reading and not by running it."""
    path = ROOT / "tests" / f"{file}.py"
    if not path.exists():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(each.name for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def number_of(place: str) -> int:
    """The value of bot.web.app.LARGEST_FORM, or the default of bot.settings.Web.letters."""
    module, _, name = place.rpartition(".")
    if module.rpartition(".")[2][0].isupper():
        module, _, record = module.rpartition(".")
        return int(getattr(getattr(importlib.import_module(module), record)(), name))
    return int(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("named", sorted(set(NAMED.findall(PAGE))), ids="::".join)
def test_every_test_that_is_named_exists(named: tuple[str, str]) -> None:
    file, test = named
    assert test in names_in(file)


@pytest.mark.parametrize(
    ("heading", "numbers"), [("The promises", PROMISES), ("The cases that break systems like this", CASES)]
)
def test_every_promise_and_every_case_has_its_tests(heading: str, numbers: range) -> None:
    found = rows(heading)
    assert {int(row[0].partition(".")[0]) for row in found} == set(numbers)
    assert all(NAMED.search(row[-1]) for row in found)


@pytest.mark.parametrize("heading", ["Who may do what", "Privacy", "Running it", "Limits"])
def test_every_measure_has_its_tests(heading: str) -> None:
    assert [row[0] for row in rows(heading) if not NAMED.search(row[-1])] == []


def test_every_limit_is_the_one_in_the_code() -> None:
    told = {row[2].strip("`"): int(row[1].replace(",", "")) for row in rows("Limits")}
    assert told == {place: number_of(place) for place in told}


def test_a_test_that_is_not_there_would_be_noticed() -> None:
    assert names_in("test_reliability_tables") >= {"test_every_test_that_is_named_exists"}
    assert not names_in("test_that_nobody_wrote")
