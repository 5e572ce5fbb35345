"""Pools of experts with graded judgments for labelled requests, from files; nothing is learned or measured here."""

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.learning.cases import BadCases, Case
from expertise.experts import Expert, read_pool
from expertise.places import is_known_region
from expertise.pool_file import pool_rows_from_csv

EXPERTS, JUDGMENTS, REQUESTS = "_experts.csv", "_qrels.tsv", "_requests"
BEST, GOOD = 3, 2
"""Grades: the expert to propose first, one who is good as well; 1 could help a little."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A pool and, by id of a request, the grade (1 to 3) of experts by id. `best` and `fits` are places of a
    request among the cases and of an expert in the pool: the one to propose first, everyone who is good."""

    name: str
    experts: tuple[Expert, ...]
    grades: Mapping[str, Mapping[str, int]]
    best: tuple[tuple[int, int], ...]
    fits: frozenset[tuple[int, int]]


def read_judged(folder: Path, name: str, cases: Sequence[Case], topics: Collection[str]) -> Judged | None:
    """The judged pool of a name, or None when its files are not there. Raises BadCases."""
    experts_file, grades_file = folder / f"{name}{EXPERTS}", folder / f"{name}{JUDGMENTS}"
    if not experts_file.is_file() or not grades_file.is_file():
        return None
    header, rows = pool_rows_from_csv(experts_file.read_bytes())
    experts, errors = read_pool(rows, header, set(topics), is_known_region)
    if errors:
        raise BadCases(f"{experts_file}: {errors[0]}")
    grades = read_grades(grades_file)
    place = {case.id: number for number, case in enumerate(cases)}
    row = {expert.id: number for number, expert in enumerate(experts)}
    graded = [
        (place[request], row[expert], grade)
        for request, own in grades.items()
        for expert, grade in own.items()
        if request in place and expert in row
    ]
    return Judged(
        name=name,
        experts=experts,
        grades=grades,
        best=tuple((request, expert) for request, expert, grade in graded if grade == BEST),
        fits=frozenset((request, expert) for request, expert, grade in graded if grade >= GOOD),
    )


def judged_pools(folder: Path, cases: Sequence[Case], topics: Collection[str]) -> tuple[Judged, ...]:
    """Every judged pool of a folder whose requests are among the cases, by name."""
    writers = {case.writer for case in cases}
    names = sorted(file.name.removesuffix(JUDGMENTS) for file in folder.glob(f"*{JUDGMENTS}"))
    found = [read_judged(folder, name, cases, topics) for name in names if name + REQUESTS in writers]
    return tuple(pool for pool in found if pool is not None)


def read_grades(file: Path) -> dict[str, dict[str, int]]:
    """For each request the grade (0 to 3) of experts, from lines of request, expert and grade. Raises BadCases."""
    judged: dict[str, dict[str, int]] = {}
    for number, row in enumerate(csv.reader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t"), start=1):
        if len(row) != 3 or not row[2].isdecimal():
            raise BadCases(f"{file}:{number}: not request, expert, grade")
        judged.setdefault(row[0], {})[row[1]] = int(row[2])
    return judged
