"""HTML of a mail to plain lines, with quoted parts still recognisable; telling quotes apart belongs in quotes.py.

libxml2 hands over one tag at a time, so depth and size of the markup cost neither stack nor a tree.
Quoted blocks get "> " before their lines, as in a plain mail, and the places where Outlook begins the
older mail get its own line of underscores, so that one set of rules reads both kinds of mail.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

from lxml import etree

MAX_HTML = 3_000_000
MAX_TEXT = 400_000
MAX_TAGS = 100_000
OUTLOOK_RULE = "_" * 32
_MAX_QUOTES = 10

_NEVER_SHOWN_NAMES = (
    "script style head title meta link template object applet audio video canvas svg math iframe select"
)
_NEVER_SHOWN = frozenset(_NEVER_SHOWN_NAMES.split())
_BLOCKS_NAMES = """
    address article aside blockquote body caption center dd div dl dt fieldset figure footer form h1 h2
    h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul
"""
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
# Gmail and others indent the writer's own text with a blockquote without a border.
_INDENT = re.compile(r"border\s*:\s*(?:none|0|medium none)", re.IGNORECASE)
_QUOTE_CLASS = re.compile(r"yahoo_quoted|protonmail_quote|tutanota_quote")
_OUTLOOK_ID = re.compile(r"(?:x_)*(?:divRplyFwdMsg|mail-editor-reference-message-container)")
_OUTLOOK_STYLE = re.compile(
    r"border:\s*none;\s*border-top:\s*solid #[0-9a-f]{6} 1\.0pt;\s*padding:\s*3\.0pt 0", re.IGNORECASE
)
_TAGS = re.compile(r"<[^<>]{0,5000}>")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def text_of_html(html: str) -> tuple[str, tuple[str, ...]]:
    """The text a reader of this HTML sees, and the defects: `text_cut`, `bad_html`. Never raises."""
    defects: tuple[str, ...] = ("text_cut",) if len(html) > MAX_HTML else ()
    html = html[:MAX_HTML].replace("\x00", "")
    lines = _Lines()
    try:
        # The stubs know only targets that also take bytes; with an encoding set, lxml hands over str.
        parser = etree.HTMLParser(target=cast("Any", lines), encoding="utf-8")
        etree.fromstring(html.encode("utf-8", "replace"), parser)
    except _EnoughError:
        defects = ("text_cut",)
    except (etree.LxmlError, ValueError):
        defects += ("bad_html",)
    text = lines.text()
    if not text and (bare := _SPACES.sub(" ", _TAGS.sub(" ", html)).strip()):
        # A comment or style that never ends swallows everything: then rather the text with its rubbish.
        return bare[:MAX_TEXT], (*defects, "bad_html") if "bad_html" not in defects else defects
    return text, defects


class _EnoughError(Exception):
    """Stops the parser: no reader's mail has this many tags."""


class _Lines:
    """Gathers lines while the parser reports tags; the four public methods are what lxml calls."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._open: list[tuple[bool, bool]] = []
        self._hidden = 0
        self._quotes = 0
        self._verbatim = 0
        self._size = 0
        self._tags = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._tags += 1
        if self._tags > MAX_TAGS:
            raise _EnoughError
        if "@" in tag:
            # An address in angle brackets that a program forgot to escape.
            self.data(f"<{tag}>")
        hidden = tag in _NEVER_SHOWN or _is_hidden(attributes)
        quote = _is_quote(tag, attributes)
        if not self._hidden and not hidden:
            self._break_before(tag)
            if _begins_outlook_history(attributes):
                self._flush()
                self._lines.append("> " * min(self._quotes, _MAX_QUOTES) + OUTLOOK_RULE)
        self._open.append((hidden, quote))
        self._hidden += hidden
        self._quotes += quote
        self._verbatim += tag == "pre"

    def end(self, tag: str) -> None:
        if tag in _BLOCKS and not self._hidden:
            self._flush()
            if tag in _SPACED:
                self._blank()
        hidden, quote = self._open.pop() if self._open else (False, False)
        self._hidden -= hidden
        self._quotes -= quote
        self._verbatim -= tag == "pre"

    def data(self, text: str) -> None:
        if self._hidden or self._size > MAX_TEXT:
            return
        self._size += len(text)
        if not self._verbatim:
            self._line.append(_SPACES.sub(" ", text))
            return
        first, *others = text.split("\n")
        self._line.append(first)
        for line in others:
            self._flush(keep_empty=True)
            self._line.append(line)

    def close(self) -> None:
        self._flush()

    def text(self) -> str:
        """Everything gathered, without blank lines around it."""
        self._flush()
        return "\n".join(self._lines).strip("\n")

    def _break_before(self, tag: str) -> None:
        if tag == "br":
            self._flush(keep_empty=True)
        elif tag in _BLOCKS:
            self._flush()
            if tag in _SPACED:
                self._blank()
            if tag == "li":
                self._line.append("- ")
        elif tag in ("td", "th") and any(piece.strip() for piece in self._line):
            self._line.append("\t")

    def _flush(self, *, keep_empty: bool = False) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._verbatim else re.sub(r" +", " ", line).strip()
        self._line = []
        if line or keep_empty:
            self._lines.append(("> " * min(self._quotes, _MAX_QUOTES) + line).rstrip())

    def _blank(self) -> None:
        empty = ("> " * min(self._quotes, _MAX_QUOTES)).rstrip()
        if self._lines and self._lines[-1] != empty:
            self._lines.append(empty)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def _is_quote(tag: str, attributes: Mapping[str, str]) -> bool:
    if tag != "blockquote":
        return tag == "div" and bool(_QUOTE_CLASS.search(attributes.get("class", "")))
    if attributes.get("type") == "cite" or "quote" in attributes.get("class", ""):
        return True
    return not _INDENT.search(attributes.get("style", ""))


def _begins_outlook_history(attributes: Mapping[str, str]) -> bool:
    if _OUTLOOK_ID.fullmatch(attributes.get("id", "")):
        return True
    return bool(_OUTLOOK_STYLE.match(attributes.get("style", "")))
