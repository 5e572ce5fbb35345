"""A typed name finds the people it may mean; only a name that can mean one person is taken for that person."""

from hypothesis import given
from hypothesis import strategies as st

from expertise.experts import shipped_pool
from expertise.named_people import people_named, people_of, the_one_named
from tests.pool_builders import an_expert

PEOPLE = (
    an_expert("a", name="Adviseur zorg dichtbij", organisation="Zorgbelang"),
    an_expert("b", name="Adviseur governance", organisation="Zet"),
    an_expert("c", name="Docent beeld en verhaal", organisation="Avans"),
)


def ids(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [one.id for one in found]


def test_a_name_an_organisation_or_both_is_found_with_typing_errors() -> None:
    assert ids(people_named("beld en verhal", PEOPLE)) == ["c"]
    assert ids(people_named("zorgbelang", PEOPLE)) == ["a"]
    assert ids(people_named("govrnance van zet", PEOPLE))[:1] == ["b"]
    assert ids(people_named("Adviseur", PEOPLE)) == ["a", "b"]
    assert ids(people_named("Xyzzy", PEOPLE)) == []
    assert ids(people_named(" ", PEOPLE)) == []


def test_one_person_is_named_only_by_whole_words_that_fit_nobody_else() -> None:
    for typed, found in (
        ("governance", "b"),
        ("ADVISEUR ZORG DICHTBIJ", "a"),
        ("Adviseur", None),
        ("govern", None),
        ("Zet", None),
        ("", None),
    ):
        one = the_one_named(typed, PEOPLE)
        assert (one.id if one else None) == found


def test_the_whole_name_wins_from_a_longer_one() -> None:
    people = (an_expert("x", name="Jan Jansen"), an_expert("y", name="Jan Jansen Junior"))
    one = the_one_named("jan jansen", people)
    assert one is not None
    assert one.id == "x"


def test_people_of_an_organisation_are_those_of_just_this_name() -> None:
    assert ids(people_of("zorgbelang", PEOPLE)) == ["a"]
    assert ids(people_of("Zorg", PEOPLE)) == []
    assert ids(people_of("", PEOPLE)) == []


@given(st.text(max_size=60))
def test_any_words_find_people_or_nobody(typed: str) -> None:
    pool = shipped_pool()
    assert set(people_named(typed, pool)) <= set(pool)
    one = the_one_named(typed, pool)
    assert one is None or one in pool


@given(st.sampled_from(shipped_pool()))
def test_everybody_is_found_by_the_own_name(person: object) -> None:
    pool = shipped_pool()
    found = next(one for one in pool if one is person)
    assert found in people_named(found.name, pool)
    assert the_one_named(found.name, pool) in (found, None)
