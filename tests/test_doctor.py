"""What the doctor sees: each part, what is wrong with it, and what to do; and it changes nothing."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import tests.smtp_receiver
from bot import service_lock
from bot.backup import make_backup
from bot.health import here as health_here
from bot.health import servers as health_servers
from bot.health.looking import Finding, look
from bot.installation import make_folder, seed_pool
from bot.restoring import restore
from bot.settings import Imap, Settings, Smtp, Telegram, Web
from bot.store import events
from bot.store.database import open_database
from bot.terminal import Refused
from tests import command_line
from tests.bot_api import BotApi
from tests.certificate import make_certificate
from tests.command_line import Mixmatch
from tests.smtp_receiver import SmtpReceiver
from tests.store_builders import put, receive

mixmatch = command_line.mixmatch
receiver = tests.smtp_receiver.receiver
NOW = datetime.now(UTC)
CALM = Settings(web=Web(port=0))


@pytest.fixture
def calm(tmp_path: Path) -> Settings:
    """A sound installation on which nothing is wrong."""
    settings = replace(CALM, data_dir=str(tmp_path / "data"), lmtp=replace(CALM.lmtp, port=0))
    make_folder(settings)
    with closing(open_database(settings.database)) as db:
        seed_pool(db)
    return settings


def wrong(settings: Settings, *checks: str) -> list[str]:
    """The codes of what is not well."""
    wanted = [each for each in health_here.CHECKS_HERE if not checks or each.__name__ in checks]
    return [finding.code for finding in look(settings, wanted) if not finding.well]


def test_nothing_is_wrong_with_a_sound_installation(calm: Settings) -> None:
    assert [each.what for each in look(calm, health_here.CHECKS_HERE) if not each.well] == []


def test_a_message_and_a_letter_that_wait_too_long(calm: Settings) -> None:
    with closing(open_database(calm.database)) as db:
        receive(db, "nieuw", now=NOW)
        put(db, now=NOW)
    assert wrong(calm, "database") == []
    with closing(open_database(calm.database)) as db:
        db.execute("UPDATE messages SET received_at = '2026-01-01T09:00:00.000+00:00'")
        db.execute("UPDATE letters SET due_at = '2026-01-01T09:00:00.000+00:00'")
    assert wrong(calm, "database") == ["messages_waiting", "letters_waiting"]
    with closing(open_database(calm.database)) as db:
        db.execute("UPDATE messages SET state = 'quarantined'")
        db.execute("UPDATE letters SET state = 'unknown'")
    assert wrong(calm, "database") == ["quarantine", "letters_stuck"]


def test_without_an_adviser_and_with_rights_for_all(calm: Settings) -> None:
    with closing(open_database(calm.database)) as db:
        db.execute("UPDATE experts SET active = 0")
    calm.folder.chmod(0o755)
    calm.database.chmod(0o644)
    assert wrong(calm, "rights", "database") == ["rights", "pool"]


def test_a_full_disk(calm: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_here, "LEAST_FREE_BYTES", 2**62)
    assert wrong(calm, "disk") == ["disk"]


def test_a_backup_that_is_absent_or_old(calm: Settings, tmp_path: Path) -> None:
    assert wrong(calm, "copies") == []
    with closing(open_database(calm.database)) as db:
        receive(db, "oud", now=NOW - timedelta(days=8))
    assert wrong(calm, "copies") == ["backup"]
    make_backup(calm, tmp_path / "oud.zip", NOW - timedelta(days=3))
    assert wrong(calm, "copies") == ["backup"]
    make_backup(calm, tmp_path / "nieuw.zip", NOW)
    assert wrong(calm, "copies") == []
    restore(calm, tmp_path / "nieuw.zip", NOW, replace=True)
    assert wrong(calm, "copies") == ["set_aside"]


def test_a_clock_that_was_set_back(calm: Settings) -> None:
    with closing(open_database(calm.database)) as db:
        events.keep(db, None, "later", "bot", datetime.now(UTC) + timedelta(hours=1))
    assert wrong(calm, "clock") == ["clock"]


def test_a_port_of_another_program_and_a_service_that_runs(calm: Settings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        busy = replace(calm, web=Web(port=taken.getsockname()[1]))
        assert wrong(busy, "ports") == ["port"]
        with service_lock.held(calm.folder):
            assert [each.what for each in health_here.ports(busy)] == ["De dienst draait."]


def test_a_check_that_breaks_stops_no_other(calm: Settings) -> None:
    def breaks(_: Settings) -> list[Finding]:
        raise ValueError("iemand@example.org")

    def refuses(_: Settings) -> list[Finding]:
        raise Refused("Dat gaat niet.")

    found = look(calm, (breaks, refuses, health_here.topics))
    assert [each.well for each in found] == [False, False, True]
    assert "ValueError" in found[0].what
    assert "@" not in found[0].what
    assert found[1].what == "Dat gaat niet."


# Servers


def test_telegram_with_a_good_and_a_wrong_key(telegram: BotApi, calm: Settings) -> None:
    good = Telegram(token=telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url)
    assert [each.well for each in health_servers.telegram(replace(calm, telegram=good))] == [True]
    (bad,) = health_servers.telegram(replace(calm, telegram=replace(good, token="1:fout")))
    assert (bad.code, bad.well) == ("telegram", False)
    assert "1:fout" not in bad.what + bad.advice
    gone = replace(good, base_url="http://127.0.0.1:9/bot")
    assert [each.well for each in health_servers.telegram(replace(calm, telegram=gone))] == [False]
    assert [each.well for each in health_servers.telegram(calm)] == [True]


def test_a_sending_server_that_answers_or_not(receiver: SmtpReceiver, calm: Settings) -> None:
    there = Smtp(host="127.0.0.1", port=receiver.port, security="none")
    assert [each.well for each in health_servers.smtp(replace(calm, smtp=there))] == [True]
    assert [each.well for each in health_servers.smtp(replace(calm, smtp=replace(there, port=9)))] == [False]


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server that only shows a certificate of two days; its port and the certificate."""
    import ssl

    made = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    listening = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                plain, _ = listening.accept()
                with context.wrap_socket(plain, server_side=True) as shielded:
                    shielded.recv(1)
            except OSError:
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    yield listening.getsockname()[1], made.certificate
    stop.set()
    with closing(socket.create_connection(listening.getsockname())):
        pass
    thread.join()
    listening.close()


def test_a_certificate_that_ends_soon_or_is_not_trusted(tls_server: tuple[int, Path], calm: Settings) -> None:
    port, authority = tls_server
    box = Imap(host="localhost", port=port, user="x", password="y", security="tls", ca_file=str(authority))
    (soon,) = health_servers.certificates(replace(calm, imap=box))
    assert (soon.code, soon.well) == ("certificate", False)
    assert "geldt nog 1 dagen" in soon.what
    (strange,) = health_servers.certificates(replace(calm, imap=replace(box, ca_file="")))
    assert "wordt niet vertrouwd" in strange.what
    (absent,) = health_servers.certificates(replace(calm, imap=replace(box, port=9)))
    assert "kon niet worden opgehaald" in absent.what
    assert health_servers.certificates(calm) == []


# The command


def test_as_json_and_as_text(mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.doctor.CHECKS_OF_SERVERS", ())
    monkeypatch.setenv("MIXMATCH_WEB_PORT", "0")
    monkeypatch.setenv("MIXMATCH_LMTP_PORT", "0")
    answered = mixmatch("doctor", "--json")
    told = json.loads(answered.out)
    assert (answered.code, told["well"]) == (0, True)
    assert {"disk", "database", "clock", "backup"} <= {each["code"] for each in told["findings"]}
    text = mixmatch("doctor")
    assert text.code == 0
    assert text.out.startswith("[goed] Instellingen: een proefopstelling")
