"""Puts learning together: from a folder of labelled messages to every learned file; the learning itself is elsewhere.

A model without an adapter of ours (one of the settings) is left as it is: only the weights on its vectors are learned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

import bot.learning
import inbox
import matcher
from bot.learning.cases import DEVELOPMENT, Case, read_cases
from bot.learning.judged_requests import judged_lessons
from bot.learning.judgments import judged_pools
from bot.learning.labels import FOLDS, GROUPS, Labels, labels_of
from bot.learning.material import Material, material_of, plain_texts, told_passages
from bot.learning.passages import Passage, read_passages
from bot.learning.plain_messages import read_plain_messages
from bot.learning.plain_table import PlainMessage
from bot.learning.rank_learning import SHIPPED_FILE as LESSONS_FILE
from bot.learning.rank_learning import Lesson, learn_weights, write_lessons
from bot.learning.training import HeldOut, held_out, learn, learned_by, means_of_requests
from bot.learning.tuning import SEED, Tuner
from expertise.topics import Topic, shipped_topics
from inbox.learned import SHIPPED_FILE, write_learned
from inbox.understanding import Reading, prepare, understand_with_vectors
from inbox.vectors import Embed, TextVectors
from matcher.adapter import SHIPPED_FILE as ADAPTER_FILE
from matcher.e5_weights import read_weights
from matcher.encoder import Encoder
from matcher.pool import QueryMeans, profile_spans, query_means
from matcher.reader import PROMPTS
from matcher.weights import SHIPPED_FILE as WEIGHTS_FILE
from matcher.weights import write_weights

Progress = Callable[[str], None]

HELD_OUT = "held_out"
"""The folder beside the cases with an adapter for each fold, learned without it: measuring again costs no training."""


@dataclass(frozen=True)
class Study:
    """Labelled messages with the means to learn from them: a packed model to tune, or an encoder as it is."""

    folder: Path
    cases: tuple[Case, ...]
    topics: tuple[Topic, ...]
    labels: Labels
    packed: Path | None
    encoder: Encoder
    progress: Progress

    @cached_property
    def plainly(self) -> tuple[PlainMessage, ...]:
        """Plain messages to learn from besides; the phrases of the topics are such messages too."""
        phrases = [PlainMessage("request", (topic.code,), phrase) for topic in self.topics for phrase in topic.examples]
        return (*phrases, *read_plain_messages(self.folder))

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Passages that tell facts, to learn from besides."""
        return read_passages(self.folder)

    @cached_property
    def tuner(self) -> Tuner | None:
        """What tunes the packed model, with the messages read as far as the layers that never learn."""
        if self.packed is None:
            return None
        judged = judged_pools(self.folder, self.cases, set(self.labels.codes))
        return Tuner(read_weights(self.packed.read_bytes()), self.labels, judged, self.progress)

    @cached_property
    def fold_embeds(self) -> dict[int, Embed]:
        """For each fold a model that learned nothing from it."""
        if self.tuner is None:
            return dict.fromkeys(range(FOLDS), self.encoder.read)
        return {fold: self.tuner.reader(self._fold_adapter(fold)) for fold in range(FOLDS)}

    @cached_property
    def fold_vectors(self) -> dict[int, list[TextVectors]]:
        """For each fold how its model reads all messages."""
        return {fold: read_vectors(self.cases, embed) for fold, embed in self.fold_embeds.items()}

    @cached_property
    def fold_materials(self) -> dict[int, Material]:
        """For each fold what its model makes of all messages and of the plain ones."""
        return {fold: self.material(self.fold_vectors[fold], embed) for fold, embed in self.fold_embeds.items()}

    def material(self, vectors: Sequence[TextVectors], embed: Embed) -> Material:
        """All messages as one way of reading has read them, and the short texts read in the same way."""
        plain = plain_texts(self.plainly, self.labels.codes, embed)
        return material_of(self.labels, vectors, plain, told_passages(self.passages, embed))

    @cached_property
    def held_out(self) -> HeldOut:
        """What is said of each message by what learned from other writers."""
        materials = self.fold_materials
        self.progress("leren per groep schrijvers")
        return held_out(self.labels, materials)

    @cached_property
    def readings(self) -> list[Reading]:
        """What is understood of each message by a model and weights that learned nothing from its writer."""
        found: dict[int, Reading] = {}
        for group, fits in self.held_out.fits.items():
            self.progress(f"kruisvalidatie: deel {group + 1} van {GROUPS}")
            others, own, fold = np.flatnonzero(self.labels.group != group), self.labels.in_group(group), group % FOLDS
            embed = self.fold_embeds[fold]
            learned = learned_by(fits, others, self.fold_materials[fold], self.held_out, self.topics, embed)
            messages = [self.cases[int(place)].message for place in own]
            read = understand_with_vectors(messages, self.topics, embed, learned)
            found |= dict(zip(own.tolist(), read, strict=True))
        return [found[place] for place in range(len(self.cases))]

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """Every judged request as a lesson for the ranking, read by what learned nothing from its fold."""
        found: list[Lesson] = []
        for pool in judged_pools(self.folder, self.cases, set(self.labels.codes)):
            places = [place for place, case in enumerate(self.cases) if pool.grades.get(case.id)]
            for fold in sorted({int(self.labels.fold[place]) for place in places}):
                own = [place for place in places if self.labels.fold[place] == fold]
                cases, readings = [self.cases[place] for place in own], [self.readings[place] for place in own]
                profiles = self._fold_passages(fold)(
                    [expert.profile for expert in pool.experts], [profile_spans(expert) for expert in pool.experts]
                )
                found += judged_lessons(pool, profiles, self._fold_means(fold), cases, readings)
        return tuple(found)

    def _fold_passages(self, fold: int) -> Embed:
        if self.tuner is None:
            return self.encoder.passages
        return self.tuner.reader(self._fold_adapter(fold), PROMPTS["passage"])

    def _fold_means(self, fold: int) -> QueryMeans:
        others = np.intersect1d(np.flatnonzero(self.labels.fold != fold), self.labels.requests)
        return query_means([self.fold_vectors[fold][int(place)] for place in others])

    def _fold_adapter(self, fold: int) -> bytes:
        chosen = np.flatnonzero(self.labels.fold != fold)
        digest = digest_of([self.cases[int(place)] for place in chosen])
        file = self.folder / HELD_OUT / f"{fold}-{digest}.npz"
        if not file.is_file():
            assert self.tuner is not None
            made = self.tuner.tune(chosen, f"taalmodel zonder groep {fold + 1}")
            file.parent.mkdir(exist_ok=True)
            for old in file.parent.glob(f"{fold}-*.npz"):
                old.unlink()
            file.write_bytes(made)
        return file.read_bytes()


def open_study(cases_dir: Path, packed: Path | None, encoder: Encoder, progress: Progress) -> Study:
    """Read the cases that may be learned from. Raises BadCases."""
    cases = tuple(case for case in read_cases(cases_dir) if case.writer != DEVELOPMENT)
    topics = shipped_topics()
    labels = labels_of(cases, tuple(topic.code for topic in topics))
    return Study(cases_dir, cases, topics, labels, packed, encoder, progress)


def rebuild(study: Study, out: Path | None, opened: Callable[[bytes], Encoder]) -> tuple[Path, ...]:
    """Learn everything and write it; returns the files written. `opened` loads the model with an adapter.

    Without `out` the files that ship with the product are replaced. Raises OSError.
    """
    judged = study.held_out
    everyone = np.arange(len(study.cases))
    adapter = study.tuner.tune(everyone, "taalmodel") if study.tuner else b""
    encoder = opened(adapter)
    study.progress(f"{len(study.cases)} berichten lezen")
    vectors = read_vectors(study.cases, encoder.read)
    study.progress("leren van alle berichten")
    learned = learn(everyone, study.material(vectors, encoder.read), judged, study.topics, encoder.read)
    inner, outer = (out.parent, out.parent) if out else (Path(inbox.__path__[0]), Path(matcher.__path__[0]))
    files = {
        out or inner / SHIPPED_FILE: write_learned(learned),
        outer / "query_means.npz": means_of_requests(study.cases, vectors),
    }
    if study.lessons:
        judged_file = (out.parent if out else Path(bot.learning.__path__[0])) / LESSONS_FILE
        files[outer / WEIGHTS_FILE] = write_weights(learn_weights(study.lessons)).encode()
        files[judged_file] = write_lessons(study.lessons)
    if adapter:
        files[outer / ADAPTER_FILE] = adapter
    for file, content in files.items():
        file.write_bytes(content)
    return tuple(files)


def read_vectors(cases: Sequence[Case], embed: Embed) -> list[TextVectors]:
    """Read the cases as understanding reads messages: the parts are the subject, if any, and the sentences."""
    prepared = [prepare(case.message) for case in cases]
    return embed([one.read for one in prepared], [one.spans_to_read() for one in prepared])


def digest_of(cases: Sequence[Case]) -> str:
    """Sixteen hexadecimal digits that change when what is learned from changes."""
    told = repr([(case.message.text, case.message.subject, case.kind, case.evidence) for case in cases])
    facts = repr([(case.needs, case.facts) for case in cases])
    return hashlib.sha256(f"{SEED}{told}{facts}".encode()).hexdigest()[:16]
