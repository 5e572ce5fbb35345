"""Reads texts with any model of sentence-transformers: a folder or a name on the hub; the default is read elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers import PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from inbox.vectors import Vector
from matcher.adapter import Adapter
from matcher.e5_folder import IDENTITY
from matcher.reader import ModelNotFound, ReadRows, Window, batches, unit, usable_cores, windows


class SentenceReader:
    """A model that torch runs."""

    def __init__(self, model: SentenceTransformer, name: str, prompts: Mapping[str, str]) -> None:
        self.model = model
        self.name = name
        self.prompts = prompts
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.reduced = has_fast_bfloat16()
        self.halfway_dimension = tell_all_layers(model)

    def read_rows(self, rows: Sequence[str]) -> ReadRows:
        """Read rows of text by the prompt they begin with."""
        if not isinstance(self.model.tokenizer, PreTrainedTokenizerBase):
            return self._read_plainly(rows)
        found = np.zeros((len(rows), self.dimension), dtype=np.float32)
        halfway = np.zeros((len(rows), self.halfway_dimension), dtype=np.float32)
        sizes = np.zeros(len(rows), dtype=np.float32)
        with torch.inference_mode(), reduced_precision(self.reduced):
            for batch in batches(self._windows(rows)):
                features = padded(batch, self.model.tokenizer.pad_token_id or 0)
                told: Mapping[str, Any] = self.model.forward(features)
                for place, window in enumerate(batch):
                    size = len(window.ids)
                    found[window.text] += told["sentence_embedding"][place].float().numpy() * size
                    if self.halfway_dimension:
                        halfway[window.text] += halfway_sum(told["all_layer_embeddings"], place, size)
                    sizes[window.text] += size
        return ReadRows(unit(found), unit(halfway), sizes)

    def _read_plainly(self, rows: Sequence[str]) -> ReadRows:
        """Let a model without the usual tokenizer do it all itself."""
        found = self.model.encode(list(rows), prompt="", normalize_embeddings=True, show_progress_bar=False)
        vectors = np.asarray(found, dtype=np.float32).reshape(len(rows), self.dimension)
        return ReadRows(vectors, vectors[:, :0], np.asarray([len(row) for row in rows], dtype=np.float32))

    def _windows(self, rows: Sequence[str]) -> Iterator[Window]:
        if not rows:
            return iter(())
        tokenizer = self.model.tokenizer
        before, after = special_ids(tokenizer)
        texts = tokenizer(list(rows), add_special_tokens=False, verbose=False)["input_ids"]
        return windows(texts, before, after, int(self.model.max_seq_length or 512))


def open_sentences(
    place: str, adapter: Adapter | None = None, prompts: Mapping[str, str] | None = None
) -> SentenceReader:
    """Load a model without a word on the terminal, with what was learned for it merged into its weights.

    `prompts` serve a model that brings none. Raises ModelNotFound and, for an adapter of another model,
    UnreadableAdapter.
    """
    with quiet():
        try:
            model = SentenceTransformer(place, device="cpu", local_files_only=Path(place).is_dir())
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelNotFound(place) from error
    torch.set_num_threads(usable_cores())
    merge(model, adapter or Adapter())
    own = {use: prompt for use, prompt in model.prompts.items() if prompt}
    name = f"{Path(place).name}@{weights_digest(Path(place), model)}"
    return SentenceReader(model.eval(), name, own or prompts or {})


def merge(model: SentenceTransformer, adapter: Adapter) -> None:
    """Add what was learned to the weights, which have the names of a BertModel inside the first module."""
    if not adapter.pairs:
        return
    with torch.no_grad():
        for name, weight in model.get_submodule("0.auto_model").named_parameters():
            weight.copy_(torch.from_numpy(adapter.merged(name, weight.detach().numpy())))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the progress bars and remarks of the model's libraries off the terminal."""
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


def has_fast_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself; elsewhere it is slower than float32."""
    known: Mapping[str, Any] = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))


def reduced_precision(wanted: bool) -> contextlib.AbstractContextManager[object]:
    """Multiply in bfloat16 and keep the rest in float32: cosine 0.99999 with all in float32, in half the time."""
    return torch.autocast("cpu", dtype=torch.bfloat16) if wanted else contextlib.nullcontext()


def special_ids(tokenizer: PreTrainedTokenizerBase) -> tuple[list[int], list[int]]:
    """Give the ids that the model wants before and after every text."""
    bare = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    start = next((i for i in range(len(full)) if full[i : i + len(bare)] == bare), 0)
    return full[:start], full[start + len(bare) :]


def tell_all_layers(model: SentenceTransformer) -> int:
    """Let a model of layers tell what each of them makes, and give how long those vectors are; 0 for another one."""
    config: Any = getattr(getattr(model[0], "auto_model", None), "config", None)
    if not hasattr(config, "hidden_size"):
        return 0
    config.output_hidden_states = True
    return int(config.hidden_size)


def halfway_sum(layers: Sequence[torch.Tensor], place: int, size: int) -> Vector:
    """The sum of the tokens of a text after the lower half of the layers; what went in is the first of `layers`."""
    summed: Vector = layers[(len(layers) - 1) // 2][place, :size].float().sum(dim=0).numpy()
    return summed


def padded(batch: Sequence[Window], padding: int) -> dict[str, torch.Tensor]:
    """Lay the windows of a batch beside each other: token ids and mask of shape (windows, longest)."""
    ids = np.full((len(batch), len(batch[0].ids)), padding, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
    return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}


def weights_digest(folder: Path, model: SentenceTransformer) -> str:
    """Give 16 hexadecimal digits that change when the weights or settings of the model change."""
    if (folder / IDENTITY).is_file():
        return (folder / IDENTITY).read_text(encoding="ascii").strip()
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    for prompt in sorted(model.prompts.items()):
        digest.update(repr(prompt).encode())
    return digest.hexdigest()[:16]
