"""The three charts of the weekly report, drawn from its tables: nothing is in a chart that is not in a table too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.drawing import Box, Picture, Words, width_of
from bot.report.cells import AtLeast, Cell, Row, Section, Table
from bot.report.words import phrase, row_label, shown

WIDTH, SIZE = 560, 18  # at the width of a telephone the words are still twelve pixels high
FIRST, SECOND, GROUND = "#0b5c7a", "#b45f06", "#d9e4e8"
MOST_TOPICS = 8
PAIR = (1, 4)  # columns of the table of weeks: new questions, introductions
_BARS_HIGH, _LEGEND_HIGH, _ROW_HIGH, _BAR_HIGH, _MARK_HIGH = 170, 34, 58, 22, 32
_FOOT = _LEGEND_HIGH + SIZE + _BARS_HIGH


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with the code of the table that it stands above."""

    code: str
    picture: Picture


def charts(sections: Sequence[Section]) -> Mapping[str, Chart]:
    """A chart for each table that has one, by the code of the table; none for a table without numbers to show."""
    tables = {table.code: table for section in sections for table in section.tables}
    drawn = (_weeks(tables.get("weeks")), _topics(tables.get("needs")), _goal(tables.get("goal")))
    return {chart.code: chart for chart in drawn if chart is not None}


def _weeks(table: Table | None) -> Chart | None:
    """Questions and introductions of each week, side by side, the last week at the right; not of one week alone."""
    if table is None or len(table.rows) <= 1:
        return None
    names = [table.columns[PAIR[0] + 1], row_label("overview", "introduced")]
    rows = table.rows[::-1]
    most = max([1, *(_size(row.cells[place]) for row in rows for place in PAIR)])
    shapes: list[Box | Words] = _legend(names)
    for number, row in enumerate(rows):
        shapes += _pair(row, number, WIDTH / len(rows), most)
    shapes.append(Box(0, _FOOT, WIDTH, 2, FIRST))
    course = "; ".join(f"{row.label}: {' en '.join(shown(row.cells[place]) for place in PAIR)}" for row in rows)
    alt = phrase("chart_weeks", first=names[0].lower(), second=names[1].lower(), numbers=course)
    return Chart("weeks", Picture(WIDTH, _FOOT + SIZE + 14, alt, tuple(shapes)))


def _pair(row: Row, number: int, group: float, most: int) -> list[Box | Words]:
    """The two bars of a week with their numbers above them and the week below."""
    middle, bar = group * (number + 0.5), min(group * 0.42, 40)
    shapes: list[Box | Words] = [Words(round(middle), _FOOT + SIZE + 4, row.label.split()[-1], SIZE, "middle")]
    for place, left, colour in zip(PAIR, (middle - bar, middle), (FIRST, SECOND), strict=True):
        high = _size(row.cells[place]) / most * _BARS_HIGH
        shapes.append(Box(round(left, 1), round(_FOOT - high, 1), round(bar - 2, 1), round(high, 1), colour))
        shapes.append(Words(round(left + bar / 2), round(_FOOT - high - 4), shown(row.cells[place]), SIZE, "middle"))
    return shapes


def _legend(names: Sequence[str]) -> list[Box | Words]:
    shapes: list[Box | Words] = []
    left = 0.0
    for name, colour in zip(names, (FIRST, SECOND), strict=True):
        shapes += [Box(left, 4, SIZE, SIZE, colour), Words(left + SIZE + 8, SIZE + 1, name, SIZE)]
        left = round(left + SIZE + 8 + width_of(name, SIZE) + 28)
    return shapes


def _topics(table: Table | None) -> Chart | None:
    """The topics asked for most this week: the name, and below it the bar with its number."""
    asked = [row for row in table.rows if row.share and _size(row.cells[0])] if table is not None else []
    if not asked:
        return None
    asked = asked[:MOST_TOPICS]
    most = max(_size(row.cells[0]) for row in asked)
    shapes: list[Box | Words] = []
    for number, row in enumerate(asked):
        shapes += _bar(row, number * _ROW_HIGH, _size(row.cells[0]) / most)
    alt = phrase("chart_topics", numbers="; ".join(f"{row.label}: {shown(row.cells[0])}" for row in asked))
    return Chart("needs", Picture(WIDTH, len(asked) * _ROW_HIGH, alt, tuple(shapes)))


def _bar(row: Row, top: int, share: float) -> tuple[Box | Words, ...]:
    wide = round(max(share * (WIDTH - 70), 4), 1)
    return (
        Words(0, top + SIZE + 2, row.label, SIZE),
        Box(0, top + SIZE + 9, wide, _BAR_HIGH, FIRST),
        Words(wide + 8, top + SIZE + 9 + _BAR_HIGH - 4, shown(row.cells[0]), SIZE),
    )


def _goal(table: Table | None) -> Chart | None:
    """How much of the year's goal is reached, and how much it takes to be on time; nothing without a goal."""
    if table is None or not _size(table.rows[1].cells[0]):
        return None
    reached, goal, pace = (row.cells[0] for row in table.rows)
    whole = max(_size(goal), _size(reached))
    top = SIZE + 12
    mark = round(_size(pace) / whole * (WIDTH - 4), 1)
    side: Literal["start", "end"] = "end" if mark > WIDTH / 2 else "start"
    on_time = phrase("goal_pace", pace=shown(pace))
    shapes = (
        Words(0, SIZE + 1, phrase("goal_reached", reached=shown(reached), goal=shown(goal)), SIZE),
        Box(0, top, WIDTH, _MARK_HIGH, GROUND),
        Box(0, top, round(_size(reached) / whole * WIDTH, 1), _MARK_HIGH, FIRST),
        Box(mark, top - 4, 4, _MARK_HIGH + 12, SECOND),
        Words(round(mark), top + _MARK_HIGH + SIZE + 12, on_time, SIZE, side),
    )
    alt = phrase("chart_goal", numbers="; ".join(f"{row.label}: {shown(row.cells[0])}" for row in table.rows))
    return Chart("goal", Picture(WIDTH, top + _MARK_HIGH + SIZE + 22, alt, shapes))


def _size(cell: Cell) -> int:
    """How long the bar of a cell is; a hidden number has none."""
    match cell:
        case int():
            return cell
        case AtLeast(count):
            return count
        case _:
            return 0
