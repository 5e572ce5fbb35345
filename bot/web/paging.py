"""Long lists a page at a time: which page is asked for and how many there are. Reads no rows."""

from dataclasses import dataclass
from math import ceil

from starlette.datastructures import QueryParams

LONGEST_NUMBER = 6  # digits: no list of ours has more pages


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list: its number from 1, the number of the last page, and how many rows there are in all."""

    number: int
    last: int
    total: int
    size: int

    @property
    def skip(self) -> int:
        """How many rows stand on the pages before this one."""
        return (self.number - 1) * self.size


def page_in(query: QueryParams) -> int:
    """The page that an address asks for; the first one where it asks for none, or for nonsense."""
    typed = query.get("pagina", "")
    return max(int(typed), 1) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 1


def paging_of(query: QueryParams, total: int, size: int) -> Paging:
    """The page of a list of `total` rows; behind the last page comes the last one again: its rows may just be gone."""
    last = max(ceil(total / size), 1)
    return Paging(min(page_in(query), last), last, total, size)
