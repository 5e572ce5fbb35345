"""Whether somebody says that a question that had stopped goes on after all: "toch verder", "pak het weer op"."""

import re

from inbox.folding import bare

_ON = re.compile(
    r"""\b(?:
    (?:gaan?|ga|wil(?:len)?|kun(?:nen)?|kan|mag|mogen|zou(?:den)?|zal|zullen|graag|toch|wel|weer)\b.{0,40}\b(?:verder|door(?:gaan)?)
    |verder\b.{0,15}\b(?:gaan|graag|met\b.{0,25}\b(?:vraag|aanvraag|plan|initiatief|project|zoek\w*))|ga(?:an)?\b.{0,12}\bdoor
    |(?:weer|opnieuw|toch|alsnog)\b.{0,15}\b(?:op(?:pakken|nemen|starten)|open(?:en)?|heropen\w*|hervat\w*|oppakt|op\ste\spakken)
    |pak(?:ken|t)?\b.{0,40}\b(?:weer|toch|alsnog|graag)\b.{0,12}\bop|(?:her(?:open|start|vat)\w*)
    |niet\s(?:stoppen|afsluiten|afronden|sluiten)|niet\b.{0,15}\bgestopt|stop(?:pen)?\b.{0,15}\bniet
    |(?:nog\ssteeds|nog|alsnog|toch|wel\sdegelijk)\b.{0,20}\b(?:hulp|interesse|belangstelling|nodig|geinteresseerd)
    |carry\son|go\son\swith|continue|proceed|re-?open|pick\b.{0,20}\bup\sagain|move\sforward|still\b.{0,12}\b(?:need|want|interested)
    |keep\sgoing|(?:don't|dont|do\snot)\s(?:stop|close)
    |kontynuowa\w*|kontynuujmy|chcemy\sdalej|dalej\schc\w*|wznow\w*|nadal\b.{0,20}\b(?:potrzebuj\w*|chc\w*)
    |devam\b.{0,12}\b(?:et\w*|edelim|ediyor\w*)|yeniden\sac\w*|hala\b.{0,20}\bist\w*
    |продовж\w*|відновит\w*|відкрийте\sзнову|досі\b.{0,15}\b(?:потреб\w*|хоч\w*)
    |نكمل|نواصل|المتابعه|نتابع|متابعه|الاستمرار|نستمر|اعاده\sفتح
    )(?!\w)""",
    re.VERBOSE,
)
_NOT = re.compile(
    r"""\b(?:niet|geen|nooit|zelf|zonder|gevonden|iemand\sanders|no\slonger|not|don't|dont|without|nie|istemiyor\w*|etmiyor\w*
    |не|без|لا|لن)\b""",
    re.VERBOSE,
)
_NOT_STOPPING = re.compile(
    r"""\bniet\s(?:stoppen|afsluiten|afronden|sluiten)|niet\b.{0,15}\bgestopt|stop(?:pen)?\b.{0,15}\bniet
    |\b(?:don't|dont|do\snot)\s(?:stop|close)""",
    re.VERBOSE,
)
_ASKS_HOW = re.compile(r"^(?:en\s)?(?:hoe|wanneer|how|when|jak|kiedy|nasil|ne zaman|як|коли|كيف|متى)\b")
_CLAUSE_END = re.compile(r"[.!?;,:؟،\n]+|\b(?:maar|but|ale|ama|але|لكن)\b")

_FEW = 2


def goes_on(text: str) -> bool | None:
    """True for words that it goes on; False where these few words say that it does not; None for all else.

    Asking how it goes on is another thing, and longer words may answer something as well.
    """
    clauses = [each.strip() for each in _CLAUSE_END.split(bare(text)) if each.strip()]
    found = [each for each in clauses if _ON.search(each) and not _ASKS_HOW.search(each)]
    if not any(_NOT.search(each) and not _NOT_STOPPING.search(each) for each in found):
        return True if found else None
    return False if len(clauses) <= _FEW else None
