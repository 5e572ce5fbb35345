"""Places: from any spelling to the municipality of 2026, its region, and whether a working area reaches it."""

from collections import Counter

import pytest

from expertise.places import (
    FOCUS_MUNICIPALITIES,
    ORDINARY_WORDS,
    REGIONS,
    covers,
    fold,
    is_in_brabant,
    is_known_region,
    known_names,
    municipality_named,
    places_named,
    region_of,
    shipped_places,
)


def municipalities_named(name: str) -> set[str]:
    return {place.municipality for place in places_named(name)}


def test_all_municipalities_of_2026_are_there() -> None:
    per_province = Counter(place.province for place in shipped_places() if place.kind == "municipality")
    belgian = per_province.pop("België")
    assert per_province == {
        "Noord-Brabant": 56,
        "Gelderland": 51,
        "Zuid-Holland": 50,
        "Noord-Holland": 44,
        "Limburg": 31,
        "Utrecht": 26,
        "Overijssel": 25,
        "Friesland": 18,
        "Zeeland": 13,
        "Drenthe": 12,
        "Groningen": 10,
        "Flevoland": 6,
    }
    assert sum(per_province.values()) == 342
    assert belgian > 10


def test_the_four_regions_divide_brabant() -> None:
    regions = Counter(
        place.region for place in shipped_places() if place.kind == "municipality" and place.province == "Noord-Brabant"
    )
    assert regions == {"West-Brabant": 16, "Midden-Brabant": 9, "Noordoost-Brabant": 10, "Zuidoost-Brabant": 21}
    assert set(regions) == set(REGIONS)


def test_every_place_lies_in_a_listed_municipality_of_the_same_province() -> None:
    for place in shipped_places():
        municipality = municipality_named(place.municipality)
        assert municipality is not None, place
        assert (municipality.province, municipality.region) == (place.province, place.region)


def test_brabant_has_its_villages_and_every_municipality_a_position_in_brabant() -> None:
    brabant = [place for place in shipped_places() if place.province == "Noord-Brabant"]
    assert sum(place.kind == "place" for place in brabant) > 450
    for place in brabant:
        if place.kind == "municipality":
            assert place.latitude is not None, place.name
        if place.latitude is not None and place.longitude is not None:
            assert 51.2 < place.latitude < 51.9, place
            assert 4.15 < place.longitude < 6.1, place


@pytest.mark.parametrize(
    ("name", "municipality"),
    [
        ("Den Bosch", "'s-Hertogenbosch"),
        ("’s-hertogenbosch", "'s-Hertogenbosch"),
        ("'s Hertogenbosch", "'s-Hertogenbosch"),
        ("Oeteldonk", "'s-Hertogenbosch"),
        ("Hambaken", "'s-Hertogenbosch"),
        ("St. Oedenrode", "Meierijstad"),
        ("Sint Oedenrode", "Meierijstad"),
        ("sint-oedenrode", "Meierijstad"),
        ("BOZ", "Bergen op Zoom"),
        ("bergen-op-zoom", "Bergen op Zoom"),
        ("Bergeyk", "Bergeijk"),
        ("Castelre", "Baarle-Nassau"),
        ("Nuenen", "Nuenen, Gerwen en Nederwetten"),
        ("Nuenen c.a.", "Nuenen, Gerwen en Nederwetten"),
        ("Son & Breugel", "Son en Breugel"),
        ("Reeshof", "Tilburg"),
        ("Tilburg-Noord", "Tilburg"),
        ("Helmond-West", "Helmond"),
        ("Mierlo-Hout", "Helmond"),
        ("Woensel", "Eindhoven"),
        ("Hoge Vucht", "Breda"),
        ("Brouwhorst", "Helmond"),
        ("De Poeijers", "Eindhoven"),
        ("Gasthuiskwartier", "'s-Hertogenbosch"),
        ("Armhoefse Akkers", "Tilburg"),
        ("Sterckwijck", "Land van Cuijk"),
        ("Philipswijk", "Roosendaal"),
        ("Kozijnenhoek", "Rucphen"),
        ("Kalsdonk", "Roosendaal"),
        ("Galder", "Alphen-Chaam"),
        ("Standdaarbuiten", "Moerdijk"),
        ("Elsendorp", "Gemert-Bakel"),
        ("Den Haag", "'s-Gravenhage"),
        ("Rilland", "Reimerswaal"),
        ("Numansdorp", "Hoeksche Waard"),
        ("Breda", "Breda"),
        ("بريدا", "Breda"),
        ("Гелмонд", "Helmond"),
    ],
)
def test_a_name_in_any_spelling_leads_to_its_municipality(name: str, municipality: str) -> None:
    assert municipalities_named(name) == {municipality}


@pytest.mark.parametrize(
    ("former", "municipality"),
    [
        ("Veghel", "Meierijstad"),
        ("Schijndel", "Meierijstad"),
        ("Uden", "Maashorst"),
        ("Landerd", "Maashorst"),
        ("Werkendam", "Altena"),
        ("Woudrichem", "Altena"),
        ("Aalburg", "Altena"),
        ("Boxmeer", "Land van Cuijk"),
        ("Cuijk", "Land van Cuijk"),
        ("Grave", "Land van Cuijk"),
        ("Mill en Sint Hubert", "Land van Cuijk"),
        ("Sint Anthonis", "Land van Cuijk"),
        ("Haaren", "Oisterwijk"),
        ("Helvoirt", "Vught"),
        ("Esch", "Boxtel"),
        ("Biezenmortel", "Tilburg"),
        ("Geldrop", "Geldrop-Mierlo"),
        ("Beek en Donk", "Laarbeek"),
        ("Ravenstein", "Oss"),
        ("Geffen", "Oss"),
        ("Nuland", "'s-Hertogenbosch"),
    ],
)
def test_a_municipality_that_merged_leads_to_that_of_today(former: str, municipality: str) -> None:
    assert municipality_named(former) is None
    assert municipalities_named(former) == {municipality}


def test_a_municipality_that_was_split_leads_to_both_parts() -> None:
    assert municipalities_named("Maasdonk") == {"Oss", "'s-Hertogenbosch"}
    assert {place.kind for place in places_named("Maasdonk")} == {"former"}


@pytest.mark.parametrize(
    ("name", "municipalities"),
    [
        ("Oosterhout", {"Oosterhout", "Overbetuwe"}),
        ("Velp", {"Land van Cuijk", "Rheden"}),
        ("Vianen", {"Land van Cuijk", "Vijfheerenlanden"}),
        ("Rijswijk", {"Altena", "Rijswijk", "Buren"}),
        ("Heusden", {"Heusden", "Asten"}),
        ("Bergen", {"Bergen op Zoom", "Bergen (L.)", "Bergen (NH.)"}),
        ("Baarle", {"Baarle-Nassau", "Baarle-Hertog"}),
        ("Schadewijk", {"Oss", "Eersel"}),
    ],
)
def test_an_ambiguous_name_gives_every_place(name: str, municipalities: set[str]) -> None:
    assert municipalities_named(name) == municipalities


def test_municipalities_come_first_and_brabant_before_the_rest() -> None:
    assert [place.municipality for place in places_named("Oosterhout")] == ["Oosterhout", "Overbetuwe"]
    assert places_named("Rijswijk")[0].kind == "municipality"
    assert places_named("Velp")[0].province == "Noord-Brabant"


def test_an_unknown_name_gives_nothing() -> None:
    assert places_named("Nergenshuizen") == ()
    assert places_named("") == ()
    assert municipality_named("Den Bosch") is None, "another spelling is no official name"


def test_folding_keeps_what_distinguishes() -> None:
    assert fold("’s-Hertogenbosch") == fold("'s Hertogenbosch") == "s hertogenbosch"
    assert fold("St.-Michielsgestel") == fold("Sint Michielsgestel")
    assert fold("CASTELRÉ") == "castelre"
    assert fold("Cuyk") == fold("Cuĳk") == fold("Cuijk")
    assert fold("Oss") != fold("Os")


def test_known_names_are_folded_and_hold_the_ordinary_words() -> None:
    assert all(name and fold(name) == name for name in known_names())
    assert known_names() >= ORDINARY_WORDS
    assert {"best", "buren", "made", "son"} <= ORDINARY_WORDS
    assert "eindhoven" not in ORDINARY_WORDS


def test_no_name_is_an_everyday_phrase() -> None:
    for phrase in ("de wijk", "wijk", "een", "heel", "echt", "groet", "de provincie", "in goede aarde", "centrum"):
        assert places_named(phrase) == (), phrase


def test_the_focus_cities_are_municipalities_of_brabant() -> None:
    assert len(FOCUS_MUNICIPALITIES) == 8
    assert all(is_in_brabant(name) for name in FOCUS_MUNICIPALITIES)
    assert {"Meierijstad", "Maashorst"} <= FOCUS_MUNICIPALITIES


def test_region_and_province_of_a_municipality() -> None:
    assert region_of("Helmond") == "Zuidoost-Brabant"
    assert region_of("Altena") == "West-Brabant"
    assert region_of("Tholen") is None
    assert region_of("Nergenshuizen") is None
    assert is_in_brabant("Den Bosch")
    assert not is_in_brabant("Weert")
    assert not is_in_brabant("Nergenshuizen")
    assert not is_in_brabant("Bergen"), "an ambiguous name is no municipality"


@pytest.mark.parametrize(
    ("regions", "municipality", "answer"),
    [
        (("Noord-Brabant",), "Helmond", True),
        (("Noord-Brabant",), "Weert", False),
        (("Zuidoost-Brabant",), "Helmond", True),
        (("West-Brabant",), "Helmond", False),
        (("West-Brabant", "Helmond"), "Helmond", True),
        (("Helmond",), "Breda", False),
        (("den bosch",), "'s-Hertogenbosch", True),
        (("Nederland",), "Weert", True),
        (("Nederland",), "Turnhout", False),
        (("België",), "Turnhout", True),
        (("Utrecht",), "Zeist", True),
        (("Limburg",), "Weert", True),
        (("Nergens",), "Helmond", False),
        ((), "Helmond", False),
        (("Noord-Brabant",), None, None),
        (("Noord-Brabant",), "Nergenshuizen", None),
        (("Bergen op Zoom",), "Bergen (L.)", False),
    ],
)
def test_a_working_area_covers_what_it_reaches(
    regions: tuple[str, ...], municipality: str | None, answer: bool | None
) -> None:
    assert covers(regions, municipality) is answer


@pytest.mark.parametrize("word", ["Noord-Brabant", "nederland", "Midden-Brabant", "Zundert", "Den Bosch", "Limburg"])
def test_words_that_can_stand_in_a_list_of_regions(word: str) -> None:
    assert is_known_region(word)


@pytest.mark.parametrize("word", ["", "Brabantje", "Veghel", "Bergen", "Reeshof"])
def test_words_that_cannot(word: str) -> None:
    assert not is_known_region(word)
