"""Whether an adviser's reason for a no speaks about the subject of the question; what to learn of it is not decided."""

import re

REASONS = ("too_busy", "no_fit", "other_region", "conflict", "already_in_contact")
"""The reasons that have a code; any other is told in own words."""
SUBJECT_CODE = "no_fit"
"""The reason as a code, where a page or an older release kept one."""

# The expert knows something else than what was asked.
_SUBJECT = re.compile(
    r"\b(?:verkeerd|ander|anders|onjuist)\w*\s+(?:onderwerp|thema|vakgebied|terrein|expertise|deskundigheid|specialisme)"
    r"|\bpas(?:t|sen)?\s+(?:echt\s+|helaas\s+|inhoudelijk\s+|hier\s+)?niet\s+(?:goed\s+)?bij\s+(?:de|deze|die|hun|haar|het)\s+"
    r"(?:vraag|onderwerp|behoefte|initiatief)"
    r"|\b(?:niet|geen)\s+(?:\w+\s+){0,3}(?:onderwerp|vakgebied|terrein|expertise|deskundigheid|specialisme|verstand)\b"
    r"|\b(?:vraag|onderwerp|dit)\s+(?:\w+\s+){0,2}(?:gaat|is)\s+(?:\w+\s+){0,3}(?:over\s+)?iets\s+anders\b"
    r"|\bweet\s+(?:hier\s+)?(?:te\s+)?(?:weinig|niets|niks)\s+(?:van|over)\b"
    r"|\b(?:wrong|different|other|another)\s+(?:subject|topic|field|expertise)\b"
    r"|\bnot\s+(?:\w+\s+){0,3}(?:subject|field|expertise|speciality|specialty)\b"
    r"|\b(?:does|do)(?:n'?t| not)\s+(?:fit|match|suit)\s+(?:\w+\s+)?(?:question|request)\b",
    re.IGNORECASE,
)
# Time, place, people: these say nothing about the subject, and make a reason that names both unclear.
_OTHER = re.compile(
    r"\b(?:te druk|(?:heel|erg|zo) druk|drukte|(?:geen|weinig|onvoldoende) (?:tijd|ruimte|plek|capaciteit)|vakantie"
    r"|verlof|ziek\w*|afwezig|weg tot|vol(?:geboekt)?|agenda|te ver|ver weg|regio|reis\w*|afstand|familie"
    r"|betrokken\w*|belangen\w*|bestuurslid|buur(?:man|vrouw)|al (?:contact|bezig|gesproken)|kennen elkaar|ken ik"
    r"|conflict\w*|ruzie|busy|no time|on leave|holiday|ill|sick|too far|region|travel|already in (?:contact|touch)"
    r"|related|involved)\b",
    re.IGNORECASE,
)


def wrong_subject(reason: str) -> bool:
    """Tell whether the reason is that the expert's subject is not the one asked about; in doubt it is not."""
    told = " ".join(reason.split())
    if told == SUBJECT_CODE:
        return True
    return bool(_SUBJECT.search(told)) and not _OTHER.search(told)


def without_words(reason: str) -> str:
    """What stays of a reason when nobody's words may stay: its code, SUBJECT_CODE where the words say so, or ""."""
    if reason in REASONS:
        return reason
    return SUBJECT_CODE if wrong_subject(reason) else ""
