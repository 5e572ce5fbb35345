"""How many rows are in each state, for monitoring: by indexes only, so that a million rows cost but a glance."""

from collections.abc import Mapping

from sqlite_utils import Database


def messages(db: Database) -> Mapping[str, int]:
    """Messages received, quarantined and handled."""
    waiting = _number(db, "SELECT count(*) FROM messages WHERE state = 'received'")
    quarantined = _number(db, "SELECT count(*) FROM messages WHERE state = 'quarantined'")
    handled = _number(db, "SELECT count(*) FROM messages") - waiting - quarantined
    return {"received": waiting, "quarantined": quarantined, "handled": handled}


def letters(db: Database) -> Mapping[str, int]:
    """Letters on their way, stuck and gone."""
    found = {
        state: _number(db, f"SELECT count(*) FROM letters WHERE state = '{state}' AND state IN {among}")  # noqa: S608
        for among, states in ((_ON_THEIR_WAY, ("waiting", "sending")), (_STUCK, ("parked", "unknown")))
        for state in states
    }
    return {**found, "sent": _number(db, "SELECT count(*) FROM letters") - sum(found.values())}


_ON_THEIR_WAY, _STUCK = "('waiting', 'sending')", "('parked', 'unknown')"  # as the partial indexes have them


def cases(db: Database) -> Mapping[str, int]:
    """Cases in each state."""
    return _by_state(db, "cases")


def proposals(db: Database) -> Mapping[str, int]:
    """Proposals in each state."""
    return _by_state(db, "proposals")


def _by_state(db: Database, table: str) -> Mapping[str, int]:
    rows = db.execute(f"SELECT state, count(*) FROM {table} GROUP BY state").fetchall()  # noqa: S608 - our own names
    return {str(state): int(count) for state, count in rows}


def _number(db: Database, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
