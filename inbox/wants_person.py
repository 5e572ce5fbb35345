"""Whether somebody asks for a person, or whether a machine is writing; what a question is about is not read here."""

import re

from inbox.folding import bare

MOST_WORDS = 25
"""A longer message tells what it is about: then that counts, and a person is asked for in passing."""

_PERSON = re.compile(
    r"""\b(?:
    (?:spreek|spreken|praten|bellen|contact|chatten)\b.{0,25}\b(?:mens|medewerker|echte?\s(?:persoon|iemand))
    |(?:mens|medewerker|echte?\s(?:persoon|iemand))\b.{0,25}\b(?:spreken|praten|bellen|aan\sde\slijn|contact|chatten)
    |(?:ben|is|bent)\s(?:jij|je|u|dit|er)\b.{0,15}\b(?:robot|computer|chatbot|bot|mens|ai)
    |(?:speak|talk|chat)\s(?:to|with)\b.{0,12}\b(?:human|person|employee)|real\s(?:human|person)
    |are\syou\s(?:an?\s)?(?:robot|bot|chatbot|computer|human|ai|machine)
    |rozmawiac\sz\s(?:\w+\s)?(?:czlowiekiem|osoba|pracownikiem)|jestes\s(?:robotem|botem|czlowiekiem)
    |(?:insanla|gercek\sbiriyle|yetkiliyle|calisanla)\s(?:konus|gorus)\w*|robot\smusun\w*|insan\smisin\w*
    |(?:поговорити|говорити)\sз\s(?:\w+\s)?(?:людиною|працівником)|(?:ти|ви)\s(?:робот|бот|людина)
    |(?:التحدث|اتحدث|اتكلم)\s(?:مع|الي)\s(?:شخص|انسان|موظف)|هل\s(?:انت|هذا)\s(?:روبوت|انسان|الي)
    )\b""",
    re.VERBOSE,
)


def wants_person(text: str) -> bool:
    """Whether a short message asks to speak with a person, or asks whether a person reads it."""
    return len(text.split()) <= MOST_WORDS and _PERSON.search(bare(text)) is not None
