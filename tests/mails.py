"""Mails as people send them, for tests that tell a story. Roles, no persons."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

ADDRESS = "socialeveerkracht@example.org"
SHOP = "werkgroep-dorpswinkel@example.org"

COMPLETE = """Goedemiddag,

Wij zijn een groep bewoners uit Vessem en willen zelf een dorpswinkel openen.

We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt.

De begroting sluit nog niet helemaal, maar de bank heeft schriftelijk toegezegd dat zij meedoet.
Van de provincie vragen we geen subsidie.

Met vriendelijke groet,
de werkgroep dorpswinkel
"""

INCOMPLETE = """Hallo,

Met een paar buren beginnen we een buurttuin. Een deel van de straat is boos.
Wie kan ons helpen om een goed gesprek met de buurt te voeren, ook met de mensen die tegen zijn?

Groetjes van de tuingroep
"""

NOT_CLOSING = """Geachte dames en heren,

Wij zijn ouders van jongvolwassenen met een beperking in Helmond en runnen samen een klein zorghuis.
Wij zoeken iemand die met ons de rolverdeling in het bestuur en de statuten doorneemt.
Eerlijk is eerlijk: onze begroting sluit niet, we komen dit jaar 40.000 euro tekort.

Hoogachtend, het bestuur
"""

OUTSIDE = """Beste mensen,

Onze wijkcoöperatie in Nijmegen wil zonnepanelen op de sporthal leggen.
We zoeken hulp bij het contract met de gemeente over het dak. Onze begroting is sluitend.

Groet, de wijkcoöperatie
"""


SUBJECTS = {
    COMPLETE: "Dorpswinkel Vessem",
    INCOMPLETE: "Gesprek met de buurt",
    NOT_CLOSING: "Zorghuis in Helmond",
    OUTSIDE: "Zonnepanelen op de sporthal",
}


def mail(
    text: str,
    *,
    sender: str = SHOP,
    to: str = ADDRESS,
    subject: str | None = "",
    now: datetime,
    **headers: str,
) -> bytes:
    """A plain mail as bytes; `headers` adds fields, underscores read as hyphens. None is no subject at all."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    if subject is not None:
        message["Subject"] = subject or SUBJECTS.get(text, "Vraag")
    message["Date"] = format_datetime(now)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message["Message-ID"] = f"<{abs(hash((text, sender, subject, now, *headers.items())))}@example.org>"
    message.set_content(text)
    return message.as_bytes()
