"""Writes the packed multilingual-e5-small as a sentence-transformers folder; running it does not belong here."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from filelock import FileLock
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from matcher.e5_pieces import plain_text_rules
from matcher.e5_weights import Array, PackedModel, Pieces, Shape, read_weights
from matcher.reader import PROMPTS, Progress, no_progress

LAYOUT = 1  # raise when the written folder changes, so that old folders are left alone
IDENTITY = "identity.txt"
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def unpacked_folder(packed: Path, cache_dir: Path, progress: Progress = no_progress) -> Path:
    """Give the folder of the model, written at the first call, about 470 MB.

    Several processes may call this at once: one writes, the others wait. The folder appears whole or not at all.
    Raises UnreadableWeights for a damaged file and OSError when the folder cannot be written.
    """
    data = packed.read_bytes()
    identity = hashlib.sha256(data).hexdigest()[:16]
    folder = cache_dir / f"multilingual-e5-small-{identity}-{LAYOUT}"

    def write(aside: Path) -> None:
        model = read_weights(data)
        write_settings(model.shape, aside)
        build_tokenizer(model.pieces).save(str(aside / "tokenizer.json"))
        progress("unpacking", 0.1)
        write_tensors(model, aside, progress)
        (aside / IDENTITY).write_text(identity)
        progress("unpacking", 1.0)

    whole_folder(folder, write)
    return folder


def whole_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a folder that is not there yet; it appears whole or not at all, whoever else does the same."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "unpacking.lock"):
        if not folder.is_dir():
            write_aside(folder, write)


def write_aside(folder: Path, write: Callable[[Path], None]) -> None:
    """Write the folder under another name first, so that a stop halfway leaves nothing that looks whole."""
    aside = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        write(aside)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def write_tensors(model: PackedModel, folder: Path, progress: Progress) -> None:
    """Write the weights; the pooler of a BertModel is not in the file and never used, so it becomes zero."""
    from safetensors.numpy import save_file

    hidden = model.shape.hidden
    tensors: dict[str, Array] = {
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    for number, (name, tensor) in enumerate(model.tensors(), start=1):
        tensors[name] = tensor
        progress("unpacking", 0.1 + 0.7 * number / len(model.places))
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def write_settings(shape: Shape, folder: Path) -> None:
    """Write the small JSON files by which sentence-transformers knows the model."""
    files: dict[str, object] = {
        "config.json": bert_settings(shape),
        "modules.json": MODULES,
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
        "1_Pooling/config.json": {"embedding_dimension": shape.hidden, "pooling_mode": "mean"},
        "2_Normalize/config.json": {},
        "tokenizer_config.json": tokenizer_settings(shape),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def bert_settings(shape: Shape) -> dict[str, object]:
    """Give the settings of the BertModel."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": round(shape.epsilon, 15),
        "hidden_act": "gelu",
        "pad_token_id": 0,
        "dtype": "float32",
    }


def tokenizer_settings(shape: Shape) -> dict[str, object]:
    """Give the settings of the tokenizer, whose work is described in tokenizer.json."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.positions,
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
        "clean_up_tokenization_spaces": False,
    }


def build_tokenizer(pieces: Pieces) -> Tokenizer:
    """Build the tokenizer: whitespace and compatibility forms made plain, then the likeliest row of pieces."""
    vocabulary = list(zip(pieces.texts, pieces.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=pieces.unknown))
    tokenizer.normalizer = plain_text_rules()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, pieces.begin), (end, pieces.end)],
    )
    tokenizer.add_special_tokens([begin, pieces.texts[pieces.padding], end, pieces.texts[pieces.unknown], "<mask>"])
    return tokenizer
