"""Keeps the pool ready for ranking: profiles embedded once a model and text, the arrays in memory. Ranks nothing."""

from dataclasses import dataclass, field

from sqlite_utils import Database

from bot.store import pool, vectors
from bot.store.database import transaction
from expertise.experts import Expert
from inbox.vectors import TextVectors
from matcher.encoder import Encoder
from matcher.pool import PoolVectors, pool_vectors, profile_spans, shipped_means


@dataclass(slots=True)
class PoolShelf:
    """The laid-out pool of one process, made anew when somebody in the pool changed."""

    encoder: Encoder
    held: tuple[tuple[Expert, ...], PoolVectors] | None = field(default=None, repr=False)

    def current(self, db: Database) -> PoolVectors:
        """The pool as it stands now. May embed profiles, so call it before a transaction opens."""
        experts, held = pool.everyone(db), self.held
        if held is not None and held[0] == experts:
            return held[1]
        laid_out = pool_vectors(experts, _cached_vectors(db, self.encoder, experts), shipped_means(self.encoder.name))
        self.held = (experts, laid_out)  # one assignment: threads share the shelf
        return laid_out


def embed_profiles(experts: tuple[Expert, ...], encoder: Encoder) -> list[TextVectors]:
    """The vectors of every profile and its sentences, made by the model."""
    return encoder.passages([expert.profile for expert in experts], [profile_spans(expert) for expert in experts])


def _cached_vectors(db: Database, encoder: Encoder, experts: tuple[Expert, ...]) -> list[TextVectors]:
    found = {expert.profile: vectors.find(db, encoder.name, expert.profile) for expert in experts}
    missing = tuple(expert for expert in experts if found[expert.profile] is None)
    if missing:
        made = embed_profiles(missing, encoder)
        found |= {expert.profile: vector for expert, vector in zip(missing, made, strict=True)}
        with transaction(db):
            vectors.keep(db, encoder.name, [expert.profile for expert in missing], made)
            vectors.forget_others(db, encoder.name, list(found))
    return [vector for expert in experts if (vector := found[expert.profile]) is not None]
