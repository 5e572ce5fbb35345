"""Whether an answer only promises one: "ik zoek het uit", "we komen erop terug"; when it comes is not read here."""

import re

from inbox.asked import DONT_KNOW
from inbox.folding import bare

_LATER = re.compile(
    r"""\b(?:zoek(?:en)?\b.{0,20}\buit|uit(?:zoek\w*|\ste\szoeken)|na(?:vragen|vraag|gaan|kijken)|opzoeken
    |vra(?:ag|gen)\b.{0,20}\bna|kijk(?:en)?\b.{0,20}\bna|ga(?:an)?\b.{0,20}\bna
    |kom(?:en)?\b.{0,40}\bop\b.{0,12}\bterug|kom(?:en)?\b.{0,25}\b(?:er|hier|daar)op\sterug
    |la(?:at|ten)\b(?!.{0,12}\bons\b).{0,25}\bweten|hoor(?:t|en)?\b.{0,20}\bvan\s(?:ons|mij|me)
    |moet(?:en)?\b.{0,40}\b(?:vragen|overleggen|bespreken)|overleg(?:gen)?\b.{0,12}\b(?:eerst|even|nog|met)
    |vra(?:ag|gen)\shet\s(?:even|eerst|aan)|(?:stuur|mail|geef)\b.{0,20}\b(?:later|morgen|nog|binnenkort)
    |find\sout|look\sinto|get\sback|let\syou\sknow|(?:will|'ll|need\sto|have\sto)\s(?:check|ask)
    |sprawdz[eę]|dowiem|dam\sznac|odezwe|zapytam
    |дізнаю\w*|уточню|повідомлю|дам\sзнати|запитаю|перевірю
    |ogren(?:ip|ecegim)\w*|arastir\w*|soracag\w*|haber\sver\w*|donus\syap\w*|size\sdonec\w*
    |ساسال\w*|ساعود\w*|ساخبر\w*|ساتحقق\w*|ساتاكد\w*|سابحث\w*)\b""",
    re.VERBOSE,
)
_POLITE = re.compile(
    r"^(?:dank|bedankt|beste|hallo|hoi|dag|goede|geachte|met\b.{0,20}\bgroet|groet|alvast|sorry|thank|hello|dear|kind)"
    r"|\bgoede vraag\b|\bgood question\b"
)
_CLAUSE_END = re.compile(r"[.!?;,:؟،\n]+|\b(?:en|maar|dus|and|but|so|i|ale|ve|ama|та|і|але)\b")
_SAYS_NOTHING = 2
"""So few words between two commas hold no answer."""
_LONGEST = 12
"""A promise of more words than this tells something as well."""


def puts_off(text: str) -> bool:
    """Whether all that is said is that the answer comes later, with thanks or "I don't know" beside it at most."""
    clauses = [each.strip() for each in _CLAUSE_END.split(bare(text)) if each.strip()]
    later = [each for each in clauses if _LATER.search(each) and len(each.split()) <= _LONGEST]
    rest = [each for each in clauses if each not in later]
    return bool(later) and all(_says_nothing(each) for each in rest)


def _says_nothing(clause: str) -> bool:
    polite = _POLITE.search(clause) is not None or DONT_KNOW.search(clause) is not None
    return polite or len(clause.split()) <= _SAYS_NOTHING
