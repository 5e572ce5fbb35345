"""A letter as Telegram shows it: few tags, no blocks, messages of limited length, buttons below. Sends nothing.

Telegram knows no paragraphs or lists, and counts in UTF-16 units after reading the tags:
https://core.telegram.org/bots/api#html-style and https://core.telegram.org/bots/api#sendmessage.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

LONGEST_MESSAGE = 4096  # UTF-16 units of one message, tags not counted
WIDEST_ROW = 26  # signs of all labels beside each other that a narrow telephone still shows whole
MOST_IN_ROW = 3
FIRST_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """One message: with tags, and the same words without."""

    html: str
    text: str

    @property
    def length(self) -> int:
        """UTF-16 units that Telegram counts."""
        return units(self.text)


def units(text: str) -> int:
    """How long a text is in UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what stands on it, and what comes back when it is pressed (at most 64 bytes)."""

    label: str
    data: str


def keyboard_of(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """Buttons in rows, short ones beside each other; None for none."""
    rows: list[list[Button]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        width = sum(len(each.label) for each in (*last, button))
        if last and len(last) < MOST_IN_ROW and width <= WIDEST_ROW:
            last.append(button)
        else:
            rows.append([button])
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.label, callback_data=each.data) for each in row] for row in rows]
    )


def messages_of(html: str) -> list[Part]:
    """A letter's page as messages, cut between paragraphs; a paragraph that is too long, between words."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    pieces = [piece for block in reader.blocks for piece in _pieces(block)]
    messages: list[Part] = []
    for piece in pieces:
        joined = _joined(messages[-1], piece) if messages else piece
        if messages and joined.length <= LONGEST_MESSAGE:
            messages[-1] = joined
        else:
            messages.append(piece)
    return messages


def _joined(before: Part, after: Part) -> Part:
    return Part(f"{before.html}\n\n{after.html}", f"{before.text}\n\n{after.text}")


def _pieces(block: Part) -> Iterator[Part]:
    if block.length <= LONGEST_MESSAGE:
        yield block
        return
    for text in _cut(block.text):  # a tag may not be cut in two, so none is left
        yield Part(escape(text, quote=False), text)


def _cut(text: str) -> Iterator[str]:
    """A long text in pieces, cut at the last space that fits; a word without end is cut anywhere."""
    while units(text) > LONGEST_MESSAGE:
        end = min(len(text), LONGEST_MESSAGE)
        while units(text[:end]) > LONGEST_MESSAGE:
            end -= 1
        space = max(text.rfind(" ", 1, end), text.rfind("\n", 1, end))
        end = space if space > end // 2 else end
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


class _Blocks(HTMLParser):
    """Reads the page of a letter, which bot/markup.py wrote, back into paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Part] = []
        self._html, self._text, self._in_body, self._link = "", "", False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "body":
            self._in_body = True
        elif tag == "br":
            self._add("\n", "\n")
        elif tag == "li":
            mark = f"{values['value']}. " if values.get("value") else "• "
            self._html, self._text = self._html.rstrip(), self._text.rstrip()
            line = f"\n{mark}" if self._text else mark
            self._add(line, line)
        elif tag == "strong":
            self._add("<b>", "")
        elif tag == "bdi":
            self._add(FIRST_ISOLATE, FIRST_ISOLATE)
        elif tag == "hr":
            self._end_block()
            self._add("* * *", "* * *")
            self._end_block()
        elif tag == "a" and str(values.get("href", "")).startswith(("http://", "https://")):
            self._link = str(values["href"])
            self._add(f'<a href="{escape(self._link)}">', "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "ul", "ol", "div", "body"):
            self._end_block()
        elif tag == "strong":
            self._add("</b>", "")
        elif tag == "bdi":
            self._add(POP_ISOLATE, POP_ISOLATE)
        elif tag == "a" and self._link:
            self._add("</a>", f": {self._link}")
            self._link = ""

    def handle_data(self, data: str) -> None:
        words = _SPACES.sub(" ", data)
        if not self._text or self._text.endswith("\n"):
            words = words.lstrip()
        if self._in_body:
            self._add(escape(words, quote=False), words)

    def _add(self, html: str, text: str) -> None:
        self._html += html
        self._text += text

    def _end_block(self) -> None:
        if self._text.strip():
            self.blocks.append(Part(self._html.strip(), self._text.strip()))
        self._html, self._text = "", ""
