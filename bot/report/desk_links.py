"""Where on the desk something can be done about what the weekly report names. The pages themselves are bot/web's."""

from urllib.parse import quote

from bot.week import Week

QUARANTINE = "/bureau/quarantaine"
LETTERS = "/bureau/brieven"
POOL = "/bureau/pool"
REPORTS = "/bureau/weekverslag"


def case_path(reference: str) -> str:
    """The page of a case."""
    return f"/bureau/dossiers/{quote(reference, safe='')}"


def report_path(week: Week) -> str:
    """The page of a week's report."""
    return f"{REPORTS}/{week}"
