"""Lays out one source as plain text and as HTML, so that the two can never differ. It knows no template and no fact.

The source is what a template gives: blocks with a blank line between them. A block is a paragraph, a list (`- `),
a numbered list (`1. `, going on where two spaces begin the next line) or a line (`***`). Within a line `**bold**`
and `[words](link)` mean something. Values stand between marks, so nothing in a value is ever read as markup.
"""

import re
from html import escape
from typing import Literal

from bot.foreign import reads_right_to_left

# Private characters that bot/foreign.py takes out of every value.
VALUE, ADDRESS, END = "\ue000", "\ue001", "\ue002"
_FIRST_HIDDEN = 0xF0000

_MARKED = re.compile(rf"[{VALUE}{ADDRESS}][^{END}]*{END}")
_HIDDEN = re.compile("[\U000f0000-\U000ffffd]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_ITEM = re.compile(r"(?:- |(\d+)\. )")
_NOT_BLANK_LINES = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")

Form = Literal["text", "html"]

_PARAGRAPH = "margin:0 0 16px 0"
_LIST = "margin:0 0 16px 0;padding:0 0 0 24px"
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


def as_html(source: str) -> str:
    """The HTML of a source, without the page around it; everything in it is escaped."""
    shown, values = _hide_values(source)
    return "\n".join(_block_html(block, values) for block in _blocks(shown))


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


def _block_html(block: list[str], values: list[str]) -> str:
    if block == ["***"]:
        return '<hr style="margin:24px 0;border:0;border-top:1px solid #767676">'
    if _ITEM.match(block[0]):
        return _list_html(block, values)
    lines = "<br>\n".join(_inline(line, values, "html") for line in block)
    return f'<p style="{_PARAGRAPH}">{lines}</p>'


def _list_html(block: list[str], values: list[str]) -> str:
    items: list[str] = []
    for line in block:
        marker = _ITEM.match(line)
        words = _inline(line[marker.end() :] if marker else line.strip(), values, "html")
        if marker:
            number = f' value="{marker[1]}"' if marker[1] else ""
            items.append(f'<li{number} style="{_ITEM_STYLE}">{words}')
        else:
            items[-1] += f"<br>\n{words}"
    name = "ol" if block[0][0].isdigit() else "ul"
    return f'<{name} style="{_LIST}">\n' + "\n".join(f"{item}</li>" for item in items) + f"\n</{name}>"


def _inline(line: str, values: list[str], form: Form) -> str:
    if form == "text":
        plain = _BOLD.sub(r"\1", _LINK.sub(r"\1: \2", line))
        return _HIDDEN.sub(lambda found: values[ord(found[0]) - _FIRST_HIDDEN][1:], plain)
    marked = _LINK.sub(rf'<a href="\2" style="{_BUTTON}">\1</a>', escape(line))
    marked = _BOLD.sub(r"<strong>\1</strong>", marked)
    return _HIDDEN.sub(lambda found: _value_html(values[ord(found[0]) - _FIRST_HIDDEN]), marked)


def _value_html(marked: str) -> str:
    words = escape(marked[1:])
    if marked[0] == ADDRESS:
        return f'<a href="mailto:{words}" style="{_ADDRESS_STYLE}">{words}</a>'
    # A name in Arabic would otherwise drag the words around it along to the other side of the line.
    return f"<bdi>{words}</bdi>" if reads_right_to_left(words) else words
