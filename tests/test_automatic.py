"""A machine's mail is recognised and named, and a person's is not taken for one."""

import pytest

from inbox.automatic import RULES, looks_automatic
from inbox.mail import read_mail

PERSON = "Wij zijn een buurttuin in Veghel en zoeken hulp bij de statuten.\r\n"


def why(
    headers: str, text: str = PERSON, sender: str = "buurttuin@example.org", envelope: str | None = None
) -> str | None:
    raw = f"From: {sender}\r\nTo: socialeveerkracht@example.org\r\n{headers}\r\n\r\n{text}".encode()
    return read_mail(raw, own_addresses=["SocialeVeerkracht@example.org"], envelope_sender=envelope).automatic


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ("Auto-Submitted: auto-replied", "auto_submitted"),
        ("Auto-Submitted: auto-generated; owner-email=x@example.org", "auto_submitted"),
        ("auto-submitted: Auto-Notified", "auto_submitted"),
        ("X-Autoreply: yes", "auto_reply_header"),
        ("X-Autorespond: Out of office", "auto_reply_header"),
        ("Precedence: auto_reply", "auto_reply_header"),
        ("Return-Path: <>", "null_sender"),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "auto_response_suppress"),
        ("X-Auto-Response-Suppress: All", "auto_response_suppress"),
        ("List-Id: <nieuws.example.org>", "list"),
        ("List-Unsubscribe: <mailto:uit@example.org>", "list"),
        ("Feedback-ID: 1:2:3", "list"),
        ("Precedence: bulk", "precedence"),
        ("Precedence: junk", "precedence"),
        ("Subject: Automatisch antwoord: Uw vraag", "auto_reply_subject"),
        ("Subject: Automatic reply: Your question", "auto_reply_subject"),
        ("Subject: Abwesenheitsnotiz: Ihre Frage\r\nAuto-Submitted: no", "auto_reply_subject"),
        ("Subject: Odpowiedź automatyczna: pytanie", "auto_reply_subject"),
        ("Subject: Otomatik yanıt: soru", "auto_reply_subject"),
        ("Subject: Réponse automatique : question", "auto_reply_subject"),
    ],
)
def test_headers_tell_a_machine(headers: str, code: str) -> None:
    text = "Ich bin nicht im Büro. Vielen Dank für Ihre Nachricht." if "Abwesenheit" in headers else PERSON
    assert why(headers, text) == code


@pytest.mark.parametrize(
    "headers",
    [
        "Subject: Vraag",
        "Auto-Submitted: no",
        "Auto-Submitted: no; comment",
        "X-Auto-Response-Suppress: None",
        "Precedence: first-class",
        "Return-Path: <buurttuin@example.org>",
        "X-Autoreply: no",
        # A person answers a machine.
        "Subject: Re: Automatisch antwoord: Uw vraag",
        "Subject: Antw: Out of office",
        "Subject: Re: Undeliverable: onze vraag",
        "Subject: Fwd: Niet bezorgd",
        # A person writes about what machines write about.
        "Subject: Afwezig: onze penningmeester",
        "Subject: Afwezigheid van vrijwilligers, hoe los je dat op",
        "Subject: Uitnodiging: kom kijken bij onze buurttuin",
        "Subject: Nieuwsbrief voor onze buurt, wie helpt",
    ],
)
def test_a_person_is_heard(headers: str) -> None:
    assert why(headers) is None


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("MAILER-DAEMON@mx.example.org", "system_sender"),
        ("postmaster@example.org", "system_sender"),
        ("bounces+12@example.org", "system_sender"),
        ("no-reply@example.org", "no_reply"),
        ("noreply+abc@example.org", "no_reply"),
        ("niet-beantwoorden@example.org", None),
        ("nietreageren@example.org", "no_reply"),
        ("socialeveerkracht@example.org", "own"),
        ("SOCIALEVEERKRACHT+MM-0@example.org", "own"),
        ("postmasters.buurt@example.org", None),
    ],
)
def test_sender_tells_a_machine(sender: str, code: str | None) -> None:
    assert why("Subject: Vraag", sender=sender) == code


@pytest.mark.parametrize(
    ("envelope", "code"), [("", "null_sender"), ("<>", "null_sender"), ("a@example.org", None), (None, None)]
)
def test_null_sender_of_the_envelope(envelope: str | None, code: str | None) -> None:
    assert why("Subject: Vraag", envelope=envelope) == code


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ('multipart/report; report-type=delivery-status; boundary="b"', "bounce"),
        ('multipart/report; report-type=disposition-notification; boundary="b"', "receipt"),
    ],
)
def test_reports(kind: str, code: str) -> None:
    assert why(f"Content-Type: {kind}", "--b\r\n\r\nUw bericht\r\n--b--") == code


def test_the_strongest_evidence_names_the_reason() -> None:
    headers = "Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\nReturn-Path: <>\r\nList-Id: <x.example.org>"
    assert why(headers) == "auto_submitted"
    assert why(headers, sender="socialeveerkracht@example.org") == "own"
    assert RULES[0][0] == "own"


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        (
            "Vraag",
            "Dank voor uw bericht. Ik ben tot 3 mei afwezig. Bij spoed kunt u bellen met de balie.",
            "auto_reply_text",
        ),
        ("", "Thank you for your message. I am out of the office until Monday.", "auto_reply_text"),
        ("", "Jestem na urlopie do 3 maja. W pilnych sprawach proszę dzwonić.", "auto_reply_text"),
        ("Afwezig", "Ik ben met verlof. Voor dringende vragen: het secretariaat.", "auto_reply_subject"),
        ("We zijn dicht", "Tot maandag!\n\n(automatisch antwoord)", "auto_generated_text"),
        ("Melding", "Er is iets veranderd. Dit bericht is automatisch verzonden.", "auto_generated_text"),
        ("Onbestelbaar: vraag", "Uw bericht kon niet worden bezorgd.", "bounce"),
        ("", "Delivery has failed. Host or domain name not found.", "bounce"),
        ("Uitnodiging: overleg", "Overleg\nWanneer: do 6 nov 13:30\nWaar: Teams", "calendar"),
        ("Gelezen: vraag", "Uw bericht is gelezen op vrijdag 7 november.", "receipt"),
        ("Nieuwsbrief 4", "Veel nieuws.\n\nUitschrijven kan onderaan.", "list"),
        ("Nieuws", "U ontvangt deze e-mail omdat u bent ingeschreven.", "list"),
    ],
)
def test_words_tell_a_machine(subject: str, text: str, code: str) -> None:
    assert looks_automatic(subject, text) == code


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", ""),
        ("Vraag", PERSON),
        ("Afwezig", "Volgende week ben ik er niet, kan ons gesprek een week later?"),
        ("Vakantie", "Ik ben tot maandag op vakantie, daarna stuur ik de begroting. Groet, Initiatiefnemer"),
        ("Vraag", "Ik ben op vakantie. Voor spoed kunt u bellen. We zoeken hulp bij de statuten."),
        ("Mailserver", "Wij zoeken iemand die onze mailserver kan beheren. De postbus is vol."),
        ("Afmelden", "Ik wil me afmelden, we stoppen met de buurttuin."),
        ("Uitschrijven", "Kunt u mij uitschrijven en mijn gegevens wissen?"),
        ("Vraag", "Wij kregen 'uw bericht kon niet worden bezorgd'. Is onze vraag aangekomen?"),
        ("Uitnodiging: open dag", "Beste mensen, komen jullie zaterdag kijken naar onze tuin?"),
        ("Gelezen", "Ik heb jullie mail gelezen en heb nog een vraag over het contract."),
        ("Vraag", "We willen dat ons systeem automatisch een bericht verstuurt naar buren. Wie bouwt dat met ons?"),
    ],
)
def test_words_of_a_person(subject: str, text: str) -> None:
    assert looks_automatic(subject, text) is None
