"""The schema, as an ordered list of changes; a released change is never edited, only followed by another."""

from collections.abc import Callable

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.store.migrations import (
    chat_signs,
    clock,
    desk,
    earlier_names,
    erasing,
    insight,
    many_cases,
    open_data,
    privacy,
    released,
    reports,
    sending_pauses,
    tombstones,
)


def _run(statements: tuple[str, ...]) -> Callable[[Database], None]:
    def migration(db: Database) -> None:
        for statement in statements:
            db.execute(statement)

    return migration


MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001_first_schema", released.FIRST_SCHEMA),
    ("0002_budget_sheets", released.BUDGET_SHEETS),
    ("0003_weights", released.WEIGHTS),
    ("0004_conversations", released.CONVERSATIONS),
    ("0005_telegram", released.TELEGRAM),
    ("0006_choices", released.CHOICES),
    ("0007_adviser_actions", released.ADVISER_ACTIONS),
    ("0008_absences", released.ABSENCES),
    ("0009_accounts", released.ACCOUNTS),
    ("0010_confirmed", released.CONFIRMED),
    ("0011_unsure_facts", released.UNSURE_FACTS),
    ("0012_replies", released.REPLIES),
    ("0013_clock", clock.STATEMENTS),
    ("0014_privacy", privacy.STATEMENTS),
    ("0015_reports", reports.STATEMENTS),
    ("0016_desk", desk.STATEMENTS),
    ("0017_insight", insight.STATEMENTS),
    ("0018_open_data", open_data.STATEMENTS),
    ("0019_chat_signs", chat_signs.STATEMENTS),
    ("0020_earlier_names", earlier_names.STATEMENTS),
    ("0021_many_cases", many_cases.STATEMENTS),
    ("0022_sending_pauses", sending_pauses.STATEMENTS),
    ("0023_erasing", erasing.STATEMENTS),
    ("0024_tombstones", tombstones.STATEMENTS),
)

MIGRATION_SET = Migrations("mixmatch")
for _name, _statements in MIGRATIONS:
    MIGRATION_SET(name=_name)(_run(_statements))
