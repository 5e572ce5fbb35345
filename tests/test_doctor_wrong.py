"""The doctor with one thing wrong at a time: what it says names the thing, and the advice says what to do."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import tests.dovecot
from bot.health import here as health_here
from bot.health import servers as health_servers
from bot.health import settings_checks as health_settings
from bot.health.looking import Check, Finding, look
from bot.health.vouching import vouching
from bot.installation import make_folder, seed_pool
from bot.settings import Imap, Lmtp, Mail, Model, Programme, Settings, Smtp, Web
from bot.store.database import open_database
from tests import command_line
from tests.command_line import Mixmatch
from tests.dovecot import PASSWORD, Dovecot
from tests.store_builders import receive

dovecot, mixmatch = tests.dovecot.dovecot, command_line.mixmatch
OUTSIDE = Smtp(host="smtp.provincie.invalid", security="starttls")
FILLED_IN = Programme(address="veerkracht@provincie.invalid", coordinator="team@provincie.invalid")
SOUND = Settings(smtp=OUTSIDE, programme=FILLED_IN, web=Web(base_url="https://veerkracht.provincie.invalid"))


def wrong(settings: Settings, *checks: Check) -> list[Finding]:
    found = [each for each in look(settings, checks) if not each.well]
    assert all(each.advice for each in found), "every fault comes with what to do"
    return found


def test_nothing_is_wrong_with_sound_settings_nor_with_a_trial() -> None:
    for settings in (SOUND, Settings()):
        assert wrong(settings, *health_settings.CHECKS_OF_SETTINGS) == []


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (replace(SOUND, programme=Programme()), "programme.address en programme.coordinator"),
        (replace(SOUND, smtp=replace(OUTSIDE, security="none")), "smtp.provincie.invalid"),
        (replace(SOUND, imap=Imap(host="imap.provincie.invalid", security="none")), "imap.provincie.invalid"),
        (replace(SOUND, lmtp=Lmtp(host="0.0.0.0")), "0.0.0.0:8025"),
        (replace(SOUND, web=Web()), "http://127.0.0.1:8080"),
        (replace(SOUND, web=Web(base_url="http://veerkracht.provincie.invalid")), "http://veerkracht"),
        (replace(SOUND, web=Web(base_url="http://127.0.0.2:8080")), "alleen op deze computer"),
        (replace(SOUND, web=Web(base_url="http://localhost.provincie.invalid")), "kunnen meelezen"),
        # A server of this machine that sends everything on, and one who only looks how it is.
        (replace(SOUND, smtp=Smtp(host="localhost", security="none"), web=Web()), "alleen op deze computer"),
        (replace(SOUND, smtp=Smtp(host="localhost"), web=Web(base_url="http://provincie.invalid")), "kunnen meelezen"),
        (Settings(web=Web(base_url="http://veerkracht.provincie.invalid")), "kunnen meelezen"),
    ],
)
def test_a_setting_that_can_be_read_and_is_no_good(settings: Settings, names: str) -> None:
    (found,) = wrong(settings, *health_settings.CHECKS_OF_SETTINGS)
    assert names in found.what


def test_a_mail_server_of_one_s_own_machine_is_a_trial_too() -> None:
    here = Settings(smtp=Smtp(host="127.0.0.1", security="none"), imap=Imap(host="localhost", security="none"))
    assert wrong(here, *health_settings.CHECKS_OF_SETTINGS) == []


# Who really sent a mail


BOX = Imap(host="imap.provincie.invalid", user="x", password="y")
OURS = b"Authentication-Results: mx.provincie.invalid; dmarc=pass header.from=example.org\r\n"
THEIRS = b"Authentication-Results: mx.elders.invalid; dmarc=pass header.from=example.org\r\n"


def with_mails(folder: Path, *heads: bytes, authserv_id: str = "MX.provincie.invalid", age: int = 0) -> Settings:
    """An installation in which mails with these headers came in."""
    settings = replace(SOUND, data_dir=str(folder), imap=BOX, mail=Mail(authserv_id=authserv_id))
    make_folder(settings)
    with closing(open_database(settings.database)) as db:
        for number, head in enumerate(heads):
            raw = head + b"From: iemand@example.org\r\n\r\nHallo\r\n"
            receive(db, f"mail {number}", raw, now=datetime.now(UTC) - timedelta(days=age))
    return settings


def test_a_mail_server_that_is_not_named(tmp_path: Path) -> None:
    (found,) = wrong(with_mails(tmp_path, OURS, authserv_id=""), vouching)
    assert "mail.authserv_id" in found.what
    for trial in (Settings(), Settings(imap=replace(BOX, host="localhost")), SOUND):
        assert wrong(trial, vouching) == []


@pytest.mark.parametrize(
    ("heads", "told"),
    [
        ((THEIRS, THEIRS), "0 van de laatste 2 mails"),
        ((THEIRS + OURS, b"", OURS), "1 van de laatste 3 mails"),
        ((b"",), "0 van de laatste 1 mails"),
    ],
)
def test_mail_that_our_own_server_did_not_sign(tmp_path: Path, heads: tuple[bytes, ...], told: str) -> None:
    (found,) = wrong(with_mails(tmp_path, *heads), vouching)
    assert told in found.what
    assert "elders" not in found.what + found.advice, "a name that a stranger wrote is not passed on"


def test_mail_that_our_own_server_signed(tmp_path: Path) -> None:
    assert wrong(with_mails(tmp_path / "all", OURS + THEIRS, OURS), vouching) == []
    assert wrong(with_mails(tmp_path / "half", OURS, b""), vouching) == []
    assert wrong(with_mails(tmp_path / "old", b"", age=4), vouching) == []


# The file with the settings


@pytest.mark.parametrize(
    ("mode", "well"), [(0o600, True), (0o640, False), (0o604, False), (0o644, False), (0o620, False), (0o400, True)]
)
def test_a_settings_file_that_others_can_read_or_change(tmp_path: Path, mode: int, well: bool) -> None:
    path = tmp_path / "mixmatch.toml"
    path.write_text("")
    path.chmod(mode)
    tmp_path.chmod(0o755)
    (found,) = health_here.settings_file(path)
    assert (found.well, str(path) in found.what) == (well, True)
    assert well or found.advice == f"Doe: chmod 600 {path}"
    tmp_path.chmod(0o700)
    assert [each.well for each in health_here.settings_file(path)] == [True], "nobody else gets into its folder"
    assert health_here.settings_file(None) == []


def test_the_command_looks_at_the_file_that_it_was_given(
    mixmatch: Mixmatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for checks in ("CHECKS_OF_SETTINGS", "CHECKS_HERE", "CHECKS_OF_SERVERS"):
        monkeypatch.setattr(f"bot.commands.doctor.{checks}", ())
    path = tmp_path / "eigen.toml"
    path.write_text("")
    path.chmod(0o644)
    tmp_path.chmod(0o755)
    answered = mixmatch("--config", str(path), "doctor")
    assert (answered.code, f"chmod 600 {path}" in answered.out) == (1, True)
    path.chmod(0o600)
    assert mixmatch("--config", str(path), "doctor").code == 0


def test_a_mailbox_with_a_wrong_password_or_folder(dovecot: Dovecot) -> None:
    address = dovecot.add_mailbox("socialeveerkracht")
    good = Imap(host="127.0.0.1", port=dovecot.imap_port, security="none", user=address, password=PASSWORD)
    assert wrong(Settings(imap=good), health_servers.imap) == []
    (found,) = wrong(Settings(imap=replace(good, password="geheimpje")), health_servers.imap)
    assert "de server weigert" in found.what
    assert "geheimpje" not in found.what + found.advice
    (absent,) = wrong(Settings(imap=replace(good, folder="Bestaat niet")), health_servers.imap)
    assert "de map Bestaat niet is er niet" in absent.what
    (gone,) = wrong(Settings(imap=replace(good, port=9)), health_servers.imap)
    assert "niet bereikbaar" in gone.what


def test_a_model_that_is_not_there() -> None:
    (found,) = wrong(Settings(model=Model(name="/nergens/model")), health_servers.model)
    assert "/nergens/model" in found.what


def test_topics_that_cannot_be_read(tmp_path: Path) -> None:
    (found,) = wrong(Settings(topics_file=str(tmp_path / "geen.toml")), health_here.topics)
    assert "geen.toml" in found.what


def test_a_folder_that_cannot_be_made() -> None:
    (found,) = wrong(Settings(data_dir="/proc/nergens"), health_here.disk)
    assert "/proc/nergens" in found.what


def test_a_damaged_database(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "data"))
    make_folder(settings)
    with closing(open_database(settings.database)) as db:
        seed_pool(db)
    whole = settings.database.read_bytes()
    middle = len(whole) // 8192 * 4096
    for damaged in (whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :], b"geen database" * 1000):
        settings.database.write_bytes(damaged)
        (found, *_) = wrong(settings, health_here.database)
        assert "mixmatch.db" in found.what
        assert "reservekopie" in found.what + found.advice
