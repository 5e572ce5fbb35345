"""Whatever comes in, understanding gives a whole and honest record, in the order of the messages."""

import numpy as np
import pytest

from expertise.topics import shipped_topics
from inbox.learned import UnreadableLearned, read_learned, shipped_learned, write_learned
from inbox.understanding import LONGEST_READ, Understood, understand, understand_with_vectors
from inbox.vectors import Embed, TextVectors
from matcher.encoder import Encoder
from tests.message_builder import message

REQUEST = "Wij zijn een buurthuis in Oss. Wie helpt ons met de statuten? Ook zoeken we fondsen."
ODD = (
    "",
    " \n\t ",
    "😀😀",
    "?",
    "\x00\ufeff\u202e",
    "a",
    "Ik zoek " + "heel " * 3000 + "veel hulp",
    "ЖЖЖ " * 50,
    "نبحث عن تمويل. من يساعدنا؟",
    "ＷＩＪ　ＺＯＥＫＥＮ　ＧＥＬＤ",
    "regel een\r\nregel twee\r\n\r\n- punt\r\n- punt",
    "𝓦𝓲𝓮 𝓱𝓮𝓵𝓹𝓽 𝓸𝓷𝓼?",
    "e\u0301e\u0301n vraag over geld",
)


def test_evidence_is_always_an_exact_piece_of_the_text(encoder: Encoder) -> None:
    messages = [message(text, subject=subject) for text in (*ODD, REQUEST) for subject in ("", "Hulp bij statuten")]
    found = understand(messages, shipped_topics(), encoder.read)
    assert len(found) == len(messages)
    for one, own in zip(messages, found, strict=True):
        assert all(need.evidence and need.evidence in one.text for need in own.needs)
        assert all(0 < need.confidence <= 1 for need in own.needs)
        assert 0 <= own.kind_confidence <= 1


def test_only_a_request_has_needs_and_it_has_at_least_one(encoder: Encoder) -> None:
    texts = [*ODD, REQUEST, "Bedankt!", "Hoe staat het met onze vraag over fondsen?", "Wij trekken onze vraag in."]
    for found in understand([message(text) for text in texts], shipped_topics(), encoder.read):
        assert (found.kind == "request") == bool(found.needs)


def test_the_order_is_kept_and_company_changes_nothing(encoder: Encoder) -> None:
    messages = [message(REQUEST), message("Bedankt voor alles!"), message("")]
    together = understand(messages, shipped_topics(), encoder.read)
    backwards = understand(messages[::-1], shipped_topics(), encoder.read)
    assert [_codes(one) for one in together] == [_codes(one) for one in backwards[::-1]]
    assert understand([], shipped_topics(), encoder.read) == []


def test_a_request_is_understood_whole(encoder: Encoder) -> None:
    (found,) = understand([message(REQUEST, subject="statuten")], shipped_topics(), encoder.read)
    assert found.kind == "request"
    assert {need.code for need in found.needs} >= {"governance", "funders"}
    assert found.language == "nl"
    assert found.facts.municipality == "Oss"


def test_a_text_of_200_000_characters_is_read_in_part() -> None:
    lengths: list[int] = []
    embed = _meaningless(lengths)
    (found,) = understand([message("Wij zoeken hulp. " * 12_000)], shipped_topics(), embed)
    assert max(lengths) <= LONGEST_READ
    assert found.language == "nl"


def test_the_vectors_handed_on_are_those_of_the_sentences(encoder: Encoder) -> None:
    (reading,) = understand_with_vectors([message(REQUEST, subject="Statuten")], shipped_topics(), encoder.read)
    assert reading.text == REQUEST
    assert len(reading.vectors.parts) == len(reading.spans) == 3
    assert reading.text[slice(*reading.spans[1])] == "Wie helpt ons met de statuten?"


def test_what_was_learned_survives_being_written() -> None:
    learned = shipped_learned()
    data = write_learned(learned)
    again = read_learned(data)
    assert write_learned(again) == data
    assert again.needs.codes == tuple(topic.code for topic in shipped_topics())


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x03\x04" + bytes(40)])
def test_a_damaged_file_of_what_was_learned_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableLearned):
        read_learned(data)


def _codes(found: Understood) -> tuple[str, list[str]]:
    return found.kind, [need.code for need in found.needs]


def _meaningless(lengths: list[int]) -> Embed:
    def embed(texts: object, spans: object) -> list[TextVectors]:
        assert isinstance(texts, list)
        assert isinstance(spans, list)
        lengths.extend(len(text) for text in texts)
        one = np.ones(384, dtype=np.float32) / np.float32(np.sqrt(384))
        return [TextVectors(one, np.tile(one, (len(own), 1)).reshape(-1, 384)) for own in spans]

    return embed
