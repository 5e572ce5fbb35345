"""In which language somebody is written to: the letters of a case follow its initiator into another language.

Runs inside the transaction of its `Turn`. Which language words are in is told by inbox/language.py.
"""

from bot import proving
from bot.initiator.live import in_own_words
from bot.letters import DEFAULT_LANGUAGE, LANGUAGES
from bot.reading import Read
from bot.store import cases
from bot.turn import Turn

LEAST_WORDS, LEAST_OF_DEFAULT = 4, 8
"""So many words show a language; it takes more for Dutch, which words count as that show none."""


def follow(turn: Turn, read: Read) -> None:
    """Let the running cases of a writer go on in the language written now; a From line alone changes nothing."""
    message = read.message
    language = read.understood.language if read.understood is not None else ""
    least = LEAST_OF_DEFAULT if language == DEFAULT_LANGUAGE else LEAST_WORDS
    if language not in LANGUAGES or len(message.text.split()) < least or not in_own_words(message):
        return
    others = [case for case in cases.running_of(turn.db, message.sender) if case.language != language]
    if others and proving.is_proven(turn, message):
        for case in others:
            cases.speak(turn.db, case.id, language)
