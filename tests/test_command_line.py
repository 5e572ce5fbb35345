"""The command `mixmatch`: Dutch help, a Dutch sentence and the right exit code for wrong use, never a traceback."""

from __future__ import annotations

import argparse
import errno
import os
import sqlite3
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot import cli
from bot.config import BadSettings
from bot.dutch_argparse import DutchParser, in_dutch
from bot.settings import Settings
from bot.terminal import Refused
from tests import command_line
from tests.command_line import ENGLISH, EVERY_COMMAND, ROOT, Mixmatch, in_a_process, parsers

mixmatch = command_line.mixmatch


# Help


def test_every_command_of_the_help_can_be_run() -> None:
    names = {command[0] for command in EVERY_COMMAND if command}
    assert {"demo", "run", "analyse", "experts", "ask", "report", "doctor"} <= names
    assert [name for name in sorted(names) if find_spec(f"bot.commands.{cli.module_of(name)}") is None] == []


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_the_help_of_every_command_is_dutch(mixmatch: Mixmatch, command: list[str]) -> None:
    answered = mixmatch(*command, "--help")
    assert (answered.code, answered.err) == (0, "")
    assert answered.out.startswith(f"gebruik: {' '.join(['mixmatch', *command])} [-h]")
    assert "deze uitleg tonen" in answered.out
    assert [word for word in ENGLISH if word in answered.out] == []
    assert mixmatch(*command, "-h") == answered


def test_every_option_is_explained() -> None:
    for parser in parsers():
        for action in parser._actions:
            assert action.help or isinstance(action, argparse._SubParsersAction), (parser.prog, action.dest)
            if isinstance(action, argparse._SubParsersAction):
                explained = {choice.dest: choice.help for choice in action._choices_actions}
                assert all(explained.get(name) for name in action.choices)


# Wrong use


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "er ontbreekt: OPDRACHT."),
        ("dans", "dans kan niet bij OPDRACHT; kies uit 'analyse', "),
        ("--kleur doctor", "dit wordt niet herkend: --kleur."),
        ("doctor --kleur rood", "dit wordt niet herkend: --kleur rood."),
        ("doctor teveel", "dit wordt niet herkend: teveel."),
        ("--config", "bij --config hoort een waarde."),
        ("experts", "er ontbreekt: ACTIE."),
        ("experts dans", "dans kan niet bij ACTIE; kies uit 'import', "),
        ("experts import", "er ontbreekt: BESTAND."),
        ("experts list teveel", "dit wordt niet herkend: teveel."),
        ("analyse", "er ontbreekt: BESTAND."),
        ("analyse --experts", "bij --experts hoort een waarde."),
        ("report --format pdf", "pdf kan niet bij --format; kies uit "),
        ("report --send=ja", "bij --send hoort geen waarde (er staat 'ja')."),
        ("bench --messages veel", "'veel' past niet bij --messages: hier hoort een getal."),
        ("ask --as", "bij --as hoort een waarde."),
    ],
)
def test_wrong_use_gets_a_dutch_sentence_and_code_2(mixmatch: Mixmatch, line: str, sentence: str) -> None:
    answered = mixmatch(*line.split())
    assert (answered.code, answered.out) == (2, "")
    usage, told = answered.err.split("\nmixmatch: ")
    assert usage.startswith("gebruik: mixmatch")
    assert told.startswith(sentence)
    assert [word for word in ENGLISH if word in answered.err] == []


@pytest.mark.parametrize("odd", ["twee\nregels", "\udcff", "é" * 5000, "%s%d{0}", "'\"\\"])
def test_odd_arguments_get_the_same_sentence(mixmatch: Mixmatch, odd: str) -> None:
    for arguments in ([odd], ["experts", odd], ["doctor", odd]):
        answered = mixmatch(*arguments)
        assert answered.code == 2
        assert ("kan niet bij" in answered.err) or ("dit wordt niet herkend" in answered.err)


def test_an_error_of_argparse_that_is_not_known_here_stays_readable() -> None:
    assert in_dutch("something new") == "deze opdracht klopt niet (something new)"
    assert in_dutch("ambiguous option: --me could match --mean, --messages") == (
        "--me kan van alles zijn: --mean, --messages"
    )


def test_an_option_that_could_be_two_is_refused_in_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    parser = DutchParser(prog="mixmatch")
    for name in ("--mean", "--messages"):
        parser.add_argument(name)
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(["--me", "1"])
    assert "--me kan van alles zijn: --mean, --messages." in capsys.readouterr().err


def test_a_process_ends_with_the_same_codes(tmp_path: Path) -> None:
    for arguments, code in ((["--help"], 0), ([], 2), (["dans"], 2), (["--config", "weg.toml", "doctor"], 2)):
        answered = in_a_process(tmp_path, *arguments)
        assert answered.code == code
        assert "Traceback" not in answered.err


def test_letters_are_written_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    answered = in_a_process(tmp_path, "analyse", "--help", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert answered.code == 0
    assert "één JSON-object per bericht" in answered.out


# Wrong settings


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[smtp", "is geen geldig TOML"),
        ("kleur = 'rood'", "De instelling kleur bestaat niet."),
        ("[web]\nport = 'x'", "De instelling web.port moet een heel getal"),
        ("smtp = 1", "De instelling smtp moet een tabel zijn"),
    ],
)
def test_wrong_settings_stop_every_command_with_code_2(mixmatch: Mixmatch, text: str, sentence: str) -> None:
    Path("mixmatch.toml").write_text(text)
    Path("elders.toml").write_text(text)
    for arguments in (["doctor"], ["experts", "list"], ["--config", "elders.toml", "report"]):
        answered = mixmatch(*arguments)
        assert (answered.code, answered.out) == (2, "")
        assert answered.err.startswith("mixmatch: ")
        assert sentence in answered.err


def test_settings_come_from_the_option_then_the_variable_then_this_folder(
    mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def note(_options: argparse.Namespace, settings: Settings) -> int:
        seen.append(settings.programme.name)
        return 0

    monkeypatch.setattr(cli, "_command", lambda _name: note)
    mixmatch("doctor")
    for name in ("mixmatch", "variabele", "optie"):
        Path(f"{name}.toml").write_text(f"[programme]\nname = '{name}'")
    mixmatch("doctor")
    monkeypatch.setenv("MIXMATCH_CONFIG", "variabele.toml")
    mixmatch("doctor")
    mixmatch("--config", "optie.toml", "doctor")
    assert seen == [Settings().programme.name, "mixmatch", "variabele", "optie"]


def test_a_settings_file_that_is_not_there_is_named(mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mixmatch("--config", "weg.toml", "doctor").err == (
        "mixmatch: Het instellingenbestand weg.toml kan niet worden gelezen.\n"
    )
    monkeypatch.setenv("MIXMATCH_CONFIG", "ook-weg.toml")
    answered = mixmatch("doctor")
    assert answered.code == 2
    assert "ook-weg.toml" in answered.err


# Failure


@pytest.mark.parametrize(
    ("problem", "code", "sentence"),
    [
        (Refused("Dat kan nu niet."), 1, "Dat kan nu niet."),
        (Refused("Zo hoort het niet.", 2), 2, "Zo hoort het niet."),
        (BadSettings("De instelling x bestaat niet."), 2, "De instelling x bestaat niet."),
        (KeyboardInterrupt(), 130, "Gestopt."),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "weg.csv"),
            1,
            "Het bestand of de verbinding weg.csv kan niet worden gebruikt: dit bestaat niet.",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "dicht"),
            1,
            "Het bestand of de verbinding dicht kan niet worden gebruikt: dit mag niet met jouw rechten.",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            1,
            "Het bestand of de verbinding kan niet worden gebruikt: de schijf is vol.",
        ),
        (TimeoutError(), 1, "Het bestand of de verbinding kan niet worden gebruikt: TimeoutError."),
        (
            sqlite3.OperationalError("database is locked"),
            1,
            "De database kan niet worden gebruikt (database is locked). Start 'mixmatch doctor' voor meer uitleg.",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_failure_is_one_dutch_sentence_and_its_code(
    mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch, problem: BaseException, code: int, sentence: str
) -> None:
    def fail(_options: argparse.Namespace, _settings: Settings) -> int:
        raise problem

    monkeypatch.setattr(cli, "_command", lambda _name: fail)
    answered = mixmatch("doctor")
    assert (answered.code, answered.out, answered.err) == (code, "", f"mixmatch: {sentence}\n")


def test_what_a_command_returns_is_the_exit_code(mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_command", lambda _name: lambda _options, _settings: 1)
    assert mixmatch("doctor").code == 1
    with pytest.raises(SystemExit, match="1"):
        cli.main(["doctor"])


PRINTS = (
    "from bot import cli; cli._command = lambda name: lambda o, s: print('regel\\n' * {}) or 0; cli.main(['doctor'])"
)


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_reader_that_stops_reading_is_no_fault(tmp_path: Path, lines: int) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as nobody_reads:
        ended = subprocess.run(
            [sys.executable, "-c", PRINTS.format(lines)],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdout=nobody_reads,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, b"")
