"""Lays the weekly report out as plain text, for a terminal and beside the page in a mail. As a page: layout.py."""

import textwrap

from bot.report.cells import Cell, Section, Table
from bot.report.telling import Telling
from bot.report.words import MOST_WAITING, cut, phrase, shown

TEXT_WIDTH = 78
LABEL_WIDTH = 44


def as_text(telling: Telling, site: str = "") -> str:
    """The report as plain text of at most TEXT_WIDTH columns wide, save for links; ends with a line end."""
    blocks = [telling.title + "\n" + "=" * len(telling.title)]
    blocks += [textwrap.fill(paragraph, TEXT_WIDTH) for paragraph in telling.paragraphs]
    if site:
        blocks.append(f"{phrase('to_page')}:\n{site}{telling.page}")
    blocks += [_section_text(section, site) for section in telling.sections]
    return "\n\n".join([*blocks, telling.closing]) + "\n"


def _section_text(section: Section, site: str) -> str:
    blocks = [section.title.upper() + "\n" + "-" * len(section.title)]
    if section.sentence:
        blocks.append(section.sentence)
    return "\n\n".join([*blocks, *(_table_text(table, site) for table in section.tables)])


def _table_text(table: Table, site: str) -> str:
    if not table.rows:
        return textwrap.fill(f"{table.caption}: {table.empty}", TEXT_WIDTH)
    table = cut(table, MOST_WAITING)
    lines = _list_lines(table, site) if table.form == "list" else _figure_lines(table)
    note = [textwrap.fill(table.note, TEXT_WIDTH, initial_indent="  ", subsequent_indent="  ")] if table.note else []
    return "\n".join([f"{table.caption}:", *lines, *note])


def _list_lines(table: Table, site: str) -> list[str]:
    lines: list[str] = []
    for row in table.rows:
        cells = [f"{head.lower()}: {shown(cell)}" for head, cell in zip(table.columns[1:], row.cells, strict=True)]
        lines.append(
            textwrap.fill("; ".join([row.label, *cells]), TEXT_WIDTH, initial_indent="  - ", subsequent_indent="    ")
        )
        if site and row.path:
            lines.append(f"    {site}{row.path}")
    return lines


def _figure_lines(table: Table) -> list[str]:
    """The rows below their heads; a head that is wider than its column needs stands in parts below each other."""
    rows = [(row.label, _texts(row.cells)) for row in (*table.rows, *([table.total] if table.total else []))]
    heads = [textwrap.wrap(head, 11) for head in table.columns[1:]]
    widths = [
        max([*(len(part) for part in head), *(len(cells[place]) for _, cells in rows)])
        for place, head in enumerate(heads)
    ]
    room = min(LABEL_WIDTH, max(len(label) for label, _ in (*rows, (table.columns[0], ()))))
    room = min(room, TEXT_WIDTH - 2 - sum(width + 2 for width in widths))
    lines = _head_lines(table.columns[0], heads, room, widths)
    return [*lines, *(line for label, cells in rows for line in _figure_row(label, cells, room, widths))]


def _head_lines(first: str, heads: list[list[str]], room: int, widths: list[int]) -> list[str]:
    deep = max(len(head) for head in heads)
    padded = [[""] * (deep - len(head)) + head for head in heads]
    lines = [[head[line] for head in padded] for line in range(deep)]
    return [
        line
        for number, cells in enumerate(lines)
        for line in _figure_row(first if number == deep - 1 else "", cells, room, widths)
    ]


def _texts(cells: tuple[Cell, ...]) -> list[str]:
    return [shown(cell) for cell in cells]


def _figure_row(label: str, texts: list[str], room: int, widths: list[int]) -> list[str]:
    first, *rest = textwrap.wrap(label, room) or [""]
    cells = "  ".join(text.rjust(width) for text, width in zip(texts, widths, strict=True))
    return [f"  {first.ljust(room)}  {cells}", *(f"    {line}" for line in rest)]
