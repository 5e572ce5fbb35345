"""Whether our own mail server vouches for senders: that it is named, and that mail which came in bears its name."""

from datetime import UTC, datetime, timedelta

from bot.health.looking import Finding
from bot.health.settings_checks import is_trial
from bot.installation import open_store
from bot.settings import Settings
from bot.store import messages
from inbox.authentication import checked_by

LAST_DAYS = timedelta(days=3)
MOST_MAILS = 50


def vouching(settings: Settings) -> list[Finding]:
    """Whether mail that came in shows what our server found out about its sender. Trusts no name but that of a person.

    The name in a mail is never told: where our own server writes no header, the topmost one is the sender's.
    """
    own = settings.mail.authserv_id.strip()
    if not own:
        if not settings.imap.host or is_trial(settings):
            return []
        what = "Afzenders: niet ingesteld welke mailserver ze controleert (mail.authserv_id)."
        return [Finding("vouching", False, what, NAME_IT)]
    with open_store(settings) as db:
        heads = messages.heads_of_mail(db, datetime.now(UTC) - LAST_DAYS, MOST_MAILS)
    if not heads:
        return [Finding("vouching", True, f"Afzenders: {own} controleert ze; er kwam de laatste dagen geen mail.")]
    count = sum(checked_by(head) == own.casefold() for head in heads)
    what = f"Afzenders: {count} van de laatste {len(heads)} mails dragen bovenaan de controle van {own}."
    return [Finding("vouching", 2 * count >= len(heads), what, LOOK_AT_IT)]


NAME_IT = (
    "Zet mail.authserv_id op de naam waarmee je eigen mailserver zijn controle ondertekent (docs/beheer.md, 'Wie er"
    " echt mailde'). Zonder die naam kan wie een brief meelas, uit naam van een adviseur besluiten."
)
LOOK_AT_IT = (
    "Kijk in een mail die binnenkwam naar het eerste woord achter de bovenste Authentication-Results. Is dat niet je"
    " eigen server, laat hem die regel dan schrijven; heet hij anders, verander mail.authserv_id. Tot dan tellen"
    " besluiten per mail niet."
)
