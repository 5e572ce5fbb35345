"""The doctor with one thing wrong at a time: what it says names the thing, and the advice says what to do."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import tests.dovecot
from bot.health import here as health_here
from bot.health import servers as health_servers
from bot.health import settings_checks as health_settings
from bot.health.looking import Check, Finding, look
from bot.installation import make_folder, seed_pool
from bot.settings import Imap, Lmtp, Model, Programme, Settings, Smtp, Web
from bot.store.database import open_database
from tests.dovecot import PASSWORD, Dovecot

dovecot = tests.dovecot.dovecot
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
    ],
)
def test_a_setting_that_can_be_read_and_is_no_good(settings: Settings, names: str) -> None:
    (found,) = wrong(settings, *health_settings.CHECKS_OF_SETTINGS)
    assert names in found.what


def test_a_mail_server_of_one_s_own_machine_is_a_trial_too() -> None:
    here = Settings(smtp=Smtp(host="127.0.0.1", security="none"), imap=Imap(host="localhost", security="none"))
    assert wrong(here, *health_settings.CHECKS_OF_SETTINGS) == []


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
