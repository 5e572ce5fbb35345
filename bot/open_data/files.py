"""The open data as files: CSV and JSON, a description for machines and one for people, and a database for Datasette.

The same rows give the same bytes. What the rows are is counted elsewhere.
"""

import csv
import hashlib
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.open_data.tables import FORMAT, NAME, SMALLEST, TABLES, BadSet, Cell, Column, Row, Set, Table, fits, pattern_of

DESCRIPTION, READ_ME, METADATA, DATABASE = "datapackage.json", "LEESMIJ.md", "metadata.json", "open_data.db"
TYPES = {"count": "integer", "days": "number", "year": "year"}
LICENCES = "https://spdx.org/licenses/{}.html"


def write_set(own: Set, others: Iterable[Set], folder: Path) -> None:
    """Write a set to a folder; the database holds the sets of others as well, told apart by their publisher.

    Raises `BadSet` for a folder with something else in it, or rows that may not be published, and OSError.
    """
    _refuse_strange(folder)
    contents = as_files(own)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".nieuw-") as room:
        for name, content in contents.items():
            (Path(room) / name).write_bytes(content)
        write_database([own, *others], Path(room) / DATABASE)
        for each in sorted(Path(room).iterdir(), key=lambda path: path.name == DESCRIPTION):
            each.replace(folder / each.name)  # the description last: what it says is then there


def _refuse_strange(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadSet(f"{folder} is een bestand. Noem een map.")
    if folder.exists() and any(folder.iterdir()) and not _is_set(folder):
        raise BadSet(f"In de map {folder} staat iets anders. Kies een nieuwe of lege map.")


def _is_set(folder: Path) -> bool:
    try:
        found = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        return isinstance(found, dict) and found.get("name") == NAME
    except (OSError, ValueError):
        return False


def as_files(own: Set) -> dict[str, bytes]:
    """Every file of a set but the database, by name. Raises `BadSet` for a value that may not be published."""
    tables = {f"{table.name}.csv": as_csv(table, own.rows[table.name]) for table in TABLES}
    objects = {f"{table.name}.json": _as_json(_objects(table, own.rows[table.name])) for table in TABLES}
    return {
        **tables,
        **objects,
        DESCRIPTION: _as_json(_description(own, tables)),
        READ_ME: _read_me(own).encode(),
        METADATA: _as_json(_metadata(own)),
    }


def as_csv(table: Table, rows: Iterable[Row]) -> bytes:
    """A table as CSV in UTF-8: a row of names, then the rows; a cell that is left out is empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(table.names)
    for row in rows:
        cells = [in_csv(cell) for cell in row]
        for column, cell in zip(table.columns, cells, strict=True):
            if not fits(column, cell):
                raise BadSet(f"In de tabel {table.name} past {cell!r} niet in de kolom {column.name}.")
        writer.writerow(cells)
    return written.getvalue().encode()


def in_csv(cell: Cell) -> str:
    """A cell as text."""
    return "" if cell is None else f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def _objects(table: Table, rows: Iterable[Row]) -> list[dict[str, Cell]]:
    return [{name: None if cell == "" else cell for name, cell in zip(table.names, row, strict=True)} for row in rows]


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _description(own: Set, tables: Mapping[str, bytes]) -> dict[str, Any]:
    """The description after Frictionless Data Package, version 1."""
    return {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": f"Vragen en kennismakingen: {own.publisher}",
        "description": "Wat initiatieven vragen en wat ervan kwam. Zonder persoonsgegevens; kleine getallen zijn leeg.",
        "version": own.period,
        "licenses": [{"name": own.licence, "path": LICENCES.format(own.licence)}],
        "contributors": [{"title": own.publisher, "role": "publisher"}],
        "mixmatch": {"format": FORMAT, "smallest_count": SMALLEST},
        "resources": [_resource(table, tables[f"{table.name}.csv"]) for table in TABLES],
    }


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    rules: dict[str, Any] = {"required": not column.empty}
    if column.one_of:
        rules["enum"] = list(column.one_of)
    elif TYPES.get(column.kind, "string") == "string" and (pattern := pattern_of(column)):
        rules["pattern"] = pattern
    return {
        "name": column.name,
        "type": TYPES.get(column.kind, "string"),
        "title": column.title,
        "description": column.description,
        "constraints": rules,
    }


def _read_me(own: Set) -> str:
    lines = [
        f"# Open data: {own.publisher}",
        "",
        f"Tot en met {own.period}. Licentie: {own.licence}.",
        "",
        f"Er staan geen persoonsgegevens in. Getallen van 1 tot en met {SMALLEST - 1} zijn verborgen, en ook andere",
        "getallen als je daarmee een klein getal kunt uitrekenen. Van losse vragen staat er alleen wat voor minstens",
        f"{SMALLEST} vragen geldt. Alleen kwartalen die voorbij zijn, tellen mee.",
        "",
        "Elke tabel is er als CSV (UTF-8, komma's) en als JSON. `datapackage.json` beschrijft ze voor programma's",
        f"(Frictionless Data Package). `datasette {DATABASE} -m {METADATA}` laat ze zien in een browser.",
    ]
    for table in TABLES:
        lines += ["", f"## {table.name}: {table.title}", "", table.description, ""]
        lines += ["| kolom | betekenis | waarden |", "|---|---|---|"]
        lines += [f"| `{each.name}` | {each.description} | {_values(each)} |" for each in table.columns]
    return "\n".join(lines) + "\n"


def _values(column: Column) -> str:
    if column.one_of:
        return ", ".join(f"`{each}`" for each in column.one_of)
    kinds = {
        "count": "heel getal", "days": "dagen, met één decimaal", "year": "jaar", "quarter": "jaar-Q1 tot en met Q4",
        "period": "kwartaal of jaar", "id": "16 tekens", "municipality": "gemeente", "region": "regio of provincie",
        "area": "gemeente, regio of provincie", "code": "code", "text": "tekst",
    }  # fmt: skip
    return kinds[column.kind]


def _metadata(own: Set) -> dict[str, Any]:
    """What Datasette shows beside the data."""
    described = {
        f"open_{table.name}": {
            "title": table.title,
            "description": table.description,
            "columns": {column.name: column.description for column in table.columns},
        }
        for table in TABLES
    }
    hidden: dict[str, dict[str, Any]] = {f"data_{table.name}": {"hidden": True} for table in TABLES}
    return {
        "title": f"Open data: {own.publisher}",
        "license": own.licence,
        "license_url": LICENCES.format(own.licence),
        "source": own.publisher,
        "databases": {"open_data": {"tables": {**described, **hidden}}},
    }


def write_database(sets: Sequence[Set], path: Path) -> None:
    """A database with a view a table, over all these sets; nothing else reads or writes it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for table in TABLES:
            columns = ", ".join(f"{column.name} {_sql_type(column)}" for column in table.columns)
            connection.execute(f"CREATE TABLE data_{table.name} (publisher TEXT NOT NULL, {columns}) STRICT")
            marks = ", ".join("?" * (len(table.columns) + 1))
            connection.executemany(
                f"INSERT INTO data_{table.name} VALUES ({marks})",  # noqa: S608 - our own names
                [(each.publisher, *map(_in_sql, row)) for each in sets for row in each.rows[table.name]],
            )
            connection.execute(f"CREATE VIEW open_{table.name} AS {_view(table)}")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()


def _sql_type(column: Column) -> str:
    return {"count": "INTEGER", "days": "REAL"}.get(column.kind, "TEXT")


def _in_sql(cell: Cell) -> Cell:
    return None if cell == "" else cell


def _view(table: Table) -> str:
    """The table, with the name of the topic behind its code."""
    if "need" not in table.names:
        return f"SELECT * FROM data_{table.name}"  # noqa: S608 - our own names
    return (
        f"SELECT data.*, needs.label AS need_label FROM data_{table.name} data LEFT JOIN data_needs needs"  # noqa: S608
        " ON needs.code = data.need AND needs.publisher = data.publisher"
    )
