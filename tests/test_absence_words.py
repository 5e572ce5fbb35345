"""Reading what an adviser writes about being away: the days, who stands in, and never a guess."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.absence import AbsenceTold, read_absence, says_absence
from inbox.when import day_of, read_when

TODAY = date(2026, 7, 15)  # a Wednesday


def d(day: int, month: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ik ben afwezig van 3 tot en met 14 augustus", d(3, 8), d(14, 8)),
        ("Ik ben afwezig van 3 augustus t/m 14 augustus 2026.", d(3, 8), d(14, 8)),
        ("3 t/m 14 augustus", d(3, 8), d(14, 8)),
        ("3-8 t/m 14-8", d(3, 8), d(14, 8)),
        ("3/8 - 14/8", d(3, 8), d(14, 8)),
        ("van 3-8-2026 tot en met 14-08-26 met vakantie", d(3, 8), d(14, 8)),
        ("2026-08-03 tot en met 2026-08-14", d(3, 8), d(14, 8)),
        ("Ik ben vrij van maandag 3 augustus tot vrijdag 14 augustus", d(3, 8), d(13, 8)),
        ("Ik ben er tot 20 juli niet", TODAY, d(19, 7)),
        ("vanaf morgen tot en met vrijdag", d(16, 7), d(17, 7)),
        ("Vandaag t/m 20 juli ben ik weg", TODAY, d(20, 7)),
        ("Tot en met 31 juli heb ik verlof", TODAY, d(31, 7)),
        ("van 28 juli tot en met 3 augustus", d(28, 7), d(3, 8)),
        ("met kerst weg: 24 december t/m 4 januari", d(24, 12), d(4, 1, 2027)),
        ("van 4 januari tot en met 8 januari", d(4, 1, 2027), d(8, 1, 2027)),
        ("volgende week ben ik er niet", d(20, 7), d(26, 7)),
        ("de rest van de week ben ik ziek en dus afwezig", TODAY, d(19, 7)),
        ("In week 32 en 33 heb ik vakantie", d(3, 8), d(16, 8)),
        ("week 32", d(3, 8), d(9, 8)),
        ("ik ben morgen afwezig", d(16, 7), d(16, 7)),
        ("op 3 augustus afwezig", d(3, 8), d(3, 8)),
        ("sinds 10 juli tot en met 20 juli afwezig", d(10, 7), d(20, 7)),
    ],
)
def test_days_are_read(text: str, first: date, last: date) -> None:
    told = read_absence(text, TODAY)
    assert (told.first_day, told.last_day) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ik ben een tijdje afwezig",
        "vanaf 3 augustus ben ik weg",
        "van 14 tot en met 3 augustus",
        "van 30 februari tot en met 31 februari",
        "van 3 t/m 7 augustus en van 14 t/m 18 augustus",
        "ik was van 1 juni tot en met 5 juni weg",
        "van 3-8-2026 tot en met 3-9-2028",
        "bel me op 06-12345678",
    ],
)
def test_doubt_leaves_the_days_open(text: str) -> None:
    told = read_absence(text, TODAY)
    assert not told.is_clear


@pytest.mark.parametrize(
    ("text", "substitute"),
    [
        (
            "Ik ben afwezig van 3 tot en met 14 augustus, Zet-collega Adviseur governance neemt waar",
            "Adviseur governance",
        ),
        ("Afwezig 3 t/m 14 augustus. Mijn vervanger is Adviseur zorg dichtbij.", "Adviseur zorg dichtbij"),
        ("3 t/m 14 augustus, vervanger: Adviseur Noord", "Adviseur Noord"),
        ("Van 3 t/m 14 augustus ben ik weg en Adviseur Noord vervangt mij", "Adviseur Noord"),
        ("Van 3 t/m 14 augustus weg. Dan neemt collega Adviseur Noord het over.", "Adviseur Noord"),
        ("Van 3 t/m 14 augustus weg. Adviseur Noord neemt het van mij over.", "Adviseur Noord"),
        ("Van 3 t/m 14 augustus weg, waarneming door Adviseur Noord", "Adviseur Noord"),
        ("Van 3 t/m 14 augustus weg.", ""),
    ],
)
def test_who_stands_in_is_read(text: str, substitute: str) -> None:
    assert read_absence(text, TODAY) == AbsenceTold(d(3, 8), d(14, 8), substitute)


@pytest.mark.parametrize(
    "text", ["Ik ben er weer", "ik ben terug!", "Ik ben toch niet afwezig", "Trek mijn afwezigheid maar in"]
)
def test_somebody_is_back(text: str) -> None:
    assert read_absence(text, TODAY).ends
    assert says_absence(text, TODAY) == "clearly"


CLEARLY = """
Ik ben afwezig van 3 tot en met 14 augustus. | Afwezig van 3 t/m 14 augustus. Adviseur Noord neemt waar.
Hoi, afwezig 3 t/m 14 augustus | In week 32 en 33 heb ik vakantie | Van 3 t/m 14 augustus heb ik verlof
Ik ga van 3 tot 14 augustus op vakantie | de rest van de week ben ik ziek en dus afwezig
Ik ben van 3 augustus tot en met 14 augustus met zwangerschapsverlof | Ik ben weer terug van vakantie.
"""
PERHAPS = """
Ik ben er volgende week niet | volgende week ben ik er niet | Volgende week ben ik vrij. | ik ben volgende week weg
ik ben morgen niet op kantoor | Mijn vakantie is van 3 t/m 14 augustus
"""
NO = """
Wij openen de winkel van 3 tot en met 14 augustus. | De begroting loopt van 1 januari tot en met 31 december.
Kan dat als ik van 3 t/m 14 augustus afwezig ben? | Ik ben een poosje afwezig.
De huisarts is van 3 tot en met 14 augustus met vakantie. | de expert is volgende week met verlof
Ja, leuk! Ik ben volgende week vrij voor een gesprek | ik ben vrij om volgende week te praten
ik ben er niet uit, ik kom er vrijdag op terug | Akkoord, maar ik ben er vrijdag niet bij
Ze zijn volgende week weg, ik bel daarna | Ik ben volgende week terug van vakantie | Ik ben weer te druk
ik ben benieuwd of de expert volgende week afwezig is | ik ben volgende week niet afwezig
Ik ben op 3 augustus afwezig bij het overleg | ik ben weg van dit plan, volgende week bellen we
De expert is toch niet afwezig | Ik ben er weer klaar voor | De expert is ziek. Afwezig van 3 t/m 14 augustus
"""
SAYINGS = [
    (text.strip(), said)
    for table, said in ((CLEARLY, "clearly"), (PERHAPS, "perhaps"), (NO, "no"))
    for line in table.strip().split("\n")
    for text in line.split(" | ")
]


@pytest.mark.parametrize(("text", "said"), SAYINGS)
def test_only_what_somebody_clearly_tells_of_being_away_counts_unasked(text: str, said: str) -> None:
    assert says_absence(text, TODAY) == said


PIECES = ("van", "3", "31", "t/m", "tot", "augustus", "feb", "-", "/", ".", "2026", "week", "53", "ik", "weg")
days = st.dates(TODAY, TODAY + timedelta(days=200))


@given(days, st.integers(0, 60))
def test_a_period_in_full_is_read_back(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = f"Ik ben afwezig van {first.day}-{first.month}-{first.year} tot en met {last.day}-{last.month}-{last.year}."
    assert read_absence(text, TODAY) == AbsenceTold(first, last)


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    told = read_absence(text, TODAY)
    assert told.first_day is None or (told.last_day is not None and told.first_day <= told.last_day)
    says_absence(text, TODAY)


YEAR = st.integers(0, 9999).map("{:04}".format)
DATE = st.tuples(YEAR, st.integers(0, 13), st.integers(0, 32)).flatmap(
    lambda parts: st.sampled_from(
        ["{0}-{1:02}-{2:02}", "{2}-{1}-{0}", "{2}/{1}/{0}", "{2} feb {0}", "{2} december {0}", "{2}.{1}"]
    ).map(lambda form: form.format(*parts))
)


@given(st.lists(st.sampled_from(PIECES) | DATE, max_size=6).map(" ".join), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
@example("tot 0001-01-01", TODAY)
@example("van 31 december 9999 tot en met 1 jan", TODAY)
def test_a_date_of_any_year_is_read_without_a_fault(text: str, today: date) -> None:
    says_absence(f"ik ben afwezig {text}", today)
    when = read_when(text)
    assert when is None or day_of(when, today) != today
