"""Where the sentences of a text begin and end; what a sentence means does not belong here."""

import functools
import re
import tomllib
from importlib import resources
from itertools import pairwise

Span = tuple[int, int]

LONGEST_SENTENCE = 500
"""Characters after which a text without punctuation is cut at a comma or a space."""
NARROWEST_WRAP = 40
"""Nobody wraps paragraphs narrower than this many characters: such line ends are meant."""

_BULLET = re.compile(
    r"[-–—•*·▪◦►‣+✓✔]+(?=\s)|\(?\d{1,2}[.):](?=\s)|\(?[a-zA-Z][.)](?=\s)|\([a-z0-9]{1,4}\)|>|[IVX]{1,4}[.)](?=\s)"
)
_NUMBER_ALONE = re.compile(r"\W*(?:\d{1,2}|[A-Za-z]|[IVX]{1,4})\.$")
_INLINE_NUMBER = re.compile(r"(?<=\s)\(?([1-9]|[a-h])(?:\)|:(?=\s))(?=\s)")
_END = re.compile(r"(?:[.!?…؟。۔]+)[\"'”’»)\]*]*(?=\s|$)|[!?؟]+(?=[A-ZÀ-Þ])")
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«/]+$")
_RULE_LINE = re.compile(r"[\W_]{3,}$")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences, in order, without overlap and without outer white space.

    Every character that is not white space lies in exactly one span. A line break inside a wrapped
    paragraph is no end; a blank line, a bullet, a greeting or a sign-off line is.
    """
    spans: list[Span] = []
    for start, end in _blocks(text):
        cuts = [start, *_cuts(text, start, end), end]
        for left, right in pairwise(cuts):
            spans.extend(_shortened(text, left, right))
    return tuple(spans)


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    data = tomllib.loads(resources.files("inbox").joinpath("sentences.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in data.items()}


@functools.cache
def _lone_line() -> re.Pattern[str]:
    """A line that stands for itself: a greeting before the text or a sign-off after it."""
    openers = "|".join(sorted(map(re.escape, _words()["line_openers"]), key=len, reverse=True))
    return re.compile(rf"\s*(?:{openers})\b[^.!?;:]{{0,60}}[,!.:]?\s*$", re.IGNORECASE)


def _blocks(text: str) -> list[Span]:
    """Runs of lines that belong together: what the writer would call one paragraph or one bullet."""
    blocks: list[Span] = []
    for paragraph in _paragraphs(text):
        width = max(len(line) for _, line in paragraph)
        begin = paragraph[0][0]
        for (start, line), (following_start, following) in pairwise(paragraph):
            if _line_ends_block(line, following, width):
                blocks.append((begin, start + len(line)))
                begin = following_start
        last_start, last_line = paragraph[-1]
        blocks.append((begin, last_start + len(last_line)))
    return blocks


def _paragraphs(text: str) -> list[list[tuple[int, str]]]:
    """Lines with their offset, grouped between blank lines; a blank line itself is dropped."""
    paragraphs: list[list[tuple[int, str]]] = [[]]
    offset = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            paragraphs[-1].append((offset, line.rstrip()))
        elif paragraphs[-1]:
            paragraphs.append([])
        offset += len(line)
    return [paragraph for paragraph in paragraphs if paragraph]


def _line_ends_block(line: str, following: str, width: int) -> bool:
    """True when the break after `line` was meant, false when the line was only full."""
    if _BULLET.match(following.lstrip()) or _RULE_LINE.match(line.strip()):
        return True
    if line.endswith(":") or _lone_line().match(line) or _lone_line().match(following):
        return True
    next_word = following.split(maxsplit=1)[0]
    return width < NARROWEST_WRAP or len(line) + 1 + len(next_word) <= width


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Offsets inside the block where a new sentence begins."""
    cuts = [match.end() for match in _END.finditer(text, start, end) if _ends_sentence(text, match, start, end)]
    numbers = list(_INLINE_NUMBER.finditer(text, start, end))
    if len(numbers) > 1 or (numbers and _BULLET.match(text[start : start + 8].lstrip())):
        cuts = sorted({*cuts, *(number.start() for number in numbers)})
    return cuts


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int) -> bool:
    mark = match.group()
    following = text[match.end() : min(end, match.end() + 12)].lstrip()
    if not following:
        return True
    goes_on = following[0].islower()
    if mark.startswith(("..", "…")):
        return not goes_on
    if mark[-1] in ")]" and goes_on:
        return False
    if mark[0] != ".":
        return True
    return not _is_abbreviation(text, start, match.start(), goes_on)


def _is_abbreviation(text: str, start: int, dot: int, goes_on: bool) -> bool:
    """True when the dot at `dot` belongs to a short form, an initial or a number in front of an item."""
    if dot - start <= 6 and _NUMBER_ALONE.match(text[start : dot + 1]):
        return True
    found = _LAST_WORD.search(text, max(start, dot - 20), dot)
    if found is None:
        return False
    word = found.group()
    if len(word) == 1 and word.isalpha():
        return True
    folded = word.lower()
    if folded in _words()["before_a_name"] or ("." in word and all(len(part) < 3 for part in word.split("."))):
        return True
    if word.isdigit() and len(word) < 3:
        previous = text[max(start, dot - len(word) - 12) : dot - len(word)].rstrip()
        after_short_form = previous.rpartition(" ")[2].lower().rstrip(".") in _words()["before_a_name"]
        return not previous or (previous[-1] in ".!?" and not after_short_form)
    return goes_on and folded in _words()["abbreviations"]


def _shortened(text: str, left: int, right: int) -> list[Span]:
    """The trimmed span, cut up when it is too long to be one sentence."""
    spans: list[Span] = []
    while True:
        while left < right and text[left].isspace():
            left += 1
        while left < right and text[right - 1].isspace():
            right -= 1
        if right - left <= LONGEST_SENTENCE:
            return [*spans, (left, right)] if left < right else spans
        cut = _cut_before(text, left, left + LONGEST_SENTENCE)
        spans.append((left, left + len(text[left:cut].rstrip())))
        left = cut


def _cut_before(text: str, left: int, limit: int) -> int:
    """A place to cut: behind a comma in the second half, else at a space, else in the middle of a word."""
    comma = max(text.rfind(", ", left, limit), text.rfind("; ", left, limit)) + 1
    if comma >= (left + limit) // 2:
        return comma
    space = max(text.rfind(" ", left, limit), text.rfind("\n", left, limit))
    return space if space > left else limit
