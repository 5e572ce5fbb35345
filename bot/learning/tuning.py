"""Teaches the language model itself on labelled messages; what is learned on its vectors afterwards is training.py's.

A small network of heads (tuning_heads.py) tells whether the vectors of a message show its labels; its errors move the
upper layers of the model by an adapter of some hundreds of kilobytes. The heads are thrown away: refitted with more
restraint on the vectors of the adapted model they were as good for needs and better for kinds. Judged pools teach
besides that a request lies near the profile of the expert who fits it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.learning.judgments import Judged
from bot.learning.labels import Labels, Places
from bot.learning.tuning_heads import Batch, Heads, loss_of
from bot.learning.tuning_net import Network, batches
from inbox.vectors import Embed, Span, TextVectors
from matcher.adapter import read_adapter
from matcher.e5_folder import build_tokenizer
from matcher.e5_weights import PackedModel
from matcher.pool import profile_spans
from matcher.reader import PROMPTS

Progress = Callable[[str], None]
Shuffler = np.random.Generator

SEED = 20261122
THREADS = 2  # a fixed number, so that sums are added up in the same order on every machine
LONGEST_ROW = 256
TOKENS_A_STEP = 2048
EPOCHS = 2
WARMING = 6  # epochs in which only the heads learn
RATE, HEAD_RATE, WARM_RATE = 6e-4, 2e-3, 1e-2
RISING = 0.06  # the part of the steps in which the rate rises to its top
PAIRS_A_STEP = 12
SHARPNESS = 20.0  # how strongly the nearest profile must stand out; the inverse of a temperature


class Tuner:
    """Labelled messages and judged pools, read once by the layers that never learn."""

    def __init__(self, model: PackedModel, labels: Labels, judged: Sequence[Judged], progress: Progress) -> None:
        torch.set_num_threads(THREADS)
        self.model, self.labels, self.judged, self.progress = model, labels, judged, progress
        self.tokenizer = build_tokenizer(model.pieces)
        self.known: dict[str, int] = {}
        self.lower: list[Tensor] = []
        query, passage = PROMPTS["query"], PROMPTS["passage"]
        self.messages = [self._rows(query, one.read, one.spans_to_read()) for one in labels.prepared]
        self.experts = [
            [self._rows(passage, expert.profile, profile_spans(expert)) for expert in pool.experts] for pool in judged
        ]
        progress(f"{len(self.known)} zinnen lezen")
        self._read_lower()

    def _read_lower(self) -> None:
        """Let the layers that never learn read the rows that they did not read yet."""
        new = list(self.known)[len(self.lower) :]
        if new:
            longest = min(LONGEST_ROW, self.model.shape.positions)
            ids = [own.ids[:longest] for own in self.tokenizer.encode_batch(new)]
            self.lower += Network(self.model, SEED).lower(ids)

    def _rows(self, prompt: str, text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        parts = [text[start:end] for start, end in spans] or [text]
        return tuple(self.known.setdefault(prompt + part, len(self.known)) for part in parts)

    def tune(self, chosen: Places, name: str) -> bytes:
        """Learn from the chosen messages and give the bytes of an adapter, the same for the same messages."""
        torch.set_num_threads(THREADS)
        torch.manual_seed(SEED)
        network, shuffler = Network(self.model, SEED), np.random.default_rng(SEED)
        heads = self._warm_heads(network, chosen, shuffler)
        network.train()
        steps = EPOCHS * len(list(self._steps(chosen, np.random.default_rng(SEED))))
        learning = torch.optim.AdamW(
            [
                {"params": list(network.pairs.parameters()), "lr": RATE, "weight_decay": 0.01},
                {"params": heads.learning(), "lr": HEAD_RATE, "weight_decay": 0.0},
            ],
            betas=(0.9, 0.98),
        )
        rates = torch.optim.lr_scheduler.LambdaLR(learning, lambda step: rate_at(step / steps))
        for epoch in range(EPOCHS):
            self.progress(f"{name}: ronde {epoch + 1} van {EPOCHS}")
            for places, pairs in self._steps(chosen, shuffler):
                learning.zero_grad()
                loss = self._loss(network, heads, places, pairs)
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_([*network.pairs.parameters(), *heads.learning()], 1.0)
                learning.step()
                rates.step()
        file = BytesIO()
        np.savez(file, allow_pickle=False, **network.adapter())
        return file.getvalue()

    def reader(self, adapter: bytes, prompt: str = PROMPTS["query"]) -> Embed:
        """The model with an adapter (none: no bytes), reading questions, or by another prompt, as Encoder does."""
        torch.set_num_threads(THREADS)
        network = Network(self.model, SEED).eval()
        if adapter:
            network.adopt(read_adapter(adapter))
        found: dict[int, Tensor] = {}

        def read(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
            rows = [self._rows(prompt, text, own) for text, own in zip(texts, spans, strict=True)]
            self._read_lower()
            new = sorted({row for own in rows for row in own} - found.keys())
            found.update(zip(new, self._all_rows(network, new), strict=True))
            return [self._text_vectors(own, found, bool(parts)) for own, parts in zip(rows, spans, strict=True)]

        return read

    def _text_vectors(self, rows: Sequence[int], found: Mapping[int, Tensor], has_parts: bool) -> TextVectors:
        parts = torch.stack([found[row] for row in rows])
        halfway = functional.normalize(torch.stack([self.lower[row].float().mean(0) for row in rows]), dim=-1)
        whole, vectors = self._whole(rows, parts).numpy(), parts.numpy()
        return TextVectors(whole, vectors if has_parts else vectors[:0], halfway.numpy())

    def _whole(self, rows: Sequence[int], parts: Tensor) -> Tensor:
        """The mean of the rows of a text, weighed by their length, of length 1."""
        sizes = torch.tensor([float(len(self.lower[row])) for row in rows])
        return functional.normalize((parts * sizes[:, None]).sum(0), dim=-1)

    def _all_rows(self, network: Network, wanted: Sequence[int]) -> Tensor:
        """The vectors (rows, d) of some rows."""
        found = torch.zeros(len(wanted), self.model.shape.hidden)
        with torch.no_grad():
            for own in batches([len(self.lower[row]) for row in wanted]):
                found[own] = network.upper([self.lower[wanted[place]] for place in own])
        return found

    def _warm_heads(self, network: Network, chosen: Places, shuffler: Shuffler) -> Heads:
        """Heads that know the model as it is, so that their first errors do not upset it."""
        wanted = sorted({row for place in chosen for row in self.messages[place]})
        read = self._all_rows(network.eval(), wanted)
        at = {row: place for place, row in enumerate(wanted)}
        parts = {int(place): read[[at[row] for row in self.messages[place]]] for place in chosen}
        wholes = {place: self._whole(self.messages[place], own) for place, own in parts.items()}
        heads = Heads(self.labels, read.mean(0), torch.stack(list(wholes.values())).mean(0))
        learning = torch.optim.AdamW(heads.learning(), lr=WARM_RATE, weight_decay=0.01)
        for _ in range(WARMING):
            places = shuffled(chosen, shuffler)
            for start in range(0, len(places), 64):
                own = places[start : start + 64]
                given = torch.cat([parts[place] for place in own]), torch.stack([wholes[place] for place in own])
                learning.zero_grad()
                loss_of(heads, self._batch(own, *given)).backward()  # type: ignore[no-untyped-call]
                learning.step()
            for group in learning.param_groups:
                group["lr"] *= 0.7
        return heads.train()

    def _batch(self, places: Sequence[int], parts: Tensor, wholes: Tensor) -> Batch:
        return Batch.labelled(self.labels, places, parts, wholes)

    def _steps(self, chosen: Places, shuffler: Shuffler) -> Iterator[tuple[list[int], Pairs | None]]:
        """The messages of each step, in an order of its own each epoch, with judged pairs spread among them."""
        groups: list[list[int]] = [[]]
        tokens = 0
        for place in shuffled(chosen, shuffler):
            size = sum(len(self.lower[row]) for row in self.messages[place])
            if groups[-1] and tokens + size > TOKENS_A_STEP:
                groups.append([])
                tokens = 0
            groups[-1].append(place)
            tokens += size
        pairs = self._pairs(chosen, shuffler)
        every = max(1, len(groups) // max(len(pairs), 1))
        for number, group in enumerate(groups):
            use = number % every == 0 and number // every < len(pairs)
            yield group, pairs[number // every] if use else None

    def _pairs(self, chosen: Places, shuffler: Shuffler) -> list[Pairs]:
        allowed = {int(place) for place in chosen}
        found = []
        for number, pool in enumerate(self.judged):
            own = [pair for pair in pool.best if pair[0] in allowed]
            own = [own[place] for place in shuffler.permutation(len(own))]
            found += [
                Pairs(number, tuple(own[start : start + PAIRS_A_STEP])) for start in range(0, len(own), PAIRS_A_STEP)
            ]
        return [found[place] for place in shuffler.permutation(len(found)) if len(found[place].best) > 1]

    def _loss(self, network: Network, heads: Heads, places: Sequence[int], pairs: Pairs | None) -> Tensor:
        wanted = [self.messages[place] for place in places]
        if pairs:
            wanted += [self.messages[place] for place, _ in pairs.best]
            wanted += [self.experts[pairs.pool][expert] for _, expert in pairs.best]
        rows = sorted({row for own in wanted for row in own})
        at = {row: place for place, row in enumerate(rows)}
        found = network.upper([self.lower[row] for row in rows])
        parts = [found[[at[row] for row in own]] for own in wanted]
        wholes = torch.stack([self._whole(own, vectors) for own, vectors in zip(wanted, parts, strict=True)])
        count = len(places)
        loss = loss_of(heads, self._batch(places, torch.cat(parts[:count]), wholes[:count]))
        if pairs is None:
            return loss
        asked, offered = wholes[count : count + len(pairs.best)], wholes[count + len(pairs.best) :]
        return loss + pairs_loss(asked, offered, heads.whole_centre, self._together(pairs))

    def _together(self, pairs: Pairs) -> Tensor:
        """Which (request, expert) of the step must not be told apart: the expert fits that request as well."""
        fits = self.judged[pairs.pool].fits
        return torch.tensor([[(place, expert) in fits for _, expert in pairs.best] for place, _ in pairs.best])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Requests beside the experts who fit them best, of one pool."""

    pool: int
    best: tuple[tuple[int, int], ...]


def pairs_loss(asked: Tensor, offered: Tensor, centre: Tensor, fits: Tensor) -> Tensor:
    """How far each request (n, d) is from its own profile (n, d) compared with the others that do not fit it.

    Multiple negatives ranking loss (Henderson et al. 2017, arXiv:1705.00652), both ways.
    """
    asked = functional.normalize(asked - centre, dim=-1)
    offered = functional.normalize(offered - offered.mean(0).detach(), dim=-1)
    close = SHARPNESS * (asked @ offered.T)
    own = torch.arange(len(asked))
    others = fits & ~torch.eye(len(asked), dtype=torch.bool)
    close = close.masked_fill(others, -1e4)
    return (functional.cross_entropy(close, own) + functional.cross_entropy(close.T, own)) / 2


def rate_at(part: float) -> float:
    """The share of the top rate at a part of the way: up in a line, down along a cosine."""
    return min(1.0, (part + 1e-3) / RISING) * max(0.01, 0.5 * (1 + math.cos(math.pi * min(1.0, part))))


def shuffled(places: Places, shuffler: Shuffler) -> list[int]:
    """The places in another order."""
    return [int(place) for place in shuffler.permutation(places)]
