"""The places at which tests kill the service: there in the code, and never armed outside a test on this computer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import tests.command_line
from bot import fault_points, flow
from bot.fault_points import CLOCK, KILL_AT, KILL_ONLY_IN, POINTS, NotArmed, arm
from bot.settings import Imap, Lmtp, Settings, Smtp, Telegram, Web
from tests.command_line import ROOT, Mixmatch, in_a_process

mixmatch = tests.command_line.mixmatch
HERE = Settings(data_dir="/somewhere", imap=Imap(host="127.0.0.1"), telegram=Telegram("1:a", "http://127.0.0.1:1/bot"))
RIGHT = {KILL_AT: "mail_stored", KILL_ONLY_IN: "/somewhere"}
ENDS = """
import os
from bot.fault_points import arm, reached
from bot.settings import Settings
arm(os.environ, Settings(data_dir="here"))
for place in ("mail_stored", "mail_moved", "mail_stored", "mail_moved"):
    print(place, flush=True)
    reached(place)
"""


@pytest.fixture(autouse=True)
def disarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_points, "_armed", None)


def test_every_place_stands_in_the_code_once() -> None:
    source = "".join(path.read_text() for path in sorted((ROOT / "bot").rglob("*.py")))
    assert sorted(re.findall(r'reached\("(\w+)"\)', source)) == sorted(POINTS)
    assert 'reached(f"{CLOCK_POINT}{name}")' in Path(str(flow.__file__)).read_text()


@pytest.mark.parametrize("point", [*POINTS, f"{CLOCK}report", "after_commit:7"])
def test_two_variables_that_belong_together_arm_a_place(point: str) -> None:
    arm({**RIGHT, KILL_AT: point}, HERE)
    assert fault_points._armed is not None


@pytest.mark.parametrize("environment", [{}, {KILL_ONLY_IN: "/somewhere"}])
def test_nothing_is_armed_by_itself(environment: dict[str, str]) -> None:
    arm(environment, Settings())
    assert fault_points._armed is None
    fault_points.reached("mail_stored")


@pytest.mark.parametrize(
    "environment",
    [
        {KILL_AT: "mail_stored"},
        {**RIGHT, KILL_ONLY_IN: "/elsewhere"},
        {**RIGHT, KILL_AT: ""},
        {**RIGHT, KILL_AT: "mail"},
        {**RIGHT, KILL_AT: "mail_stored:0"},
        {**RIGHT, KILL_AT: "mail_stored:often"},
    ],
)
def test_anything_else_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(NotArmed, match=KILL_AT):
        arm(environment, HERE)


@pytest.mark.parametrize(
    "settings",
    [
        replace(HERE, imap=Imap(host="imap.example.org")),
        replace(HERE, smtp=Smtp(host="smtp.example.org")),
        replace(HERE, lmtp=Lmtp(host="0.0.0.0")),
        replace(HERE, web=Web(host="0.0.0.0")),
        replace(HERE, telegram=Telegram("1:a")),
    ],
)
def test_an_installation_that_others_reach_is_never_armed(settings: Settings) -> None:
    with pytest.raises(NotArmed):
        arm(RIGHT, settings)


def test_the_service_refuses_to_start(mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KILL_AT, "mail_stored")
    answered = mixmatch("run")
    assert (answered.code, answered.out) == (1, "")
    assert f"mixmatch: De variabele {KILL_AT} is er alleen voor tests. Haal die weg." in answered.err


def test_the_process_ends_at_the_visit_that_was_named(tmp_path: Path) -> None:
    armed = {KILL_AT: "mail_stored:2", KILL_ONLY_IN: "here"}
    answered = in_a_process(tmp_path, program=ENDS, **armed)
    assert (answered.code, answered.out.split()) == (-9, ["mail_stored", "mail_moved", "mail_stored"])
