"""What a writer wrote now, apart from the older mail around it; what it means does not belong here.

Lines are judged one by one and none is changed: the new text is a sequence of the original lines, so that a
sentence quoted from it can be found back. When in doubt text stays with the writer, with one exception: an
announcement of older mail with nothing of the writer above it ends the new text, because taking the bot's own
letter for an adviser's answer is worse than asking again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inbox import quote_marks as marks
from inbox.signatures import cut_signature, is_closing

MAX_FORWARDS = 3
_MAX_LABEL_LINES = 25
_LONGEST_ASIDE = 30
_WRAPPED_FROM = 60

_FORWARD_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,30}\]\s*)?(?:fwd?|fw|doorst|doorgest\w*|wg|wtr|tr|rv|enc|pd|i|ilt|i̇lt|переслано|إعادة توجيه)\s*:",
    re.IGNORECASE,
)
_REPLY_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,30}\]\s*)?(?:re|antw?|betr|aw|odp|ynt|yan|sv|vs|відп|відповідь|رد)\s*(?:\[\d+\])?:", re.IGNORECASE
)
_PASSING_ON = re.compile(
    r"\bdoor(?:gestuurd|sturen|gezonden|zend|geleid)|\bstuur\w* .{0,30}\bdoor\b"
    r"|\bter (?:info|behandeling|kennis|afhandeling)"
    r"|\bonderstaand|\bhieronder\b|\bzie (?:onder|beneden|bijlage)|\bhierbij\b|\bfyi\b|\bt\.?k\.?n\b|\bbinnengekomen"
    r"|\b(?:jullie|u|je) hier (?:iets|wat) mee|\b(?:hoort|thuishoort|thuis) bij (?:jullie|u)\b|\bbij jullie thuis"
    r"|\bvoor jullie\b|\bkwam (?:bij ons )?binnen|\bforward|\bsee below|\bpass(?:ing)? (?:this|it) on"
    r"|\bfor your information"
    r"|\bweitergeleitet|\bsiehe unten|\bzur kenntnis|\bprzesyłam|\bprzekazuję|\biletiyorum|\byönlendir|\bпересилаю"
    r"|أحيل|أعيد توجيه",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True, slots=True)
class SplitText:
    """A text in its three parts, each a sequence of the original lines; `forwarded` when it passes mail on."""

    new: str
    quoted: str
    signature: str
    forwarded: bool


@dataclass(frozen=True, slots=True)
class _History:
    """Where older mail is announced: the lines start … end hold the announcement, end is the first below."""

    kind: marks.MarkKind
    start: int
    end: int


def strip_to_new_text(text: str, subject: str = "") -> tuple[str, str]:
    """The writer's own new text and the quoted text. Lines are dropped, never changed."""
    parts = split_text(text, subject)
    return parts.new, parts.quoted


def split_text(text: str, subject: str = "") -> SplitText:
    """Part a whole text; the subject tells a reply (Re:) from a forwarded mail (Fwd:) where the text does not.

    A forwarded mail counts as the writer's text when what stands above it only passes it on.
    """
    return _split(text, subject, MAX_FORWARDS)


def _split(text: str, subject: str, forwards_left: int) -> SplitText:
    lines = text.split("\n")
    quoted, history = _mark(lines)
    kept, cut = cut_signature(_gaps_blank(lines, quoted))
    new, older = _join(kept), _join([line for line, is_old in zip(lines, quoted, strict=True) if is_old])
    plain = SplitText(new, older, _join(cut), forwarded=False)
    if history is None or not forwards_left or not _is_forward(history, new, subject):
        return plain
    if not only_passes_on(kept):
        return SplitText(new, older, plain.signature, forwarded=True)
    body, older_lines = _forwarded_body(lines, quoted, history)
    inner = _split("\n".join(body), "", forwards_left - 1)
    return SplitText(
        new=_join([new, "", inner.new]),
        quoted=_join([*older_lines, inner.quoted]),
        signature=_join([plain.signature, inner.signature]),
        forwarded=True,
    )


def _join(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\r\n").rstrip() if any(line.strip() for line in lines) else ""


def _gaps_blank(lines: Sequence[str], quoted: Sequence[bool]) -> list[str]:
    """The new lines, with one blank line where quoted ones stood, so that no sentence runs across."""
    kept: list[str] = []
    in_gap = False
    for number, line in enumerate(lines):
        if not quoted[number] and not (in_gap and not line.strip()):
            kept.append(line)
            in_gap = False
        elif quoted[number] and not in_gap:
            in_gap = True
            if kept and kept[-1].strip():
                kept.append("")
    return kept


def _mark(lines: Sequence[str]) -> tuple[list[bool], _History | None]:
    """Which lines are older mail, and the announcement that decides whether this is a forwarded mail."""
    quoted = [marks.is_marked(line) for line in lines]
    if sum(quoted) == 1 and re.match(r"\d", marks.unmarked(lines[quoted.index(True)])):
        # "> 50 bezoekers" means more than fifty.
        quoted = [False] * len(lines)
    forwarded = _forward_in_quotes(lines, quoted)
    number = 0
    while number < len(lines):
        history = None if quoted[number] else _history_at(lines, number)
        if history is None:
            number += 1
            continue
        quoted[history.start : history.end] = [True] * (history.end - history.start)
        if not _quoted_below(lines, history.end):
            quoted[history.end :] = [True] * (len(lines) - history.end)
            return quoted, forwarded or history
        forwarded = forwarded or (history if history.kind != "reply" else None)
        number = history.end
    return _with_wrapped_rests(lines, quoted), forwarded


def _quoted_below(lines: Sequence[str], number: int) -> bool:
    """Whether the next line with text carries a quote sign, so that its writer's own lines can be told apart."""
    below = next((line for line in lines[number : number + 10] if line.strip()), None)
    return below is not None and marks.is_marked(below)


def _forward_in_quotes(lines: Sequence[str], quoted: Sequence[bool]) -> _History | None:
    """Apple Mail puts the words "Begin doorgestuurd bericht" themselves behind quote signs."""
    first = next((number for number, is_old in enumerate(quoted) if is_old and lines[number].strip("> \t\r")), None)
    if first is None or marks.separator(marks.bare(marks.unmarked(lines[first]))) != "forward":
        return None
    below = [marks.unmarked(line) for line in lines[first + 1 : first + _MAX_LABEL_LINES]]
    return _History("forward", first, first + 1 + _labels(below, known_only=False)[0])


def _with_wrapped_rests(lines: Sequence[str], quoted: list[bool]) -> list[bool]:
    """Count the tail of a quoted line that a mail program has wrapped without repeating the quote sign."""
    for number in range(1, len(lines) - 1):
        line, above = lines[number].strip(), lines[number - 1].strip()
        if quoted[number] or not (quoted[number - 1] and quoted[number + 1]) or not line:
            continue
        if line[0].islower() and len(above) >= _WRAPPED_FROM and above[-1] not in ".?!:;":
            quoted[number] = True
    return quoted


def _history_at(lines: Sequence[str], number: int) -> _History | None:
    line = marks.bare(lines[number])
    if not line:
        return None
    kind = marks.separator(line)
    if kind is not None:
        return _History(kind, number, _end_of_labels(lines, number + 1, known_only=False))
    if marks.has_labels_on_one_line(line):
        return _History("original", number, number + 1)
    if marks.is_underscores(line):
        count, names = _labels(lines[number + 1 : number + 1 + _MAX_LABEL_LINES], known_only=False)
        return _History("original", number, number + 1 + count) if len(names) >= 2 else None
    if marks.label_of(line) == "from":
        return _copied_header(lines, number)
    return _reply_line(lines, number) if line.endswith((":", "：")) else None


def _copied_header(lines: Sequence[str], number: int) -> _History | None:
    """Outlook copies the header without any rule above it: From with Sent, with Subject, or with Date and To."""
    if number and lines[number - 1].strip():
        return None
    count, names = _labels(lines[number : number + _MAX_LABEL_LINES], known_only=True)
    if "sent" in names or "subject" in names or {"date", "to"} <= names:
        return _History("original", number, number + count)
    return None


def _end_of_labels(lines: Sequence[str], number: int, *, known_only: bool) -> int:
    return number + _labels(lines[number : number + _MAX_LABEL_LINES], known_only=known_only)[0]


def _labels(lines: Sequence[str], *, known_only: bool) -> tuple[int, set[str]]:
    """How many lines a copied header takes from the first line on, and which labels it has."""
    end, names, unknown = 0, set[str](), 0
    for number, line in enumerate(lines):
        text = marks.bare(line)
        name = marks.label_of(text) if text else None
        if name is None and text and not known_only and not names and marks.looks_like_label(text):
            unknown += 1
            end = number + 1
        elif name is not None:
            names.add(name)
            end = number + 1
        elif number - end >= 2 or (not text and names and not _label_below(lines, number)):
            break
    return end, names | {f"unknown {count}" for count in range(unknown)}


def _label_below(lines: Sequence[str], number: int) -> bool:
    return number + 1 < len(lines) and marks.label_of(marks.bare(lines[number + 1])) is not None


def _reply_line(lines: Sequence[str], number: int) -> _History | None:
    """The announcement that ends at this line; mail programs wrap it over up to three lines."""
    below = _quoted_below(lines, number + 1)
    for first in range(number, max(number - 3, -1), -1):
        if not lines[first].strip() or marks.is_marked(lines[first]):
            break
        whole = marks.bare(" ".join(line.strip() for line in lines[first : number + 1]))
        if marks.is_sure_reply_line(whole) or (below and marks.is_reply_line(whole)):
            return _History("reply", first, number + 1)
    if below and marks.may_announce(marks.bare(lines[number])):
        return _History("reply", number, number + 1)
    return None


def _is_forward(history: _History, top: str, subject: str) -> bool:
    if history.kind == "forward":
        return True
    if history.kind == "reply" or _REPLY_SUBJECT.match(subject):
        return False
    return bool(_FORWARD_SUBJECT.match(subject)) or not top


def only_passes_on(top: Sequence[str]) -> bool:
    """Whether the lines above a forwarded mail only pass it on, and hold no question of their own."""
    before_closing: list[str] = []
    for line in top:
        if is_closing(line):
            break
        before_closing.append(line)
    said = " ".join(" ".join(before_closing).split())
    if len(said.split()) <= 3:
        return True
    if not _PASSING_ON.search(said):
        return False
    others = [sentence for sentence in _SENTENCE.findall(said) if not _PASSING_ON.search(sentence)]
    return not any("?" in sentence for sentence in others) and len(" ".join(others).split()) <= _LONGEST_ASIDE


def _forwarded_body(lines: Sequence[str], quoted: Sequence[bool], history: _History) -> tuple[list[str], list[str]]:
    """The lines of the forwarded mail, one quote sign taken off if it has them, and the other old lines."""
    below = range(history.end, len(lines))
    marked = _quoted_below(lines, history.end)
    inside = [number for number in below if not marked or marks.is_marked(lines[number])]
    old = sorted({number for number, is_old in enumerate(quoted) if is_old} - set(inside))
    body = [re.sub(r"^\s*> ?", "", lines[number]) if marked else lines[number] for number in inside]
    return body, [lines[number] for number in old]
