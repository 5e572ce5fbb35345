"""The visible sheets of an XLSX workbook, values only; a macro is never run and a formula never calculated.

ECMA-376 part 1, 18.3 (worksheets), 18.4 (shared strings), in the transitional and the strict namespaces.
"""

import posixpath
import re
from typing import Final

from inbox.sheet_archive import Archive
from inbox.sheet_formulas import circular_cells
from inbox.sheet_grid import LONGEST_CELL, MAX_CELLS, MAX_SHEETS, Cell, Fault, Grid, Merge, Place, Refused, Sheet

WORKBOOK: Final = "xl/workbook.xml"
MACROS: Final = "xl/vbaproject.bin"
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


def read_xlsx(archive: Archive) -> tuple[Sheet, ...]:
    """The sheets in their order. Raises `Refused`, or what zipfile and lxml raise on damage."""
    workbook, relations, strings = _Workbook(), _Relations(), _Strings()
    archive.read(WORKBOOK, workbook)
    archive.read("xl/_rels/workbook.xml.rels", relations)
    if len(workbook.sheets) > MAX_SHEETS:
        raise Refused("too_large")
    if relations.strings:
        archive.read(relations.strings, strings)
    sheets = []
    for name, relation in workbook.sheets:
        if relation in relations.sheets:
            reader = _Worksheet(name, strings.texts)
            archive.read(relations.sheets[relation], reader)
            sheets.append(reader.sheet())
    return tuple(sheets)


def place_of(reference: str) -> Place | None:
    """Row and column from 0 of a reference such as B12."""
    found = _PLACE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


class _Silent:
    """A reader that takes nothing from what it is not told about."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text, possibly in several pieces."""


class _Workbook(_Silent):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        # A hidden sheet holds what its maker did not mean to show: often an older budget.
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))


class _Relations(_Silent):
    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.strings = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        target = posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")).lstrip("/"))
        kind = attributes.get("Type", "").rpartition("/")[2]
        if name == "Relationship" and kind == "worksheet":
            self.sheets[attributes.get("Id", "")] = target
        elif name == "Relationship" and kind == "sharedStrings":
            self.strings = target


class _Strings(_Silent):
    """The texts that sheets point to by number; spoken forms (phonetic runs) are left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._in_text = self._spoken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        self._in_text = name == "t" and not self._spoken
        self._spoken = self._spoken or name == "rPh"
        if name == "si":
            self._pieces = []

    def end(self, name: str) -> None:
        self._in_text = False
        self._spoken = self._spoken and name != "rPh"
        if name == "si":
            if len(self.texts) >= 4 * MAX_CELLS:
                raise Refused("too_large")
            self.texts.append("".join(self._pieces)[: 4 * LONGEST_CELL])

    def data(self, text: str) -> None:
        if self._in_text and len(self._pieces) < LONGEST_CELL:
            self._pieces.append(text[: 4 * LONGEST_CELL])


class _Worksheet(_Silent):
    def __init__(self, name: str, strings: list[str]) -> None:
        self._grid, self._strings = Grid(name), strings
        self._row, self._place = -1, (0, -1)
        self._kind = self._inside = ""
        self._parts: dict[str, list[str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isdecimal() and len(number) < 9 else self._row + 1
            self._place = (self._row, -1)
        elif name == "c":
            self._place = place_of(attributes.get("r", "")) or (self._row, self._place[1] + 1)
            self._kind, self._parts = attributes.get("t", "n"), {}
        elif name == "f":
            self._parts["f"] = []
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        self._inside = ""
        if name == "c":
            self._grid.put(self._place, self._value())
            if "f" in self._parts:
                self._grid.formulas[self._place] = "".join(self._parts["f"])

    def data(self, text: str) -> None:
        if self._inside in ("v", "t", "f"):
            pieces = self._parts.setdefault(self._inside, [])
            if len(pieces) < LONGEST_CELL:
                pieces.append(text[: 4 * LONGEST_CELL])

    def sheet(self) -> Sheet:
        """What was read, with circular references marked: the value kept beside one means nothing."""
        for place in circular_cells(self._grid.formulas):
            self._grid.put(place, Fault("circular_references"))
        return self._grid.sheet()

    def _value(self) -> Cell:
        if self._kind == "inlineStr":
            return "".join(self._parts.get("t", ()))
        text = "".join(self._parts.get("v", ())).strip()
        if self._kind == "e":
            return Fault("error_values")
        if not text:
            # A formula may rightly give an empty text, but then its kind says so.
            return Fault("formulas_without_values") if "f" in self._parts and self._kind != "str" else None
        if self._kind == "s":
            number = int(text)
            return self._strings[number] if 0 <= number < len(self._strings) else None
        if self._kind in ("str", "d"):
            return text
        return ("ja" if text == "1" else "nee") if self._kind == "b" else float(text)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = place_of(first), place_of(last)
        if start and end:
            self._grid.merge(Merge(*start, *end))
