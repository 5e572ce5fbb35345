"""How mail programs announce the older mail below a reply; what is done with that belongs in quotes.py.

One table for every language: the word for "wrote", the separators, and the labels of a copied header.
"""

import re
from typing import Literal

MarkKind = Literal["reply", "original", "forward"]

MAX_LINE = 400
"""Longer lines are never an announcement; this also bounds what a hostile line can cost."""

_DATE = r"\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d\d\b|\b\d{1,2}[-/.]\d{1,2}\b|[٠-٩]"
_ADDRESS = r"\S@\S"

# "On … X wrote:", with a day or a time in it. Start and end of the line both count.
_REPLY_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"op .{3,}\b(?:schreef|schreven)\b.*:",
        r"op .{3,}\bheeft\b.*\bgeschreven:",
        r".{2,}\bschreef op\b.{2,}:",
        r".{2,}\b(?:heeft|schreef)\b.*\bhet volgende(?: geschreven)?:",
        r"(?:on|at) .{3,}\bwrote:",
        r".{2,}\bwrote on\b.{2,}:",
        r"am .{3,}\bschrieb\b.*:",
        r".{2,}\bschrieb am\b.{2,}:",
        r"le .{3,}\ba écrit\s?:",
        r"el .{3,}\bescribió:",
        r"em .{3,}\bescreveu:",
        r"il .{3,}\bha scritto:",
        r"den .{3,}\bskrev\b.*:",
        r"w dniu .{3,}\b(?:pisze|napisał|napisała|napisał\(a\)|napisał/a):",
        r".{6,}\b(?:napisał\(a\)|napisał|napisała|pisze):",
        r"wiadomość napisana przez .{3,}:",
        r".{6,}\btarihinde\b.*\b(?:yazdı|yazmış):",
        r".{6,}(?:пише|написав|написала|написав\(ла\)|пишет|написал|написала|написал\(а\)):",
        r"(?:في|بتاريخ|يوم) .{3,}(?:كتب|كتبت|كتابة ما يلي بواسطة|كتب/ت).*:",
    )
)
# Without a day or a time it may be a sentence of the writer: only believed with quoted lines below it.
_NAMED_REPLY = re.compile(
    r".{2,80}\b(?:schreef|schreven|wrote|schrieb|vroeg|pisze|napisał|napisała|napisał\(a\)|yazdı)\b[^.!?]{0,60}:",
    re.IGNORECASE,
)

_ORIGINAL = (
    r"oorspronkelijk(?:e)? (?:bericht|afspraak)|origineel bericht|original (?:message|appointment)"
    r"|urspr(?:ü|ue)ngliche nachricht|originalnachricht|message d'origine|mensaje original"
    r"|messaggio originale|(?:oryginalna wiadomość|wiadomość oryginalna)|orijinal (?:mesaj|ileti)|özgün ileti"
    r"|ursprungligt meddelande|оригінальне повідомлення|исходное сообщение|الرسالة الأصلية"
)
_FORWARD = (
    r"(?:begin )?doorgestuurd(?:e)? (?:bericht|e-?mail)|(?:begin )?forwarded message|doorgezonden bericht"
    r"|(?:anfang der )?weitergeleitete(?:n)? (?:nachricht|e-?mail)|message transféré|mensaje reenviado"
    r"|messaggio inoltrato|wiadomość przekazana|przekazana wiadomość|(?:treść )?przekazanej wiadomości"
    r"|iletilen (?:mesaj|ileti)|yönlendirilen (?:mesaj|ileti)|переслане повідомлення|пересланное сообщение"
    r"|пересылаемое сообщение|(?:ال)?رسالة (?:ال)?(?:معاد|مُعاد) توجيهها"
)
_SEPARATOR_WORDS: tuple[tuple[MarkKind, str], ...] = (("original", _ORIGINAL), ("forward", _FORWARD))
_RULE = r"[-–—_*=]{2,}"
_SEPARATORS: tuple[tuple[MarkKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"{_RULE}\s*(?:{words})\s*:?\s*{_RULE}|(?:{words})\s*:", re.IGNORECASE))
    for kind, words in _SEPARATOR_WORDS
)
_UNDERSCORES = re.compile(r"_{20,}")

_LABELS: dict[str, str] = {
    "from": r"van|from|von|de|da|från|fra|od|kimden|gönderen|від|от|від кого|от кого|من|expéditeur",
    "sent": r"verzonden|sent|gesendet|envoyé|enviado(?: el)?|inviato|wysłan[oey]|gönderildi|gönderme tarihi"
    r"|надіслано|отправлено|تم الإرسال|أرسلت|skickat",
    "date": r"datum|date|data|fecha|tarih|дата|التاريخ|تاريخ",
    "to": r"aan|to|an|à|para|a|till|til|do|kime|кому|إلى",
    "copy": r"cc|bcc|kopie|kopia|dw|udw|bilgi|копія|копия|نسخة|نسخة إلى",
    "subject": r"onderwerp|subject|betreff|objet|asunto|oggetto|ämne|temat|konu|тема|الموضوع|betreft",
    "other": r"importance|urgentie|prioriteit|priority|bijlagen?|attachments?|antwoord aan|reply-to|antwort an",
}
_LABEL = re.compile(
    r"[*_\s]{0,4}(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items()) + r")\s?:[*_]*(?:\s|$)",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(r"[*_\s]{0,4}[^\W\d_][^\s:]{0,20}(?: [^\s:]{1,15})?\s?:[*_]*\s+\S")
_LABELS_ON_ONE_LINE = re.compile(
    r"[*\s]*(?:van|from|von):.{3,200}\b(?:verzonden|sent|gesendet):.{3,200}\b(?:onderwerp|subject|betreff):",
    re.IGNORECASE,
)
_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u00a0]")


def bare(line: str) -> str:
    """A line as patterns see it: without direction marks and outer spaces."""
    return _MARKS.sub(" ", line).strip() if len(line) <= MAX_LINE else ""


def is_marked(line: str) -> bool:
    """Whether a line carries the quote sign itself."""
    return line.lstrip(" \t\u200e\u200f").startswith(">")


def unmarked(line: str) -> str:
    """The line without its quote signs, however many, still a substring of it."""
    return line.lstrip(" \t>\u200e\u200f") if is_marked(line) else line


def is_reply_line(line: str) -> bool:
    """Whether a whole line says who wrote what stands below, and when."""
    if not re.search(f"{_DATE}|{_ADDRESS}", line):
        return False
    return any(pattern.fullmatch(line) for pattern in _REPLY_LINES)


def is_sure_reply_line(line: str) -> bool:
    """As is_reply_line, so complete (a time or an address) that no quote signs are needed below it."""
    return is_reply_line(line) and bool(re.search(rf"\d{{1,2}}[:.]\d{{2}}|[٠-٩]{{1,2}}:[٠-٩]{{2}}|{_ADDRESS}", line))


def may_announce(line: str) -> bool:
    """Whether a line right above quoted lines announces them, in words we know or in none we know."""
    if _NAMED_REPLY.fullmatch(line) or any(pattern.fullmatch(line) for pattern in _REPLY_LINES):
        return True
    return line.endswith(":") and bool(re.search(r"<\S+@\S+>|\d{1,2}:\d{2}", line))


def separator(line: str) -> MarkKind | None:
    """The kind of separator a whole line is, such as -----Oorspronkelijk bericht-----."""
    for kind, pattern in _SEPARATORS:
        if pattern.fullmatch(line):
            return kind
    return None


def is_underscores(line: str) -> bool:
    """Whether a line is the rule that Outlook draws above the older mail."""
    return bool(_UNDERSCORES.fullmatch(line))


def label_of(line: str) -> str | None:
    """Which header a line such as "Verzonden: maandag" copies: from, sent, date, to, copy, subject, other."""
    found = _LABEL.match(line)
    return found.lastgroup if found else None


def looks_like_label(line: str) -> bool:
    """Whether a line has the form of a header in any language; only believed below a separator."""
    return bool(_ANY_LABEL.match(line))


def has_labels_on_one_line(line: str) -> bool:
    """Whether a converter has put a whole copied header on one line."""
    return bool(_LABELS_ON_ONE_LINE.match(line))
