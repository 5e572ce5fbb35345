"""The map of Noord-Brabant: every municipality once, larger with more questions, names that touch nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coordinator.map_picture import EMPTY, LARGEST, NARROW_TEXT, WIDE_TEXT, MapPicture, draw_map
from expertise.places import BRABANT, FOCUS_MUNICIPALITIES, REGIONS, region_of, shipped_places

MUNICIPALITIES = [each.name for each in shipped_places() if each.province == BRABANT and each.kind == "municipality"]


def spread(picture: MapPicture) -> dict[str, float]:
    return {dot.name: dot.radius for dot in picture.dots}


def test_every_municipality_is_a_dot_of_its_region_and_the_focus_cities_are_marked() -> None:
    picture = draw_map({})
    assert sorted(dot.name for dot in picture.dots) == sorted(MUNICIPALITIES)
    assert all(REGIONS[dot.region] == region_of(dot.name) for dot in picture.dots)
    assert {dot.name for dot in picture.dots if dot.focus} == FOCUS_MUNICIPALITIES
    assert {dot.radius for dot in picture.dots} == {EMPTY}
    assert len(picture.villages) == len(REGIONS)


def test_west_is_left_and_north_is_up() -> None:
    at = {dot.name: (dot.x, dot.y) for dot in draw_map({}).dots}
    assert at["Bergen op Zoom"][0] < at["Breda"][0] < at["Tilburg"][0] < at["Helmond"][0] < at["Land van Cuijk"][0]
    assert at["Oss"][1] < at["Meierijstad"][1] < at["Eindhoven"][1] < at["Valkenswaard"][1]


def test_the_area_of_a_dot_goes_with_the_number() -> None:
    radius = spread(draw_map({"Oss": 36, "Helmond": 9, "Zundert": 1, "Utrecht": 500}))
    assert radius["Oss"] == LARGEST > radius["Helmond"] > radius["Zundert"] > EMPTY == radius["Breda"]
    assert "Utrecht" not in radius


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(MUNICIPALITIES), st.integers(0, 10_000)))
def test_names_stand_inside_the_map_and_not_on_each_other(counts: dict[str, int]) -> None:
    picture = draw_map(counts)
    assert all(EMPTY <= dot.radius <= LARGEST for dot in picture.dots)
    for labels, size in ((picture.labels, WIDE_TEXT), (picture.narrow_labels, NARROW_TEXT)):
        rows = sorted((label.y, label.text) for label in labels)
        assert all(0 <= label.x <= picture.width and size * 0.8 <= label.y <= picture.height for label in labels)
        assert len({text for _, text in rows}) == len(rows)
    named = {label.text for label in picture.labels}
    assert named <= FOCUS_MUNICIPALITIES | {name for name, count in counts.items() if count}
    assert {label.text for label in picture.narrow_labels} <= FOCUS_MUNICIPALITIES
