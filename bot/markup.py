"""Lays out one source as plain text and as HTML, so that the two can never differ. It knows no template and no fact.

The source is what a template gives: blocks with a blank line between them. A block is a paragraph, a list (`- `),
a numbered list (`1. `, going on where two spaces begin the next line) or a line (`***`). Within a line `**bold**`
and `[words](link)` mean something. Values stand between marks, so nothing in a value is ever read as markup.
"""

import re
from html import escape
from typing import Literal

from bot.foreign import reads_left_to_right, reads_right_to_left

# Private characters that bot/foreign.py takes out of every value.
VALUE, ADDRESS, END = "\ue000", "\ue001", "\ue002"
_FIRST_HIDDEN = 0xF0000

_MARKED = re.compile(rf"[{VALUE}{ADDRESS}][^{END}]*{END}")
_HIDDEN = re.compile("[\U000f0000-\U000ffffd]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_ITEM = re.compile(r"(?:- |(\d+)\. )")
_NOT_BLANK_LINES = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")

Form = Literal["text", "ltr", "rtl"]
Direction = Literal["ltr", "rtl"]

_PARAGRAPH = "margin:0 0 16px 0"
# Mail programs do not all know padding-inline-start, so the side of the marks is spelled out.
_LIST = {"ltr": "margin:0 0 16px 0;padding:0 0 0 24px", "rtl": "margin:0 0 16px 0;padding:0 24px 0 0"}
_ITEM_STYLE = "margin:0 0 8px 0"
_BUTTON = (
    "display:inline-block;padding:10px 18px;border:1px solid #0b5c7a;border-radius:4px;background:#0b5c7a;"
    "color:#ffffff;font-weight:bold;text-decoration:none"
)
_ADDRESS_STYLE = "color:#0b5c7a;text-decoration:underline"


def as_text(source: str) -> str:
    """The plain text of a source; ends without a line end."""
    shown, values = _hide_values(source)
    blocks = ["\n".join(_inline(line, values, "text") for line in block) for block in _blocks(shown)]
    return "\n\n".join("* * *" if block == "***" else block for block in blocks)


def as_html(source: str, direction: Direction = "ltr") -> str:
    """The HTML of a source in a language that reads in this direction, without the page; everything is escaped."""
    shown, values = _hide_values(source)
    return "\n".join(_block_html(block, values, direction) for block in _blocks(shown))


def as_line(source: str) -> str:
    """The first line of a source as plain text, for a subject."""
    shown, values = _hide_values(source.strip())
    return _inline(shown.partition("\n")[0], values, "text")


def _hide_values(source: str) -> tuple[str, list[str]]:
    values: list[str] = []

    def hide(found: re.Match[str]) -> str:
        values.append(found[0][:-1])
        return chr(_FIRST_HIDDEN + len(values) - 1)

    return _MARKED.sub(hide, source), values


def _blocks(source: str) -> list[list[str]]:
    return [found[0].rstrip().split("\n") for found in _NOT_BLANK_LINES.finditer(source)]


def _block_html(block: list[str], values: list[str], direction: Direction) -> str:
    if block == ["***"]:
        return '<hr style="margin:24px 0;border:0;border-top:1px solid #767676">'
    if _ITEM.match(block[0]):
        return _list_html(block, values, direction)
    lines = "<br>\n".join(_inline(line, values, direction) for line in block)
    return f'<p style="{_PARAGRAPH}">{lines}</p>'


def _list_html(block: list[str], values: list[str], direction: Direction) -> str:
    items: list[str] = []
    for line in block:
        marker = _ITEM.match(line)
        words = _inline(line[marker.end() :] if marker else line.strip(), values, direction)
        if marker:
            number = f' value="{marker[1]}"' if marker[1] else ""
            items.append(f'<li{number} style="{_ITEM_STYLE}">{words}')
        else:
            items[-1] += f"<br>\n{words}"
    name = "ol" if block[0][0].isdigit() else "ul"
    return f'<{name} style="{_LIST[direction]}">\n' + "\n".join(f"{item}</li>" for item in items) + f"\n</{name}>"


def _inline(line: str, values: list[str], form: Form) -> str:
    if form == "text":
        plain = _BOLD.sub(r"\1", _LINK.sub(r"\1: \2", line))
        return _HIDDEN.sub(lambda found: _value(found, values)[1:], plain)
    around = _HIDDEN.sub("", line)
    if reads_left_to_right(around) and not reads_right_to_left(around):
        form = "ltr"  # a line such as "Kenmerk: …", also in a letter from right to left

    def link(found: re.Match[str]) -> str:
        address = _HIDDEN.sub(lambda hidden: escape(_value(hidden, values)[1:]), found[2])
        return f'<a href="{address}" style="{_BUTTON}">{found[1]}</a>'

    marked = _LINK.sub(link, _BOLD.sub(r"<strong>\1</strong>", escape(line)))
    return _HIDDEN.sub(lambda found: _value_html(_value(found, values), form), marked)


def _value(hidden: re.Match[str], values: list[str]) -> str:
    return values[ord(hidden[0]) - _FIRST_HIDDEN]


def _value_html(marked: str, direction: Direction) -> str:
    words = escape(marked[1:])
    if marked[0] == ADDRESS:
        return f'<a href="mailto:{words}" style="{_ADDRESS_STYLE}">{words}</a>'
    return f"<bdi>{words}</bdi>" if _reads_otherwise(marked[1:], direction) else words


def _reads_otherwise(words: str, direction: Direction) -> bool:
    """Whether a value would drag the words around it, or its own full stop, to the other side of the line."""
    if direction == "ltr":
        return reads_right_to_left(words)
    return reads_left_to_right(words) or not reads_right_to_left(words)
