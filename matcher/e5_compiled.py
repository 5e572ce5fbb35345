"""Keeps the folder that the reader of multilingual-e5-small opens, with what was learned merged in; reads no texts."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from matcher.adapter import Adapter, UnreadableAdapter, read_adapter
from matcher.e5_folder import whole_folder
from matcher.e5_pieces import write_pieces
from matcher.e5_reader import LAYERS, PLACES, SETTINGS, WORDS, E5Reader, Sizes, open_e5
from matcher.e5_weights import Array, PackedModel, read_weights
from matcher.reader import Progress, no_progress

LAYOUT = 2  # raise when what is written changes, so that old folders and vectors are left alone
WORD_TABLE = "embeddings.word_embeddings.weight"
PLACE_TABLE = "embeddings.position_embeddings.weight"
TYPE_TABLE = "embeddings.token_type_embeddings.weight"
EVENED = ("self", "wide")
PROCESSOR = Path("/proc/cpuinfo")
SAMPLES = (
    "query: Wij zoeken geld voor het dak van ons dorpshuis, want de gemeente betaalt maar de helft.",
    "query: Wie kan ons helpen met de statuten van de stichting? Het bestuur is het niet eens.",
    "passage: Begeleidt bewonersinitiatieven bij het rondkrijgen van de begroting en het schrijven van een plan.",
    "passage: Onderzoeker; meet met bewoners wat een project oplevert en laat dat aan financiers zien.",
    "query: Our neighbourhood kitchen is looking for a partner who knows about contracts with the municipality.",
    "query: Szukamy kogoś, kto pomoże nam rozmawiać z sąsiadami o nowym ogrodzie.",
    "query: Mahalle mutfağımız için bir iş planı yazmak istiyoruz, kim yardım edebilir?",
    "query: نبحث عن تمويل لمركز الحي ونريد أن نعرف كيف نكتب خطة عمل",
    "query: Ми шукаємо партнерів для сусідського саду і людей, які вміють працювати з даними.",
    "query: Wir möchten unser Projekt in einem zweiten Stadtteil wiederholen und suchen Rat.",
    "query: Nous cherchons quelqu'un pour raconter notre histoire sur les réseaux sociaux.",
    "query: Bedankt! 😀 Tot volgende week, groetjes. Tel. 06-12345678, € 12.000 (incl. btw) — zie bijlage 2026/3.",
)
"""Texts of many kinds that show how far each channel of the model reaches."""


def open_packed(packed: Path, cache_dir: Path, adapter: bytes = b"", progress: Progress = no_progress) -> E5Reader:
    """Open the packed model with an adapter (none: no bytes), written once for these two into `cache_dir`, 220 MB.

    Raises UnreadableWeights, UnreadableAdapter, and OSError when the folder cannot be written.
    """
    identity = digest(packed, adapter)
    signed = takes_signed_weights()
    folder = cache_dir / f"multilingual-e5-small-{identity}-onnx-{'signed' if signed else 'unsigned'}"
    learned = read_adapter(adapter)
    whole_folder(folder, lambda aside: write(packed, learned, signed, aside, progress))
    progress("loading", 0.0)
    reader = open_e5(folder, f"multilingual-e5-small@{identity}")
    progress("loading", 1.0)
    return reader


def digest(packed: Path, adapter: bytes) -> str:
    """Give 16 hexadecimal digits that change with the weights, with what was learned and with LAYOUT."""
    with packed.open("rb") as file:
        weights = hashlib.file_digest(file, "sha256").digest()
    return hashlib.sha256(weights + hashlib.sha256(adapter).digest() + bytes([LAYOUT])).hexdigest()[:16]


def takes_signed_weights() -> bool:
    """Tell whether the processor adds up products with signed weights, the fastest, without overflow.

    An x86 processor without VNNI does not: its sums of two products have 16 bits.
    """
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return True
    flags = PROCESSOR.read_text(encoding="ascii", errors="replace") if PROCESSOR.is_file() else ""
    return "avx512_vnni" in flags or "avx_vnni" in flags


def write(packed: Path, adapter: Adapter, signed_weights: bool, folder: Path, progress: Progress) -> None:
    """Write all files: tables, pieces, settings, and the graph with weights of eight bits."""
    # Writing takes a library that takes a second to load, so it is left alone when the folder is there.
    from matcher.e5_onnx import eight_bit_product, float_product, layers_graph

    model = read_weights(packed.read_bytes())
    progress("unpacking", 0.05)
    write_tables(model, adapter, folder)
    progress("unpacking", 0.3)
    write_pieces(model.pieces, folder)
    (folder / SETTINGS).write_text(json.dumps(asdict(sizes_of(model))), encoding="ascii")
    progress("unpacking", 0.4)
    layers = {name: adapter.merged(name, tensor) for name, tensor in model.tensors(without=WORD_TABLE)}
    unknown = set(adapter.pairs) - set(layers)
    if unknown:
        raise UnreadableAdapter(f"no such weights in this model: {', '.join(sorted(unknown))}")
    progress("unpacking", 0.5)
    peaks = peaks_of(open_e5(folder, "", layers_graph(model.shape, layers, float_product)))
    progress("unpacking", 0.9)
    (folder / LAYERS).write_bytes(layers_graph(model.shape, layers, eight_bit_product(peaks, signed_weights)))
    progress("unpacking", 1.0)


def write_tables(model: PackedModel, adapter: Adapter, folder: Path) -> None:
    """Write the words in half precision, and the places with the one type of token that is used added."""
    shape = (model.shape.vocabulary, model.shape.hidden)
    words = np.lib.format.open_memmap(folder / WORDS, mode="w+", dtype=np.float16, shape=shape)
    start = 0
    for rows in model.rows(WORD_TABLE):
        words[start : start + len(rows)] = rows
        start += len(rows)
    words.flush()
    small: Mapping[str, Array] = {
        name: adapter.merged(name, np.concatenate(list(model.rows(name)))) for name in (PLACE_TABLE, TYPE_TABLE)
    }
    np.save(folder / PLACES, small[PLACE_TABLE] + small[TYPE_TABLE][0])


def sizes_of(model: PackedModel) -> Sizes:
    """Give what the reader has to know."""
    pieces = model.pieces
    longest = max(map(len, pieces.texts))
    return Sizes(pieces.begin, pieces.end, pieces.unknown, min(pieces.scores), longest)


def peaks_of(reader: E5Reader) -> dict[str, Array]:
    """Read the samples in float32 and give how far each channel reached, where channels will be evened."""
    from matcher.e5_onnx import PEAK

    names = [output.name for output in reader.session.get_outputs() if output.name.endswith(EVENED)]
    peaks: dict[str, list[Array]] = defaultdict(list)
    for batch in reader.batches(SAMPLES):
        for name, peak in zip(names, reader.session.run(names, reader.embeddings.of(batch)), strict=True):
            peaks[name.removeprefix(PEAK)].append(peak)
    return {place: np.max(found, axis=0) for place, found in peaks.items()}
