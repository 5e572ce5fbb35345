"""The settings: defaults, a file, variables on top of it, and a Dutch sentence that names whatever is wrong."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import BadSettings, read_settings
from bot.settings import Settings

FULL = """
data_dir = "/srv/mixmatch"
topics_file = "onderwerpen.toml"

[imap]
host = "imap.example.org"
user = "postvak"
password = "geheim-imap"
security = "starttls"
port = 143

[smtp]
host = "smtp.example.org"
password = "geheim-smtp"

[lmtp]
port = 0

[web]
base_url = "https://mixmatch.example.org"

[programme]
address = "programma@example.org"
proposal_days = 14
"""


def settings_of(tmp_path: Path, text: str = "", **environment: str) -> Settings:
    file = tmp_path / "mixmatch.toml"
    file.write_text(text, encoding="utf-8")
    return read_settings(file, environment)


def problem_of(tmp_path: Path, text: str = "", **environment: str) -> str:
    with pytest.raises(BadSettings) as caught:
        settings_of(tmp_path, text, **environment)
    return str(caught.value)


# What holds


def test_without_a_file_everything_has_a_value_that_works_on_one_machine() -> None:
    settings = read_settings(None, {})
    assert settings == Settings()
    assert settings.lmtp.host == settings.web.host == "127.0.0.1"
    assert settings.sends_locally
    assert not settings.imap.host
    assert settings.smtp.security == "starttls"
    assert settings.imap.security == "tls"
    assert settings.proposal_life == timedelta(days=30)


def test_a_file_sets_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, FULL)
    assert settings.database == Path("/srv/mixmatch/mixmatch.db")
    assert settings.topics_file == "onderwerpen.toml"
    assert (settings.imap.host, settings.imap.port, settings.imap.security) == ("imap.example.org", 143, "starttls")
    assert (settings.imap.password, settings.smtp.password) == ("geheim-imap", "geheim-smtp")
    assert (settings.imap.folder, settings.smtp.port) == ("INBOX", 587)
    assert settings.lmtp.port == 0
    assert settings.proposal_life == timedelta(days=14)
    assert not settings.sends_locally


def test_a_variable_outweighs_the_file(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        FULL,
        MIXMATCH_SMTP_HOST="ander.example.org",
        MIXMATCH_SMTP_TIMEOUT_SECONDS=" 5 ",
        MIXMATCH_DATA_DIR="/elders",
        MIXMATCH_PROGRAMME_LETTERS_A_DAY="7",
        MIXMATCH_WEB_BASE_URL="http://localhost:1",
        MIXMATCH_CONFIG="wordt hier niet gelezen",
        MIXMATCHES="van iets anders",
        PATH="/bin",
    )
    assert (settings.smtp.host, settings.smtp.timeout_seconds, settings.smtp.password) == (
        "ander.example.org",
        5,
        "geheim-smtp",
    )
    assert settings.folder == Path("/elders")
    assert settings.programme.letters_a_day == 7
    assert settings.programme.address == "programma@example.org"
    assert settings.web.base_url == "http://localhost:1"


def test_variables_alone_are_enough() -> None:
    assert read_settings(None, {"MIXMATCH_LMTP_PROTOCOL": "smtp"}).lmtp.protocol == "smtp"


def test_files_live_where_the_system_keeps_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert Settings().database == tmp_path / "data" / "mixmatch" / "mixmatch.db"
    assert Settings().model_cache == tmp_path / "cache" / "mixmatch"
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().folder == tmp_path / ".local/share/mixmatch"
    assert Settings().model_cache == tmp_path / ".cache/mixmatch"


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, FULL, MIXMATCH_SMTP_PASSWORD="geheim-variabele")
    for shown in (repr(settings), str(settings), f"{settings.imap} {settings.smtp}"):
        assert "geheim" not in shown
        assert "smtp.example.org" in shown or "imap.example.org" in shown


# What is wrong


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("kleur = 'rood'", "De instelling kleur bestaat niet."),
        ("[smtp]\nhots = 'x'", "De instelling smtp.hots bestaat niet."),
        ("[telefoon]\nnummer = 1", "De instelling telefoon bestaat niet."),
        ("[smtp]\nport = 'vijf'", "De instelling smtp.port moet een heel getal"),
        ("[smtp]\nport = '²'", "De instelling smtp.port moet een heel getal"),
        ("[smtp]\nport = 2.5", "De instelling smtp.port moet een heel getal"),
        ("[smtp]\nport = true", "De instelling smtp.port moet een heel getal"),
        ("[smtp]\nport = -1", "De instelling smtp.port moet een heel getal"),
        ("[web]\nport = 65536", "De instelling web.port moet een heel getal van 0 tot en met 65535"),
        ("[programme]\nproposal_days = 99999999999", "De instelling programme.proposal_days moet een heel getal"),
        ("[smtp]\nhost = 5", "De instelling smtp.host moet gewone tekst"),
        ("[smtp]\nhost = ['a']", "De instelling smtp.host moet gewone tekst"),
        ("[smtp]\nuser = {}", "De instelling smtp.user moet gewone tekst"),
        ('data_dir = "a\\u0000b"', "De instelling data_dir moet gewone tekst"),
        ('[programme]\nname = "Mix\\nBcc: all@example.org"', "De instelling programme.name moet gewone tekst"),
        ("[smtp]\nsecurity = 'ssl'", "De instelling smtp.security kan zijn: tls, starttls, none. Er staat: ssl."),
        ("[smtp]\nsecurity = 1", "De instelling smtp.security kan zijn"),
        ("[lmtp]\nprotocol = 'pop3'", "De instelling lmtp.protocol kan zijn: lmtp, smtp."),
        ("smtp = 'smtp.example.org'", "De instelling smtp moet een tabel zijn"),
        ("[[smtp]]\nhost = 'x'", "De instelling smtp moet een tabel zijn"),
        ("[imap]\nhost = 'imap.example.org'\nuser = 'ik'", "horen ook imap.user en imap.password"),
        ("[imap]\nhost = 'imap.example.org'\npassword = 'x'", "horen ook imap.user en imap.password"),
        ("[programme]\naddress = 'geen adres'", "De instelling programme.address moet een mailadres zijn."),
        ("[programme]\naddress = '@'", "De instelling programme.address moet een mailadres zijn."),
        ("[programme]\ncoordinator = ''", "De instelling programme.coordinator moet een mailadres zijn."),
        ("[web]\nbase_url = 'mixmatch.example.org'", "De instelling web.base_url moet met http"),
        ("[web]\nbase_url = 'javascript:alert(1)'", "De instelling web.base_url moet met http"),
        ("[smtp", "is geen geldig TOML"),
        ("a = 1\na = 2", "is geen geldig TOML"),
        (f"a = {'9' * 5000}", "is geen geldig TOML"),
        (f"a = {'[' * 5000}", "is geen geldig TOML"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    problem = problem_of(tmp_path, text)
    assert named in problem
    assert "\n" not in problem.strip()


@pytest.mark.parametrize(
    ("variable", "text", "named"),
    [
        ("MIXMATCH_KLEUR", "rood", "De instelling kleur bestaat niet."),
        ("MIXMATCH_SMTP_HOTS", "x", "De instelling smtp.hots bestaat niet."),
        ("MIXMATCH_SMTP_PORT", "²", "De instelling smtp.port moet een heel getal"),
        ("MIXMATCH_SMTP_PORT", "", "De instelling smtp.port moet een heel getal"),
        ("MIXMATCH_SMTP_PORT", "9" * 5000, "De instelling smtp.port moet een heel getal"),
        ("MIXMATCH_SMTP", "smtp.example.org", "De instelling smtp moet een tabel zijn"),
        ("MIXMATCH_IMAP_SECURITY", "TLS", "De instelling imap.security kan zijn"),
        ("MIXMATCH_DATA_DIR", "map\udcff", "De instelling data_dir moet gewone tekst"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str, text: str, named: str) -> None:
    assert named in problem_of(tmp_path, **{variable: text})


def test_a_variable_does_not_hide_what_is_wrong_in_the_file(tmp_path: Path) -> None:
    for text in ("smtp = 'x'", "smtp = 5"):
        assert "smtp moet een tabel" in problem_of(tmp_path, text, MIXMATCH_SMTP_HOST="smtp.example.org")


def test_no_sentence_repeats_a_secret(tmp_path: Path) -> None:
    assert "geheim" not in problem_of(tmp_path, "[imap]\nhost = 'imap.example.org'\npassword = 'geheim'")
    assert "geheim" not in problem_of(tmp_path, "[smtp]\npassword = ['geheim']")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for place in (tmp_path / "weg.toml", tmp_path):
        with pytest.raises(BadSettings) as caught:
            read_settings(place, {})
        assert str(caught.value) == f"Het instellingenbestand {place} kan niet worden gelezen."
    binary = tmp_path / "foto.toml"
    binary.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(BadSettings, match="is geen geldig TOML"):
        read_settings(binary, {})


@given(
    st.sampled_from(
        ["DATA_DIR", "SMTP_PORT", "SMTP_HOST", "SMTP_SECURITY", "PROGRAMME_ADDRESS", "WEB_BASE_URL", "LMTP"]
    )
    | st.text("ABC_", min_size=1),
    st.text(),
)
def test_no_variable_at_all_gives_another_error(name: str, text: str) -> None:
    with suppress(BadSettings):
        read_settings(None, {f"MIXMATCH_{name}": text})


# Telegram


def test_the_token_and_the_secret_of_telegram_are_never_shown(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        "[telegram]\nmode = 'webhook'\nwebhook_url = 'https://mixmatch.example.org/telegram'",
        MIXMATCH_TELEGRAM_TOKEN="4200:geheim-token",
        MIXMATCH_TELEGRAM_WEBHOOK_SECRET="geheim-geheim-geheim",
    )
    assert settings.telegram.token == "4200:geheim-token"
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("token = 'geheim zonder getal'", "telegram.token"),
        ("base_url = 'ftp://example.org'", "telegram.base_url"),
        ("mode = 'webhook'", "telegram.webhook_url"),
        ("mode = 'webhook'\nwebhook_url = 'https://example.org'\nwebhook_secret = 'kort'", "telegram.webhook_secret"),
        ("mode = 'post'", "telegram.mode"),
    ],
)
def test_what_is_wrong_with_telegram_is_named_without_the_secret(tmp_path: Path, text: str, named: str) -> None:
    problem = problem_of(tmp_path, f"[telegram]\n{text}")
    assert named in problem
    assert "geheim" not in problem
