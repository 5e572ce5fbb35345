"""Needs are found with their sentence, surest first; topics that nothing was learned about are found too."""

import numpy as np

from expertise.topics import Topic, shipped_topics
from inbox.found_need import MOST_NEEDS
from inbox.needs import Scores, found_needs, likeliest_need, message_signs
from inbox.understanding import understand
from inbox.vectors import TextVectors
from matcher.encoder import Encoder
from tests.message_builder import message

GARDEN = Topic(
    code="gardening",
    side="hard",
    label="Moestuin en groen",
    definition="Hulp bij het aanleggen en verzorgen van een moestuin, fruitbomen en ander groen.",
    excludes="",
    examples=(
        "wie kan ons leren hoe je een moestuin aanlegt",
        "we zoeken iemand die verstand heeft van fruitbomen snoeien",
        "welke groenten kunnen we het beste zaaien",
        "hulp bij het verzorgen van de planten en het groen",
    ),
)


def scores(probabilities: list[float], sentences: list[list[float]]) -> Scores:
    codes = tuple(f"topic_{number}" for number in range(len(probabilities)))
    return Scores(
        codes,
        np.asarray(probabilities, dtype=np.float32),
        np.full(len(codes), 0.4, dtype=np.float32),
        np.asarray(sentences, dtype=np.float32),
    )


def test_needs_come_surest_first_with_the_sentence_that_shows_them_best() -> None:
    found = found_needs([scores([0.5, 0.9, 0.39], [[3, 0, 1], [1, 2, 0]])], ["eerste", "tweede"])
    assert [(need.code, need.evidence) for need in found] == [("topic_1", "tweede"), ("topic_0", "eerste")]


def test_there_are_never_more_than_four() -> None:
    assert len(found_needs([scores([0.9] * 7, [[1.0] * 7])], ["zin"])) == MOST_NEEDS


def test_without_sentences_there_is_no_evidence_and_so_no_need() -> None:
    assert found_needs([scores([0.9], [])], []) == ()
    assert likeliest_need([scores([0.9], [])], [], 0.5) == ()


def test_the_likeliest_need_must_come_close() -> None:
    (near,) = likeliest_need([scores([0.1, 0.3], [[0, 1]])], ["zin"], least=0.6)
    assert near.code == "topic_1"
    assert likeliest_need([scores([0.1, 0.2], [[0, 1]])], ["zin"], least=0.6) == ()


def test_signs_of_one_sentence_and_of_none() -> None:
    message_score = np.zeros(2, dtype=np.float32)
    one = message_signs(np.asarray([[1.0, -1.0]], dtype=np.float32), message_score)
    assert one.shape == (2, 4)
    assert np.isfinite(message_signs(np.zeros((0, 2), dtype=np.float32), message_score)).all()


def test_a_plain_request_shows_its_need_and_its_sentence(encoder: Encoder) -> None:
    text = "Hallo,\n\nOns dorpshuis draait goed. We zoeken een investeerder die mee wil betalen aan het dak.\n\nGroet"
    (found,) = understand([message(text)], shipped_topics(), encoder.read)
    assert found.needs[0].code == "funders"
    assert found.needs[0].evidence == "We zoeken een investeerder die mee wil betalen aan het dak."


def test_a_topic_that_a_coordinator_added_is_found_by_its_examples(encoder: Encoder) -> None:
    text = "Wij zijn een buurtgroep. We zoeken iemand die ons leert hoe je een moestuin aanlegt en fruitbomen snoeit."
    other = "Onze stichting zoekt een investeerder voor de verbouwing van het dorpshuis. Wie kan helpen?"
    garden, money = understand([message(text), message(other)], [*shipped_topics(), GARDEN], encoder.read)
    assert "gardening" in [need.code for need in garden.needs]
    assert "gardening" not in [need.code for need in money.needs]


def test_a_topic_that_a_coordinator_took_away_is_not_found(encoder: Encoder) -> None:
    topics = [topic for topic in shipped_topics() if topic.code != "funders"]
    text = "We zoeken een investeerder die mee wil betalen aan het dak van het dorpshuis."
    (found,) = understand([message(text)], topics, encoder.read)
    assert "funders" not in [need.code for need in found.needs]


def test_another_model_than_the_one_learned_for_is_not_judged_by_its_weights() -> None:
    def strange(texts: object, spans: list[list[tuple[int, int]]]) -> list[TextVectors]:
        rng = np.random.default_rng(0)
        return [
            TextVectors(rng.normal(size=8).astype(np.float32), rng.normal(size=(len(own), 8)).astype(np.float32))
            for own in spans
        ]

    text = "We zoeken een investeerder. Wie kan ons helpen?"
    (found,) = understand([message(text)], shipped_topics(), strange)  # type: ignore[arg-type]
    assert found.kind in ("request", "vague_request")
    assert all(need.evidence in text for need in found.needs)
