"""A command loads what it needs and no more, so that it starts at once: a list waits for no language model."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import cli
from expertise.experts import shipped_pool, write_pool_csv
from tests.command_line import EVERY_COMMAND, in_a_process

LOADED = "import sys, atexit; from bot import cli; atexit.register(lambda: print(*sys.modules)); cli.main()"
MODEL = {"torch", "transformers", "sentence_transformers", "onnxruntime", "tokenizers", "lingua", "matcher.encoder"}
STORY = {"bot.flow", "bot.turn", "bot.wiring", "bot.outbox", "bot.serving", "bot.privacy.erasing", "inbox.facts"}
SERVERS = {"asyncio", "telegram", "imap_tools", "aiosmtplib", "starlette", "holidays"}
READING = {"lxml", "charset_normalizer", "email.message", "openpyxl", "rapidfuzz"}
WRITING = {"jinja2", "css_inline", "PIL", "xlsxwriter"}
NUMBERS = {"numpy"}
HEAVY = MODEL | NUMBERS | STORY | SERVERS | READING | WRITING


@pytest.mark.parametrize("arguments", [["--help"], ["experts", "--help"], ["onbekend"]])
def test_help_and_errors_come_without_loading_the_model(tmp_path: Path, arguments: list[str]) -> None:
    loaded = set(in_a_process(tmp_path, *arguments, program=LOADED).out.split())
    assert "bot.dutch_argparse" in loaded
    assert loaded & (HEAVY | {"sklearn", "sqlite_utils"}) == set()


NEEDED: dict[str, set[str]] = {
    "begroting": {"xlsxwriter"},
    "experts import pool.csv": set(),
    "experts export out.csv": set(),
    "experts check pool.csv": set(),
    "experts list": set(),
    "report": {"PIL"},
    "report --format json": {"PIL"},
    "report --format html": {"PIL", "jinja2", "css_inline"},
    "report --format xlsx --out out.xlsx": {"PIL", "xlsxwriter"},
    "backup copy.zip": {"email.message"},  # by importlib.metadata, for the number of this release
    "restore copy.zip": {"email.message"},
    "export open": set(),
    "import open": set(),
    "quarantine list": set(),
    "quarantine show 1": set(),
    "quarantine replay 1": set(),
    "quarantine done 1": set(),
    # Looks into mail that nobody read yet.
    "privacy export a@example.org": {"email.message", "lxml", "charset_normalizer"},
    "privacy list": set(),
    "privacy approve 1 --by coordinator@example.org": set(),
    "privacy retention --dry-run": set(),
    "privacy register": {"jinja2"},
    "privacy dpia": {"jinja2"},
    "privacy algorithm": {"jinja2"},
    "corrections out.jsonl": set(),
    "weights list": set(),
    "weights approve 1 --by coordinator@example.org": set(),
    "weights reject 1": set(),
}
"""Every command that does without a language model, and what of HEAVY it cannot do without."""
WITH_MODEL = {
    "analyse", "ask", "bench", "demo", "doctor", "evaluate", "privacy erase", "run", "train", "weights compare"
}  # fmt: skip


def test_every_command_that_does_without_the_model_is_watched() -> None:
    every = {" ".join(command) for command in EVERY_COMMAND if command}
    lowest = {name for name in every if not any(other.startswith(f"{name} ") for other in every)}
    watched = {name for name in lowest for line in NEEDED if line == name or line.startswith(f"{name} ")}
    assert lowest - watched == WITH_MODEL


@pytest.mark.parametrize("line", NEEDED)
def test_a_command_without_the_model_loads_only_what_it_needs(tmp_path: Path, line: str) -> None:
    (tmp_path / "pool.csv").write_text(write_pool_csv(shipped_pool()), encoding="utf-8")
    ended = in_a_process(tmp_path, *line.split(), program=LOADED)
    loaded = set(ended.out.splitlines()[-1].split())
    assert ended.code in (0, 1)
    assert f"bot.commands.{cli.module_of(line.split()[0])}" in loaded
    assert loaded & HEAVY == NEEDED[line]


def test_doctor_asks_for_the_model_without_the_service(tmp_path: Path) -> None:
    program = "import sys, bot.commands.doctor; print(*sys.modules)"
    loaded = set(in_a_process(tmp_path, program=program).out.split())
    assert "telegram" in loaded
    assert loaded & {"onnxruntime", "torch", "tokenizers", "bot.flow", "bot.serving", "starlette"} == set()
