"""What stands under a text without being part of it: contact details, disclaimers, "sent from my phone".

Nothing a person may have meant is cut: a name, an organisation or a place under a closing stays in the text
(it often is the only place where the village is told), and so does every sentence and every P.S.
"""

import re
from collections.abc import Sequence

_MAX_LINE = 300
_MAX_NOTICE = 2_000
_MAX_BLOCK_LINES = 15
_MAX_BLOCK_LETTERS = 1_200

_CLOSING = re.compile(
    r"(?:met |de |een |en |vele? |hele |namens ons allen )*(?:[\w-]+e )?[\w-]{0,15}groet(?:en|jes|end)?\b.{0,40}"
    r"|(?:m\.?\s?v\.?\s?g|vr\.?\s?gr|gr|grt|grtz|mvg)\b\.?,?.{0,40}"
    r"|(?:met de meeste )?hoogachting.{0,10}|hoogachtend.{0,10}|(?:houdoe|toedels|doei|liefs)\b.{0,30}"
    r"|(?:(?:with |my )?(?:kind|best|warm|kindest|warmest|many) )?(?:regards|wishes)\b.{0,30}"
    r"|(?:yours )?(?:sincerely|faithfully|truly)\b.{0,30}|cheers\b.{0,30}|best,|thanks,|many thanks,"
    r"|(?:mit )?(?:freundliche|viele|liebe|beste|herzliche)[nr]? (?:gr(?:ü|ue)(?:ß|ss)e?n?)\b.{0,30}"
    r"|gruß\b.{0,30}|mfg\b.{0,30}"
    r"|(?:serdecznie )?pozdrawiam\w*.{0,30}|z poważaniem.{0,30}|pozdrowienia.{0,30}"
    r"|(?:iyi günler|sevgiler|selamlar|saygılar)\w*.{0,30}|saygılarımla.{0,30}"
    r"|(?:مع )?(?:أطيب )?(?:ال)?تحي(?:ة|ات|اتي).{0,30}|[зс] (?:повагою|найкращими побажаннями|уважением).{0,30}"
    r"|(?:bien )?cordialement.{0,30}|saludos.{0,30}",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"(?:p\.?\s?s|n\.?\s?b)\b\.?\s*[:.)-]?\s*\S", re.IGNORECASE)

# The whole line has to be such a phrase; "verstuurd vanaf mijn iPhone" inside a sentence stays.
_DEVICE = re.compile(
    r"(?:verstuurd|verzonden|gestuurd) (?:vanaf|vanuit|met|via|door)(?: mijn| een| de)? .{0,40}"
    r"(?:iphone|ipad|ios|android|samsung|galaxy|outlook|telefoon|mobiel\w*|smartphone|tablet|mail|gmail|huawei|xiaomi).{0,30}"
    r"|(?:outlook voor|download|krijg|haal) .{0,20}(?:ios|android|outlook).{0,30}"
    r"|sent (?:from|with|via|using) .{0,60}|get outlook for .{0,30}|get bluemail for .{0,30}"
    r"|(?:von meinem|gesendet (?:von|mit)|diese nachricht wurde von meinem) .{0,60}"
    r"|wysłan[eo] z .{0,60}|envoyé (?:de|depuis) .{0,60}|enviado desde .{0,60}"
    r"|.{0,25}(?:iphone|ipad|android|samsung|outlook).{0,25}gönderildi"
    r"|(?:надіслано|відправлено|отправлено) (?:з|із|с) .{0,60}|(?:أُرسلت|أرسلت|تم الإرسال) من .{0,60}"
    r"|(?:yahoo|proton) ?mail .{0,60}|virusvrij\. ?www\.avast\.\w+|virus-free\. ?www\.avast\.\w+",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!…]['\")]*$")

# How a paragraph begins that a mail system or a lawyer has put there.
_NOTICE = re.compile(
    r"(?:disclaimer|vertrouwelijkheidsverklaring|confidentiality notice)\b"
    r"|aan (?:dit|deze|de inhoud van).{0,60} geen rechten worden ontleend"
    r"|(?:denk aan|spaar) het milieu|(?:please )?(?:consider|think of) the environment|bedenk voordat u deze"
    r"|\W*(?:let op|pas op|caution|warning|externe? (?:e-?mail|bericht)|\[?extern(?:al|e)?\b).{0,80}"
    r"\b(?:buiten (?:de|onze|uw|het)|outside (?:of )?(?:the|your|our)|externe? afzender|external sender)"
    r"|(?:u|je) ontvangt niet vaak e-?mail van|some people who received|you don't often get",
    re.IGNORECASE,
)
# People call their own mail confidential too, so these need the lawyers' words as well.
_CONFIDENTIAL = re.compile(
    r"(?:de (?:informatie|inhoud)|dit (?:e-?mail)?bericht|deze (?:e-?mail|mail))\b"
    r"|(?:this|the) (?:e-?mail|message|information)\b|(?:indien|als|wanneer|mocht) u\b|if you\b"
    r"|diese (?:e-?mail|nachricht)\b",
    re.IGNORECASE,
)
_LAWYERS_WORDS = re.compile(
    r"\buitsluitend (?:bestemd|bedoeld)|\balleen bestemd|\bbeoogde ontvanger|\bgeadresseerde|\bten onrechte"
    r"|\babusievelijk|\bverspreiding\b|\bintended (?:solely|only|recipient|for the)|\baddressee|\bprivileged"
    r"|\bbestimmte[nr]? empfänger",
    re.IGNORECASE,
)
_GREETING = re.compile(r"(?:beste|geachte|hallo|hoi|dag|goede\w+|dear|hi|hello|lieve)\b", re.IGNORECASE)

_CONTACT = re.compile(
    r"(?:\+\d{2}|\b0)[\d\s().\-–/]{7,16}\d|\S+@\S+\.\w+|https?://\S+|\bwww\.\S+|\[cid:[^\]]*\]|<mailto:[^>]*>"
    r"|\b\d{4}\s?[A-Z]{2}\b|\b[Pp]ostbus \d+|\bNL\d{2}\s?[A-Z]{4}[\d ]{8,14}"
    r"|\b(?:kvk|btw|rsin|iban|bic|anbi)\b[-\s.:]*(?:nr|nummer)?[\s.:]*[A-Z]{0,4}\d[\w. ]*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:[tmewia]\s?[:|]|(?:tel|mob)\s?[.:]|(?:tel|mob|fax|mobiel|telefoon|mail|e-?mail|website|web|adres|bezoekadres"
    r"|postadres|kvk|phone|mobile|address)\s?[:|])\s*",
    re.IGNORECASE,
)
_DAYS = (
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:en|ochtend|middag)?s?|ma|di|wo|do|vr|en|t/m|tot|uur"
    r"|\d{1,2}(?:[:.]\d\d)?"
)
_WORKING_DAYS = re.compile(
    r"(?:(?:mijn )?(?:werkdagen|werktijden|openingstijden)(?: zijn)?|(?:niet )?(?:aanwezig|bereikbaar|werkzaam)(?: op)?"
    r"|ik (?:ben|werk)(?: niet| alleen)?(?: aanwezig| bereikbaar| werkzaam)? op|working days|office hours)"
    rf"\s*:?\s*(?:(?:{_DAYS})[\s,.&/–-]*)+",
    re.IGNORECASE,
)
_FOLLOW_US = re.compile(r"(?:volg (?:ons|mij)|follow us)(?: ook)? (?:op|via|on) [\w ,&/]{3,60}", re.IGNORECASE)
_SMALL_WORDS = frozenset(
    {"van", "de", "der", "den", "ten", "ter", "te", "en", "het", "in", "op", "bij", "tel", "mob", "mobiel", "telefoon"}
    | {
        "fax",
        "mail",
        "e-mail",
        "email",
        "website",
        "web",
        "kvk",
        "btw",
        "nr",
        "kantoor",
        "bezoekadres",
        "postadres",
        "adres",
    }
)


def cut_signature(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part lines into (what the writer said, what only stands under or around it), both in their order."""
    cut = _notice_lines(lines) | _device_lines(lines)
    rest = [number for number in range(len(lines)) if number not in cut]
    cut |= _delimited_lines(lines, rest)
    rest = [number for number in rest if number not in cut]
    cut |= _contact_lines(lines, rest)
    kept = [line for number, line in enumerate(lines) if number not in cut]
    return kept, [lines[number] for number in sorted(cut)]


def is_closing(line: str) -> bool:
    """Whether a line closes a letter: "Met vriendelijke groet," with or without a name behind it."""
    line = line.strip()
    return len(line) <= 60 and bool(_CLOSING.fullmatch(line))


def is_contact(line: str) -> bool:
    """Whether a line holds contact details and next to nothing else: "bel me eerst op 06…" is a sentence."""
    line = line.strip()
    if not line or len(line) > _MAX_LINE or "?" in line:
        return False
    if _WORKING_DAYS.fullmatch(line) or _FOLLOW_US.fullmatch(line):
        return True
    rest, found = _CONTACT.subn(" ", _LABEL.sub("", line, count=1))
    words = [word.strip(".,:;|()–-") for word in rest.split()]
    talks = any(word[:1].islower() and word not in _SMALL_WORDS for word in words)
    return (found > 0 or bool(_LABEL.match(line))) and not talks and len(words) <= 8


def _device_lines(lines: Sequence[str]) -> set[int]:
    return {
        number
        for number, line in enumerate(lines)
        if len(line) <= _MAX_LINE and _DEVICE.fullmatch(line.strip(" \t\r.<>_*"))
    }


def _notice_lines(lines: Sequence[str]) -> set[int]:
    """Whole paragraphs that are a notice; a greeting in one shows that the writer's text begins there."""
    found: set[int] = set()
    for paragraph in _paragraphs(lines):
        greeting = next((at for at, number in enumerate(paragraph) if _GREETING.match(lines[number].strip())), None)
        block = paragraph[:greeting]
        text = " ".join(lines[number].strip(" \t\r*_") for number in block)[:_MAX_NOTICE]
        is_notice = _NOTICE.match(text) or (_CONFIDENTIAL.match(text) and _LAWYERS_WORDS.search(text))
        if is_notice and "?" not in text:
            found.update(block)
    return found


def _paragraphs(lines: Sequence[str]) -> list[list[int]]:
    """The numbers of the lines, grouped between blank lines."""
    groups: list[list[int]] = [[]]
    for number, line in enumerate(lines):
        if line.strip():
            groups[-1].append(number)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _delimited_lines(lines: Sequence[str], rest: Sequence[int]) -> set[int]:
    """Everything below a signature delimiter (RFC 3676, "-- "), if it is no longer than a signature is."""
    block: list[int] = []
    found: set[int] = set()
    for number in reversed(rest):
        if lines[number].rstrip() == "--":
            found = {number, *_before_postscript(lines, block[::-1])}
        if lines[number].strip():
            block.append(number)
        if len(block) > _MAX_BLOCK_LINES or sum(len(lines[below]) for below in block) > _MAX_BLOCK_LETTERS:
            break
    return found


def _before_postscript(lines: Sequence[str], block: Sequence[int]) -> list[int]:
    for position, number in enumerate(block):
        if _POSTSCRIPT.match(lines[number].strip()):
            return list(block[:position])
    return list(block)


def _contact_lines(lines: Sequence[str], rest: Sequence[int]) -> set[int]:
    """Under the last closing: from the first line of contact details to the last, but no sentences."""
    closings = [position for position, number in enumerate(rest) if is_closing(lines[number])]
    if not closings:
        return set()
    below = _before_postscript(lines, [number for number in rest[closings[-1] + 1 :] if lines[number].strip()])
    contact = [number for number in below if is_contact(lines[number])]
    if not contact:
        return set()
    between = (number for number in below if contact[0] <= number <= contact[-1])
    return {number for number in between if number in contact or not _reads_as_sentence(lines[number])}


def _reads_as_sentence(line: str) -> bool:
    words = len(line.split())
    return "?" in line or words >= 8 or (words >= 4 and bool(_SENTENCE_END.search(line.strip())))
