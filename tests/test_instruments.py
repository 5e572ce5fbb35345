"""Instruments, organisations and initiatives: the shipped lists agree, and a recommendation covers what is asked."""

import pytest

from expertise.initiatives import read_initiatives, shipped_initiatives
from expertise.instruments import Instrument, read_instruments, recommend, shipped_instruments
from expertise.organisations import organisation_named, read_organisations, shipped_organisations
from expertise.places import municipality_named
from expertise.topics import shipped_topics

TOPICS = {topic.code for topic in shipped_topics()}


def instrument(code: str, *needs: str) -> Instrument:
    return Instrument(code, code, (), needs, "", "instrument")


def codes(found: tuple[Instrument, ...]) -> list[str]:
    return [one.code for one in found]


def test_the_one_that_covers_most_comes_first() -> None:
    few, many = instrument("few", "data"), instrument("many", "data", "design")
    assert codes(recommend(["data", "design"], [few, many])) == ["many", "few"]


def test_the_next_one_covers_what_is_still_open() -> None:
    offer = [instrument("a", "data", "impact"), instrument("b", "data", "impact"), instrument("c", "design")]
    assert codes(recommend(["data", "impact", "design"], offer)) == ["a", "c", "b"]


def test_among_equals_the_most_certain_need_and_then_the_list_decide() -> None:
    offer = [instrument("second", "design"), instrument("first", "data"), instrument("also", "data")]
    assert codes(recommend(["data", "design"], offer)) == ["first", "second", "also"]


def test_among_equals_what_helped_others_goes_first_but_never_before_what_covers_more() -> None:
    offer = [*(instrument(code, "data") for code in "abc"), instrument("d", "data", "impact")]
    assert [one.code for one in recommend(["data", "impact"], offer, {"a": 0.0, "c": 1.0, "d": 0.0})] == ["d", "c", "b"]


def test_no_more_than_three_and_none_beside_the_point() -> None:
    offer = [instrument(str(n), "data") for n in range(5)]
    assert len(recommend(["data"], offer)) == 3
    assert recommend(["design"], offer) == ()
    assert recommend([], offer) == ()


def test_a_request_for_money_is_shown_doors_and_never_the_provinces_own_subsidy_first() -> None:
    found = codes(recommend(["funders", "financing"], shipped_instruments()))
    assert "knhm_participaties" in found
    assert "subsidie_als_lening" not in found


def test_every_shipped_instrument_serves_known_topics_and_has_a_known_offerer() -> None:
    for one in shipped_instruments():
        assert one.needs, one.code
        assert set(one.needs) <= TOPICS, one.code
        assert one.description.endswith("."), one.code
        for name in one.offered_by:
            assert organisation_named(name) or name == "Provincie Noord-Brabant", name


def test_the_funders_of_the_programme_are_there() -> None:
    funders = {one.name for one in shipped_instruments() if one.kind == "funder"}
    assert funders == {
        "BOM",
        "Rabobank",
        "Start Foundation",
        "KNHM Participaties",
        "Breedbandfonds",
        "Regionale fondsen",
    }
    assert all("funders" in one.needs for one in shipped_instruments() if one.kind == "funder")


def test_an_instrument_that_lacks_a_field_is_named() -> None:
    with pytest.raises(ValueError, match="instrument ulab: 'offered_by' is missing"):
        read_instruments('[ulab]\nname = "U.lab"\nkind = "instrument"\ndescription = "x"\nneeds = []')
    with pytest.raises(ValueError, match="instrument ulab: kind must be"):
        read_instruments('[ulab]\nname = "U"\nkind = "x"\ndescription = "x"\nneeds = []\noffered_by = []')


def test_the_eleven_initiatives_point_at_what_exists() -> None:
    initiatives = shipped_initiatives()
    assert len(initiatives) == 11
    known = {one.code for one in shipped_instruments()}
    for one in initiatives:
        assert set(one.instruments) <= known, one.code
        assert one.needs, one.code
        assert set(one.needs) <= TOPICS, one.code
        assert all(municipality_named(name) for name in one.municipalities), one.code


def test_an_initiative_keeps_its_phases_and_municipality_of_today() -> None:
    by_code = {one.code: one for one in shipped_initiatives()}
    assert by_code["slowcare"].phases == (4, 5)
    assert by_code["toekomstvisie_altena"].municipalities == ("Altena",)
    assert by_code["wijkleerbedrijf"].municipalities == ("Eindhoven", "Bladel")
    assert by_code["vab_zundert"].instruments == ()


def test_an_initiative_with_a_sixth_phase_is_refused() -> None:
    lists = "municipalities = []\npartners = []\ninstruments = []\nneeds = []\n"
    text = f'[x]\nname = "X"\ninitiator = "Y"\narea = "Z"\nquestion = "?"\nphases = [6]\n{lists}'
    with pytest.raises(ValueError, match="initiative x: phases must be 1 to 5"):
        read_initiatives(text)


def test_an_organisation_is_found_whatever_its_case_and_accents() -> None:
    found = organisation_named("’T HEFT")
    assert found is not None
    assert found.name == "'t Heft"
    assert organisation_named("Onbekend BV") is None


def test_every_organisation_of_the_network_is_there_with_one_sentence() -> None:
    assert len(shipped_organisations()) == 26
    for one in shipped_organisations():
        assert one.purpose.count(".") == 1, one.name
        assert one.purpose.endswith("."), one.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[organisation]]\nname = "A"\nkind = "network"\n', "organisation A: purpose is missing"),
        ('[[organisation]]\nname = "A"\nkind = "club"\npurpose = "x."\n', "organisation A: unknown kind club"),
        ('[[organisation]]\nname = "A"\nkind = "network"\npurpose = "x."\n' * 2, "a name is used twice"),
    ],
)
def test_a_faulty_organisation_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_organisations(text)
