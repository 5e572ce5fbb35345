"""A person in whose every message the canary stands, and how that person is erased; no tests live here."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from bot.outbox import send_one_letter
from bot.privacy import erasing
from bot.serving import way_out
from bot.store import scrubbing
from bot.story import Story
from tests.canary import CANARY
from tests.mails import ADDRESS, COMPLETE

OWN = f"{CANARY}@example.org"
PLANTED = COMPLETE.replace("Vessem", f"Vessem, wij heten Stichting {CANARY.capitalize()}").replace(
    "een verdienmodel", f"een verdienmodel voor {CANARY}"
)


def planted_mail(story: Story, text: str = PLANTED, subject: str = f"Winkel {CANARY}") -> bytes:
    """A mail with the canary in every field of it, and in an attachment."""
    letter = EmailMessage()
    letter["From"] = f'"Bewoner {CANARY}" <{OWN}>'
    letter["To"] = ADDRESS
    letter["Subject"] = subject
    letter["Date"] = format_datetime(story.now)
    letter["Message-ID"] = f"<{CANARY}.{story.now:%H%M%S}@example.org>"
    letter["X-Mailer"] = CANARY
    letter.set_content(text, cte="base64")
    letter.add_attachment(f"Verslag van {CANARY}\n", filename=f"{CANARY}.txt")
    return letter.as_bytes()


def send(story: Story) -> None:
    """Everything that waits leaves."""

    async def all_of_it() -> None:
        way = way_out(story.wiring.settings)
        while await send_one_letter(story.db, way, story.wiring.settings.programme, lambda: story.now):
            pass

    asyncio.run(all_of_it())


def erase(story: Story, address: str = OWN) -> erasing.Erased:
    return erasing.erase_person(story.db, story.wiring, story.shelf, address, story.now)


def last_words_go(story: Story) -> None:
    """The letter that says it is done leaves, and a day later it goes as well."""
    send(story)
    story.later(timedelta(days=1, minutes=1))
    erasing.forget_told(story.db, story.wiring, story.shelf, story.now)
    written_anew(story)


def written_anew(story: Story) -> None:
    """What the clock does last."""
    scrubbing.wipe(story.db, anew=scrubbing.is_to_wipe(story.db))


def everything_by_mail(story: Story) -> None:
    """One person by mail, from a question to a declined proposal, with a question of the adviser between."""
    sent = story.mail_arrives(planted_mail(story))
    asked = [each for each in sent if each.subject.startswith("Voorstel")]
    story.answer(asked[0], f"Kun je vragen hoe {CANARY} aan geld komt?")
    story.mail_arrives(planted_mail(story, f"Mijn naam is {CANARY}. Laat mijn gegevens zien.", CANARY))
    story.answer(asked[0], f"Nee, want {CANARY} past niet bij deze vraag.")
    story.mail_arrives(planted_mail(story, f"Ik wil zelf iets aanbieden: {CANARY}, ik ben deskundige.", CANARY))
