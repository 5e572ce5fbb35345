"""What an adviser writes about being away: from when until when, and who stands in. Who may say so is not judged here.

In doubt a day stays unknown, so that somebody asks: nobody's work is moved on a guess.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from inbox.calendar_words import MONTHS, WEEKDAYS
from inbox.folding import fold

LONGEST = 1_000  # characters
MOST_DAYS = 366
MOST_WITHOUT_YEAR = 92
"""A longer absence is only believed with its years: "van 14 tot en met 3 augustus" is a slip of the pen."""
MOST_AHEAD = 270
"""A day of the year, told without the year, that is further away was probably meant as one that has been."""
YEARS = range(2000, 2100)
"""Another year is a slip of the pen, and days at the end of the calendar can't be counted on from."""

_MONTH = "|".join(MONTHS)
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
_NUMBERED = rf"(?:{_WEEKDAY} )?\d{{1,2}}"
_DAY = (
    rf"{_NUMBERED}e?(?: (?:{_MONTH})\b\.?(?: \d{{4}})?|[-/.]\d{{1,2}}(?:[-/.]\d{{2,4}})?)|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|vandaag|overmorgen|morgen|(?:(?:deze|aanstaande|komende) )?{_WEEKDAY}"
)
_THROUGH = r"(?:tot(?: |/|-)en(?: |/|-)met|t/m|t\.e\.m\.?|tem)"
_FROM_UNTIL = re.compile(
    rf"(?:\b(?:van(?:af)?|met ingang van|per) )?(?:(?P<first>{_DAY}|{_NUMBERED}) ?)?"
    rf"(?P<until>{_THROUGH}|tot aan|tot|-|–|—) ?(?P<last>{_DAY})(?!\d)"
)
_UP_TO = ("tot", "tot aan")  # the day that follows is the first one back at work
_DASHES = ("-", "–", "—")
_WEEK = re.compile(r"\bweek (\d{1,2})(?: ?(?:en|t/m|tot en met|-) ?(?:week )?(\d{1,2})\b)?")
_BETWEEN = (
    r"(?:(?:er|dan|zelf|helaas|ook|echt|even|in|op|van|vanaf|sinds|per|ingang|tot|aan|en|met|t/m|tem|t\.e\.m|de|het|week"
    rf"|weken|dag|dagen|hele|volgende|komende|aanstaande|deze|rest|vandaag|morgen|overmorgen|ziek|dus|{_WEEKDAY}|{_MONTH}"
    r"|\d+(?:[/.-]\d+)*e?|[-–—])\.? )*"
)
"""What may stand between "ik ben" and the word for being away: days, and nothing else that has a subject."""
_I = r"\b(?:ik (?:ben|ga|heb|neem)|(?:ben|ga|heb|neem) ik)"
_CLAUSE_END = r"(?=\s*(?:[.,;:!?)]|$))"
_END = (
    r"(?=\s*(?:[.,;:!?)]|$|\b(?:en|dus|want|wegens|vanwege|vanaf|sinds|tot|t/m)\b"
    rf"|(?:van|op|in) (?:\d|week|vandaag|morgen|{_WEEKDAY})))"
)
_CLEARLY_AWAY = re.compile(
    rf"{_I} {_BETWEEN}(?:afwezig\b(?! bij)|(?:\w*vakantie|\w*verlof){_END})"
    r"|\A(?:(?:hoi|hallo|dag|beste|goede\w+)\b[^.,!?\d]{0,40}[.,!] ?)?afwezig:? (?:van|vanaf|tot|t/m|op|in|per|met|week"
    rf"|volgende|komende|deze|vandaag|morgen|overmorgen|\d|{_WEEKDAY})"
)
_PERHAPS_AWAY = re.compile(
    rf"{_I} {_BETWEEN}(?:vrij|weg){_END}"
    rf"|{_I} {_BETWEEN}niet (?:aanwezig|op kantoor|bereikbaar)\b"
    rf"|\b(?:ik ben|ben ik) (?={_BETWEEN}er ){_BETWEEN}(?:er )?niet{_END}"
    r"|\bmijn (?:vakantie|verlof|afwezigheid) (?:is|loopt|duurt|begint)\b"
)
"""Who is "vrij" may be away or have time, and who is "niet op kantoor" may work at home."""
_BACK = re.compile(
    r"\bik ben (?:al )?(?:er (?:al )?weer|(?:er )?(?:weer )?(?:terug|aan het werk|aan de slag|op kantoor)"
    r"|(?:er )?niet meer (?:weg|afwezig))"
    rf"(?: van (?:mijn )?(?:vakantie|verlof))?{_CLAUSE_END}"
    r"|\b(?:ik (?:ben|ga)|(?:ben|ga) ik) toch niet (?:afwezig|weg|met (?:verlof|vakantie)|op vakantie)\b"
    rf"|\b(?:trek|haal)\w* (?:mijn|de|die|deze) afwezigheid\w* (?:\w+ ){{0,3}}(?:in|weg){_CLAUSE_END}"
    r"|\bmijn afwezigheid\w* .{0,20}(?:intrekken|vervalt|gaat niet door)"
)
_NAME = r"(?P<name>(?:(?! en | ik |\bben\b)[^,;.!?\n\d]){2,80}?)"
_LEAD = r"(?:^|[,;.!?\n]|\b(?:en|dan|tijd|is|dagen|week|weken)\b)\s*"
_FOR_ME = r"(?:dan |het |mijn werk |voor mij |van mij |me |mij |zolang |in die tijd )*"
_STOP = r"(?=[,;.!?\n]|$)"
_SUBSTITUTE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:mijn |als )?(?:vervang(?:er|ster)|waarnem(?:er|ster))(?: is| wordt|:)* {_NAME}{_STOP}",
        rf"\b(?:waargenomen|vervangen|overgenomen|waarneming|vervanging)(?: is| wordt)? door:? {_NAME}{_STOP}",
        rf"{_LEAD}{_NAME} (?:neemt|nemen|gaat|zal|wil) {_FOR_ME}(?:waar\w*|over\w*)\b",
        rf"{_LEAD}{_NAME} (?:vervangt|is er voor) (?:mij|me)\b",
        rf"\b(?:neemt|nemen|vervangt) {_FOR_ME}{_NAME} {_FOR_ME}(?:waar|over)\b",
    )
)
_FILLER = re.compile(
    r"^(?:(?:en|dan|in die (?:tijd|periode)|die periode|zolang|mijn|onze|de|een|collega|van|dat|doet|wordt)\s+"
    r"|(?:zet|zorgbelang)-collega\s+)+"
)
Said = Literal["clearly", "perhaps", "no"]


@dataclass(frozen=True, slots=True)
class AbsenceTold:
    """What was told: the first and last day, None where unclear; the words that name who stands in, "" for nobody.

    `ends` is set when somebody is back, or not going away after all.
    """

    first_day: date | None = None
    last_day: date | None = None
    substitute: str = ""
    ends: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether it can be kept as it was told."""
        return self.ends or (self.first_day is not None and self.last_day is not None)


def says_absence(text: str, today: date) -> Said:
    """Whether somebody tells, unasked, of being away (from and until) or back, and not of anybody else; no question.

    "perhaps" is for words that may mean something else: whoever hears them has to ask.
    """
    if len(text) > LONGEST or "?" in text:
        return "no"
    words = _plain(text).strip()
    told = read_absence(text, today)
    if told.ends:
        return "clearly"
    if not told.is_clear:
        return "no"
    if _CLEARLY_AWAY.search(words):
        return "clearly"
    return "perhaps" if _PERHAPS_AWAY.search(words) else "no"


def read_absence(text: str, today: date) -> AbsenceTold:
    """Read what is told of an absence by somebody who was asked for it, or asked to tell it."""
    if len(text) > LONGEST:
        return AbsenceTold()
    words = _plain(text)
    periods = {period for read in _PERIODS for period in read(words, today)}
    if not periods:
        return AbsenceTold(ends=True) if _BACK.search(words) else AbsenceTold(substitute=_substitute(text))
    if len(periods) > 1:
        return AbsenceTold(substitute=_substitute(text))
    ((first, last),) = periods
    if last < first or last < today or (last - first).days > MOST_DAYS:
        return AbsenceTold(substitute=_substitute(text))
    return AbsenceTold(first, last, _substitute(text))


Period = tuple[date, date]


def _from_until(words: str, today: date) -> Iterator[Period]:
    """ "van 3 tot en met 14 augustus", "3-8 t/m 14-8", "tot 15 augustus", "24 december t/m 4 januari"."""
    for found in _FROM_UNTIL.finditer(words):
        if found["first"] is None and found["until"] in _DASHES:
            continue
        last = _day(found["last"], today)
        first = today if found["first"] is None else _day(found["first"], today, like=last)
        if first is None or last is None:
            continue
        if last < first and not re.search(r"\d{4}", found["last"]):
            wrapped = _year_on(last)
            last = wrapped if (wrapped - first).days < MOST_WITHOUT_YEAR else last
        yield first, last - timedelta(days=1) if found["until"] in _UP_TO else last


def _weeks(words: str, today: date) -> Iterator[Period]:
    """ "volgende week", "week 32", "week 32 en 33", "in week 32 t/m 34"."""
    monday = today - timedelta(days=today.weekday())
    if re.search(r"\bde rest van (?:de|deze) week\b|\bdeze (?:hele )?week\b", words):
        yield today, monday + timedelta(days=6)
    if re.search(r"\b(?:volgende|komende) week\b", words):
        yield monday + timedelta(days=7), monday + timedelta(days=13)
    for found in _WEEK.finditer(words):
        first, last = int(found[1]), int(found[2] or found[1])
        year = today.isocalendar().year + (last < today.isocalendar().week)
        try:
            yield date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7)
        except ValueError:  # there is no such week
            continue


def _single_days(words: str, today: date) -> Iterator[Period]:
    """ "morgen afwezig", "op 3 augustus": one day and no other is named."""
    if re.search(rf"\b{_THROUGH}(?!\w)|\b(?:tot|week|vanaf|sinds)\b", words):
        return
    days = {_day(found[0], today) for found in re.finditer(rf"\b(?:{_DAY})(?!\w)", words)}
    if len(days) == 1 and (day := days.pop()) is not None:
        yield day, day


_PERIODS: tuple[Callable[[str, date], Iterator[Period]], ...] = (_from_until, _weeks, _single_days)


def _day(words: str, today: date, like: date | None = None) -> date | None:
    """The day that some words name; a bare number takes month and year of the day that it runs `like`."""
    named = {"vandaag": 0, "morgen": 1, "overmorgen": 2}
    if words in named:
        return today + timedelta(days=named[words])
    weekday = next((number for name, number in WEEKDAYS.items() if words.endswith(name)), None)
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        return _date(*numbers)
    month = next((number for name, number in MONTHS.items() if re.search(rf" {name}\b", words)), None)
    if month is not None:
        numbers.insert(1, month)
    if len(numbers) == 1:
        return None if like is None else _date(like.year, like.month, numbers[0])
    if len(numbers) == 3:
        year = numbers[2] + 2000 if numbers[2] < 100 else numbers[2]
        return _date(year, numbers[1], numbers[0])
    return _nearest(numbers[1], numbers[0], today)


def _nearest(month: int, day: int, today: date) -> date | None:
    """This day of the year, the first time that it comes; up to a month ago is still meant as this year's."""
    found = _date(today.year, month, day)
    if found is None or found >= today - timedelta(days=31):
        return found
    return _year_on(found) if _year_on(found) <= today + timedelta(days=MOST_AHEAD) else None


def _year_on(day: date) -> date:
    return date(day.year + 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _date(year: int, month: int, day: int) -> date | None:
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # 31 February
        return None


def _substitute(text: str) -> str:
    """The words that name who stands in, as they were written."""
    line = " ".join(text.split())
    plain = fold(line)
    for pattern in _SUBSTITUTE:
        found = pattern.search(plain)
        if found:
            start, end = found.span("name")
            filler = _FILLER.match(plain[start:end])
            return line[start + (filler.end() if filler else 0) : end].strip()
    return ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text))
