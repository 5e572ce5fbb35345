"""What a kept case tells the ranking: its question as vectors, with what is believed of every topic. Ranks nothing."""

from sqlite_utils import Database

from bot.store import cases, vectors
from bot.wiring import Wiring
from inbox.sentences import split_sentences
from inbox.understanding import topic_probabilities
from matcher.proposal import Case
from matcher.ranking import Told
from matcher.request import request_vectors


def told_of(db: Database, wiring: Wiring, case: Case) -> Told:
    """Lay out a case for ranking; a question that another model read is read again and kept."""
    question = cases.question_of(db, case.id)
    found = vectors.find_for_case(db, wiring.encoder.name, case.id)
    spans = split_sentences(question)
    if found is None or len(found.parts) != len(spans):
        (found,) = wiring.encoder.read([question], [spans])
        vectors.keep_for_case(db, wiring.encoder.name, case.id, found)
    probabilities = topic_probabilities(found, wiring.topics, wiring.encoder.read)
    for need in case.needs:  # what was named once stays meant, whatever the whole conversation sounds like
        probabilities[need.code] = max(probabilities.get(need.code, 0.0), need.confidence)
    return Told(case.needs, case.facts, case.language, request_vectors(question, spans, found), probabilities)
