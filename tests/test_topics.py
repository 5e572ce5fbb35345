"""Topics are read from data, checked, and the shipped list is the programme's thirteen."""

import pytest

from expertise.topics import Topic, read_topics, shipped_topics

LABELS = {
    "financing": ("hard", "Financieringsmodel en businessplan"),
    "funders": ("hard", "Mede-financiers en investeerders"),
    "governance": ("hard", "Governance en rechtsvorm"),
    "contracts": ("hard", "Contractvormen en afspraken"),
    "impact": ("hard", "Impactmonitoring"),
    "dialogue": ("soft", "Dialoog en participatie"),
    "learning": ("soft", "Leren en kennis delen"),
    "network": ("soft", "Samenwerking en netwerk"),
    "data": ("hard", "Werken met data"),
    "design": ("soft", "Ontwerpend werken"),
    "scaling": ("hard", "Opschalen"),
    "communication": ("soft", "Communicatie en zichtbaarheid"),
    "care_technology": ("hard", "Zorgtechnologie"),
}


def table(code: str = "energy", **changes: str) -> str:
    fields = {"side": '"hard"', "label": '"Energie"', "definition": '"Hulp bij energie."', "examples": '["zon op dak"]'}
    return f"[{code}]\n" + "\n".join(f"{name} = {value}" for name, value in {**fields, **changes}.items())


def test_the_thirteen_topics_come_in_the_programmes_order_with_its_labels() -> None:
    topics = shipped_topics()
    assert [(t.code, (t.side, t.label)) for t in topics] == list(LABELS.items())


@pytest.mark.parametrize("topic", shipped_topics(), ids=lambda topic: topic.code)
def test_every_topic_explains_itself(topic: Topic) -> None:
    assert topic.definition.startswith("Hulp ")
    assert 6 <= len(topic.examples) <= 10
    assert len(set(topic.examples)) == len(topic.examples)
    # What does not belong is said by pointing at the topic where it does.
    others = [other.label for other in shipped_topics() if other != topic]
    assert any(label in topic.excludes for label in others)


def test_no_example_belongs_to_two_topics() -> None:
    examples = [example for topic in shipped_topics() for example in topic.examples]
    assert len(set(examples)) == len(examples)


def test_a_coordinator_can_add_a_topic_without_excludes() -> None:
    (topic,) = read_topics(table())
    assert topic == Topic("energy", "hard", "Energie", "Hulp bij energie.", "", ("zon op dak",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[energy\n", "no valid TOML"),
        ("", "no topic at all"),
        ("energy = 3", "topic energy: must be a table"),
        (table(side='"green"'), "topic energy: side must be hard or soft, not green"),
        (table(label='" "'), "topic energy: label must be a text"),
        (table(definition="4"), "topic energy: definition must be a text"),
        (table(examples="[]"), "topic energy: examples must be a list of texts"),
        (table(examples='["ja", ""]'), "topic energy: every example must be a text"),
        (table(labels='"Energie"'), "topic energy: unknown field labels"),
        (table() + "\n" + table("power"), "topic power: label Energie is used twice"),
    ],
)
def test_a_faulty_list_is_refused_naming_the_topic(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_topics(text)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match="topic energy: label must be a text"):
        read_topics('[energy]\nside = "hard"\ndefinition = "x"\nexamples = ["y"]')
