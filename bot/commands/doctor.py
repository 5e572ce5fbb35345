"""`mixmatch doctor`: looks at every part, says what is wrong and what to do about it. Repairs nothing by itself."""

import argparse
import asyncio
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiosmtplib

from bot.channels.imap_box import open_mailbox
from bot.config import Settings
from bot.installation import make_folder, open_store, topics_of
from bot.serving import imap_settings
from bot.store import letters, messages, pool
from bot.terminal import Refused, progress
from bot.wiring import encoder_of

LEAST_FREE_BYTES = 1024**3
LONGEST_WAIT_SECONDS = 3600
SECONDS = 10  # how long a server may take to answer


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw, and what to do when it is not well."""

    well: bool
    what: str
    advice: str = ""


Check = Callable[[Settings], list[Finding]]


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run every check; 0 when all is well, 1 otherwise."""
    del options
    findings = [finding for check in CHECKS for finding in _guarded(check, settings)]
    for finding in findings:
        print(f"[{'goed' if finding.well else 'FOUT'}] {finding.what}")
        if not finding.well and finding.advice:
            print(f"       {finding.advice}")
    return 0 if all(finding.well for finding in findings) else 1


def _guarded(check: Check, settings: Settings) -> list[Finding]:
    try:
        return check(settings)
    except Refused as problem:
        return [Finding(False, str(problem))]
    except Exception as problem:  # a check that breaks is itself a finding
        name = check.__name__.removeprefix("_")
        return [Finding(False, f"De controle '{name}' kon niet worden gedaan ({type(problem).__name__}).")]


def _disk(settings: Settings) -> list[Finding]:
    make_folder(settings)
    free = shutil.disk_usage(settings.folder).free
    advice = "Maak ruimte vrij. Zonder ruimte kan nieuwe post niet worden bewaard."
    return [Finding(free >= LEAST_FREE_BYTES, f"Vrije ruimte bij {settings.folder}: {free // 1024**2} MB.", advice)]


def _database(settings: Settings) -> list[Finding]:
    with open_store(settings) as db:
        verdict = db.execute("PRAGMA quick_check").fetchone()[0]
        states, oldest = messages.counts_by_state(db), messages.oldest_waiting(db)
        stuck = letters.with_state(db, "parked", "unknown")
        people = pool.everyone(db)
    waited = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0
    quarantined = states.get("quarantined", 0)
    advisers = sum(person.role == "adviser" and person.active for person in people)
    return [
        Finding(verdict == "ok", f"Database {settings.database}: {verdict}.", "Zet de laatste reservekopie terug."),
        Finding(
            waited < LONGEST_WAIT_SECONDS,
            f"Berichten die wachten: {states.get('received', 0)}.",
            "Het oudste wacht al meer dan een uur. Draait 'mixmatch run'?",
        ),
        Finding(
            not quarantined,
            f"Berichten in quarantaine: {quarantined}.",
            "Kijk welke berichten niet gelezen konden worden.",
        ),
        Finding(
            not stuck, f"Vastgelopen brieven: {len(stuck)}.", "Kijk waarom ze niet weg konden, en stuur ze opnieuw."
        ),
        Finding(
            advisers > 0,
            f"Pool: {len(people)} personen, {advisers} adviseurs.",
            "Zonder adviseur gaat geen voorstel uit.",
        ),
    ]


def _topics(settings: Settings) -> list[Finding]:
    return [Finding(True, f"Onderwerpen: {len(topics_of(settings))}.")]


def _model(settings: Settings) -> list[Finding]:
    encoder = encoder_of(settings, progress)
    encoder.read(["proef"], [[]])
    return [Finding(True, f"Taalmodel: {encoder.name}.")]


def _imap(settings: Settings) -> list[Finding]:
    if not settings.imap.host:
        return [Finding(True, "IMAP: geen postbus ingesteld.")]
    where = f"IMAP {settings.imap.host}:{settings.imap.port}"
    try:
        with open_mailbox(imap_settings(settings)):
            return [Finding(True, f"{where}: inloggen lukt.")]
    except OSError as problem:
        advice = "Kloppen imap.host, imap.port en imap.security?"
        return [Finding(False, f"{where}: niet bereikbaar ({type(problem).__name__}).", advice)]
    except Exception as problem:  # imap-tools raises its own kinds for a refused login or folder
        advice = "Kloppen imap.user, imap.password en imap.folder?"
        return [Finding(False, f"{where}: de server weigert ({type(problem).__name__}).", advice)]


def _smtp(settings: Settings) -> list[Finding]:
    if settings.sends_locally:
        return [Finding(True, "SMTP: niet ingesteld; uitgaande post blijft in de lokale postbus.")]
    return [asyncio.run(_reach_smtp(settings))]


async def _reach_smtp(settings: Settings) -> Finding:
    smtp = settings.smtp
    where = f"SMTP {smtp.host}:{smtp.port}"
    client = aiosmtplib.SMTP(
        hostname=smtp.host,
        port=smtp.port,
        use_tls=smtp.security == "tls",
        start_tls=smtp.security == "starttls",
        username=smtp.user or None,
        password=smtp.password or None,
        cert_bundle=smtp.ca_file or None,
        timeout=SECONDS,
    )
    try:
        async with client:
            await client.noop()
    except aiosmtplib.SMTPAuthenticationError:
        return Finding(False, f"{where}: naam of wachtwoord klopt niet.", "Kijk naar smtp.user en smtp.password.")
    except (aiosmtplib.SMTPException, OSError) as problem:
        advice = "Kloppen smtp.host, smtp.port en smtp.security?"
        return Finding(False, f"{where}: niet bereikbaar ({type(problem).__name__}).", advice)
    return Finding(True, f"{where}: inloggen lukt.")


def _ports(settings: Settings) -> list[Finding]:
    found = []
    for name, host, port in (
        ("Webpagina's", settings.web.host, settings.web.port),
        ("Binnenkomende post", settings.lmtp.host, settings.lmtp.port),
    ):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            socket.create_server((host, port), family=family).close()
            found.append(Finding(True, f"{name}: poort {port} is vrij."))
        except OSError:
            found.append(Finding(True, f"{name}: poort {port} is in gebruik; goed als 'mixmatch run' draait."))
    return found


CHECKS: tuple[Check, ...] = (_disk, _database, _topics, _model, _imap, _smtp, _ports)
