"""The settings of the clock: every number can be changed, and what can't be is refused in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.config import BadSettings, read_settings
from bot.settings import Clock


def read(text: str, tmp_path: Path) -> Clock:
    file = tmp_path / "mixmatch.toml"
    file.write_text(f"[clock]\n{text}\n", encoding="utf-8")
    return read_settings(file, {}).clock


def test_closed_days_are_dates(tmp_path: Path) -> None:
    clock = read('closed_days = "2026-12-24; 2026-12-31;"\nreminder_days = 3', tmp_path)
    assert clock.closed == {date(2026, 12, 24), date(2026, 12, 31)}
    assert (clock.reminder_days, Clock().reminder_days, Clock().closed) == (3, 2, frozenset())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('closed_days = "24 december"', "clock.closed_days"),
        ("reminder_days = 0", "clock.reminder_days"),
        ("close_days = 251", "clock.close_days"),
        ("hand_on_days = 2", "clock.hand_on_days"),
        ("first_hour = 18", "clock.last_hour"),
        ("last_hour = 25", "clock.last_hour"),
        ('follow_up_weeks = "vier"', "clock.follow_up_weeks"),
    ],
)
def test_what_can_not_be_is_named(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=named):
        read(text, tmp_path)
