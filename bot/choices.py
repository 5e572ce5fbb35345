"""What may be chosen under a letter, and what somebody chose; how it looks and what it does do not belong here."""

from dataclasses import dataclass

from bot.letters import LANGUAGES
from bot.reasons import words
from matcher.proposal import Case, Proposal

BEYOND_LANGUAGES = ("nl", "en")  # as in letters: who writes another language gets Dutch and then English


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a reader can choose under a letter, by a button in a chat or on the own page.

    `action` names what is done, `value` what with (both are code), `label` stands on the button. A choice that was
    made uses up all choices of its letter; one that `stays` does not, and may be made again.
    """

    action: str
    label: str
    value: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A choice that its holder made in time, with what it is about as it stands now."""

    action: str
    value: str
    case: Case | None
    proposal: Proposal | None
    holder: str


def choice_in(language: str, action: str, value: str = "", *, stays: bool = False) -> Choice:
    """A choice with the words of the table `choice` in a reader's language: code "action", or "action_value".

    Raises `UnknownWord` where there are none.
    """
    wanted = language.lower().partition("-")[0]
    code = f"{action}_{value}" if value else action
    labels = [words("choice", code, each) for each in ((wanted,) if wanted in LANGUAGES else BEYOND_LANGUAGES)]
    return Choice(action, " / ".join(dict.fromkeys(labels)), value, stays)


def consent_choices(language: str) -> tuple[Choice, Choice]:
    """Yes and no to sharing contact details, in the language of the case."""
    return choice_in(language, "consent", "yes"), choice_in(language, "consent", "no")
