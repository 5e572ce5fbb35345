"""A pool file on disk, read and checked with the rooms' rules; decides nothing about the rows itself."""

from pathlib import Path

from bot.installation import topics_of
from bot.reasons import words_or_code
from bot.settings import Settings
from bot.terminal import Refused
from expertise.experts import Expert, RowError, UnreadablePool, pool_rows, read_pool
from expertise.places import is_known_region

LARGEST_FILE = 20 * 1024 * 1024  # bytes; ten thousand experts with long profiles fit easily


def check_pool_file(path: Path, settings: Settings) -> tuple[tuple[Expert, ...], tuple[RowError, ...]]:
    """All people in a CSV or XLSX file and everything that is wrong with it, by row and column.

    Raises `Refused` with a Dutch sentence when the file can't be read as a table at all.
    """
    if not path.is_file():
        raise Refused(f"Het bestand {path} bestaat niet.")
    if path.stat().st_size > LARGEST_FILE:
        raise Refused(f"Het bestand {path} is te groot (meer dan 20 MB).")
    try:
        header, rows = pool_rows(path.read_bytes())
    except UnreadablePool as problem:
        column = f", kolom {problem.column}" if problem.column else ""
        place = f" (rij {problem.row}{column})" if problem.row else ""
        raise Refused(f"{path}: {words_or_code('pool_problem', problem.code)}{place}.") from problem
    if not rows:
        raise Refused(f"{path}: {words_or_code('pool_problem', 'empty')}.")
    known_needs = {topic.code for topic in topics_of(settings)}
    return read_pool(rows, header, known_needs, is_known_region)
