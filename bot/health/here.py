"""What can be seen on this machine itself: disk, rights, database, waiting post, copies, clock. Speaks to no server."""

import os
import shutil
import socket
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlite_utils import Database

from bot import backup, restoring, service_lock
from bot.health.looking import Check, Finding
from bot.health.vouching import vouching
from bot.installation import make_folder, open_store, topics_of
from bot.settings import Settings
from bot.store import messages, pool, sending_pauses, stuck_letters, waits_of_post
from bot.store.sending_pauses import Pause
from bot.store.waits_of_post import Waiting

LEAST_FREE_BYTES = 1024**3
LONGEST_WAIT = timedelta(hours=1)
BACKUP_EVERY = timedelta(days=2)
YOUNG = timedelta(days=7)  # an installation that only begins has no copies yet
AHEAD = timedelta(minutes=5)
PROGRAMME_HAS_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)  # no right clock shows an earlier moment


def disk(settings: Settings) -> list[Finding]:
    """Whether there is room for new post."""
    make_folder(settings)
    free = shutil.disk_usage(settings.folder).free
    advice = "Maak ruimte vrij. Zonder ruimte kan nieuwe post niet worden bewaard."
    what = f"Vrije ruimte bij {settings.folder}: {free // 1024**2} MB."
    return [Finding("disk", free >= LEAST_FREE_BYTES, what, advice)]


def rights(settings: Settings) -> list[Finding]:
    """Whether others on this machine can read what people wrote, or the key that signs links."""
    names = (settings.folder, settings.database, settings.folder / backup.KEY)
    open_to_all = [path for path in names if path.exists() and _mode(path) & (stat.S_IRWXG | stat.S_IRWXO)]
    folder_shut = settings.folder.exists() and not _mode(settings.folder) & (stat.S_IRWXG | stat.S_IRWXO)
    if not open_to_all or folder_shut:  # who can't enter the folder reads nothing in it
        return [Finding("rights", True, "Rechten: alleen de eigenaar leest de gegevens.")]
    advice = f"Doe: chmod 700 {settings.folder}"
    return [Finding("rights", False, f"Rechten: anderen op deze computer kunnen in {settings.folder}.", advice)]


def settings_file(path: Path | None) -> list[Finding]:
    """Whether the file with the settings, in which passwords stand, is for its readers only.

    A group may read a file of somebody else: so a service reads what only its administrator may change.
    """
    if path is None:
        return []
    mode, ours = _mode(path), path.stat().st_uid == os.geteuid()
    others = stat.S_IRWXO | (stat.S_IRWXG if ours else stat.S_IWGRP)
    folder_shut = not _mode(path.resolve().parent) & (stat.S_IXOTH | stat.S_IXGRP)
    if folder_shut or not mode & others:
        return [Finding("settings_file", True, f"Rechten: {path} is niet voor anderen.")]
    what = f"Rechten: anderen op deze computer kunnen bij {path}, met de wachtwoorden."
    return [Finding("settings_file", False, what, f"Doe: chmod {'600' if ours else 'o-rwx,g-w'} {path}")]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def database(settings: Settings) -> list[Finding]:
    """Whether the database is sound, and what waits in it."""
    try:
        with open_store(settings) as db:
            verdict = db.execute("PRAGMA quick_check").fetchone()[0]
            sound = Finding("database", verdict == "ok", f"Database {settings.database}: {verdict}.", RESTORE)
            now = datetime.now(UTC)
            return [sound, *_post(db, now), *_sending(db, settings, now), *_pool(db)]
    except sqlite3.DatabaseError as problem:  # so damaged that it can't even be asked how it is
        if isinstance(problem, sqlite3.OperationalError):
            raise
        return [Finding("database", False, f"Database {settings.database}: {problem}.", RESTORE)]


RESTORE = "Stop de dienst en zet de laatste reservekopie terug met 'mixmatch restore'."


def _post(db: Database, now: datetime) -> list[Finding]:
    quarantined = messages.counts_by_state(db).get("quarantined", 0)
    stuck = stuck_letters.count(db)
    return [
        _waits("messages_waiting", "Berichten die wachten", waits_of_post.messages(db), now),
        _waits("letters_waiting", "Brieven die weg hadden moeten zijn", waits_of_post.letters(db, now), now),
        Finding(
            "quarantine",
            not quarantined,
            f"Berichten in quarantaine: {quarantined}.",
            "Kijk op het bureau welke berichten niet gelezen konden worden, en lees ze zelf.",
        ),
        Finding(
            "letters_stuck",
            not stuck,
            f"Vastgelopen brieven: {stuck}.",
            "Kijk op het bureau waarom ze niet weg konden, en stuur ze opnieuw of niet.",
        ),
    ]


def _sending(db: Database, settings: Settings, now: datetime) -> list[Finding]:
    pauses = ((server, sending_pauses.find(db, server, now)) for server in settings.servers_out)
    return [_paused(server, pause, now) for server, pause in pauses if pause is not None]


def _paused(server: str, pause: Pause, now: datetime) -> Finding:
    what = (
        f"Het versturen wacht nog {_long(pause.until - now)}: {server} nam {pause.unanswered} brieven achter elkaar aan"
        " en antwoordde niet."
    )
    advice = (
        "Kijk of die server het doet. Het versturen gaat vanzelf verder. Kijk op het bureau bij de brieven die"
        " onbekend zijn, en vraag na of ze aankwamen."
    )
    return Finding("sending_paused", False, what, advice)


def _waits(code: str, name: str, waiting: Waiting, now: datetime) -> Finding:
    waited = now - waiting.oldest if waiting.oldest else timedelta()
    what = f"{name}: {waiting.count}" + (f", de oudste {_long(waited)}." if waiting.count else ".")
    return Finding(code, waited < LONGEST_WAIT, what, "Draait 'mixmatch run'? Kijk in het logboek van de dienst.")


def _long(waited: timedelta) -> str:
    minutes = max(int(waited.total_seconds() // 60), 0)
    return f"{minutes} minuten" if minutes < 120 else f"{minutes // 60} uur"


def _pool(db: Database) -> list[Finding]:
    people = pool.everyone(db)
    advisers = sum(person.role == "adviser" and person.active for person in people)
    what = f"Pool: {len(people)} personen, {advisers} adviseurs."
    return [Finding("pool", advisers > 0, what, "Zonder adviseur gaat geen voorstel uit.")]


def topics(settings: Settings) -> list[Finding]:
    """Whether the topics can be read."""
    return [Finding("topics", True, f"Onderwerpen: {len(topics_of(settings))}.")]


def copies(settings: Settings) -> list[Finding]:
    """Whether there is a recent backup, and whether old data was left lying about after a restore."""
    now, made = datetime.now(UTC), backup.last_made(settings.folder)
    found = []
    if made is None:
        young = not settings.database.exists() or _age(settings, now) < YOUNG
        found.append(Finding("backup", young, "Reservekopie: nog geen gemaakt.", BACKUP))
    else:
        what = f"Laatste reservekopie: {_long(now - made)} geleden."
        found.append(Finding("backup", now - made < BACKUP_EVERY, what, BACKUP))
    for path in restoring.set_aside(settings.folder):
        advice = "Klopt alles na het terugzetten? Gooi deze map weg: wie is gewist, staat daar nog in."
        found.append(Finding("set_aside", False, f"Oude gegevens staan nog in {path}.", advice))
    return found


BACKUP = "Maak elke nacht een reservekopie: mixmatch backup MAP --keep 14"


def _age(settings: Settings, now: datetime) -> timedelta:
    with open_store(settings) as db:
        oldest = waits_of_post.first_message(db)
    return now - oldest if oldest else timedelta()


def clock(settings: Settings) -> list[Finding]:
    """Whether the clock can be right: not before this program, nor before what was already written."""
    try:
        ZoneInfo("Europe/Amsterdam")
    except ZoneInfoNotFoundError:
        return [Finding("clock", False, "Klok: de tijdzones ontbreken.", "Installeer het pakket tzdata.")]
    now = datetime.now(UTC)
    with open_store(settings) as db:
        newest = waits_of_post.newest_moment(db)
    late = now < PROGRAMME_HAS_BEGUN or (newest is not None and newest - now > AHEAD)
    advice = "Zet de klok gelijk (NTP). Er staat al iets in de database van later dan nu."
    return [Finding("clock", not late, f"Klok: {now:%Y-%m-%d %H:%M} UTC.", advice)]


def ports(settings: Settings) -> list[Finding]:
    """Whether a service runs, and else whether its ports are free."""
    if settings.folder.exists() and service_lock.is_held(settings.folder):
        return [Finding("service", True, "De dienst draait.")]
    return [
        Finding("service", True, "De dienst draait niet."),
        *(
            _port(name, host, port)
            for name, host, port in (
                ("Webpagina's", settings.web.host, settings.web.port),
                ("Binnenkomende post", settings.lmtp.host, settings.lmtp.port),
            )
        ),
    ]


def _port(name: str, host: str, port: int) -> Finding:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError:
        advice = "Een ander programma gebruikt die poort. Kies een andere in de instellingen."
        return Finding("port", False, f"{name}: poort {port} is in gebruik.", advice)
    return Finding("port", True, f"{name}: poort {port} is vrij.")


CHECKS_HERE: tuple[Check, ...] = (disk, rights, database, vouching, topics, copies, clock, ports)
"""Every look at this machine, in the order in which it is told."""
