"""Learning from labelled messages gives the same twice, and measuring tells what people and programs can read."""

import itertools
import json
from pathlib import Path

import pytest

from bot.cases import BadCases, read_cases
from bot.evaluation import Evaluation, evaluate, read_judgments
from bot.evaluation_table import as_object, as_table
from bot.training import FOLDS, train, writer_folds
from expertise.topics import shipped_topics
from inbox.learned import read_learned
from inbox.understanding import understand
from matcher.e5_folder import unpacked_folder
from matcher.encoder import Encoder, open_encoder
from tests import tiny_e5
from tests.message_builder import message

CASES = Path(__file__).parent.parent / "cases"


def silent(step: str) -> None:
    """Hear nothing."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """A model that understands nothing but reads fast: learning from it works the same."""
    place = tmp_path_factory.mktemp("tiny")
    (place / "tiny.bin").write_bytes(tiny_e5.packed())
    return open_encoder(str(unpacked_folder(place / "tiny.bin", place)), place)


@pytest.fixture(scope="module")
def few_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the cases of three writers and of the development file, with the judgments."""
    folder = tmp_path_factory.mktemp("cases")
    for name, count in (("train_a", 20), ("train_b", 20), ("train_e", 40), ("dev_requests", 10)):
        with (CASES / f"{name}.jsonl").open(encoding="utf-8") as lines:
            (folder / f"{name}.jsonl").write_text("".join(itertools.islice(lines, count)), encoding="utf-8")
    for name in ("dev_experts.csv", "dev_qrels.tsv"):
        (folder / name).write_bytes((CASES / name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def evaluation(few_cases: Path, tiny: Encoder) -> Evaluation:
    """The measures on these few cases."""
    return evaluate(few_cases, tiny, shipped_topics(), silent)


def test_the_same_cases_give_the_same_bytes(few_cases: Path, tiny: Encoder, tmp_path: Path) -> None:
    first, second = (train(few_cases, tmp_path / name, tiny, silent) for name in ("one.npz", "two.npz"))
    assert first[0].read_bytes() == second[0].read_bytes()
    assert first[1].read_bytes() == second[1].read_bytes()


def test_what_was_learned_for_a_model_is_used_with_it(few_cases: Path, tiny: Encoder, tmp_path: Path) -> None:
    learned = read_learned(train(few_cases, tmp_path / "own.npz", tiny, silent)[0].read_bytes())
    text = "wie kan ons helpen met de statuten?"
    (found,) = understand([message(text)], shipped_topics(), tiny.read, learned)
    assert all(need.evidence == text for need in found.needs)
    assert learned.needs.part_weights.shape == (tiny.dimension, len(shipped_topics()))


def test_nothing_is_learned_from_the_development_file(evaluation: Evaluation) -> None:
    assert evaluation.learned_from == 80
    assert evaluation.cross.messages == 80
    assert evaluation.development is not None
    assert evaluation.development.messages == 10


def test_requests_of_one_writer_are_judged_together(few_cases: Path) -> None:
    cases = [case for case in read_cases(few_cases) if case.writer.startswith("train")]
    folds = writer_folds(cases)
    by_writer = {
        writer: {fold for case, fold in zip(cases, folds, strict=True) if case.writer == writer}
        for writer in ("train_a", "train_b", "train_e")
    }
    assert len(by_writer["train_a"]) == len(by_writer["train_b"]) == 1
    assert by_writer["train_a"] != by_writer["train_b"]
    assert by_writer["train_e"] == set(range(FOLDS))


def test_people_read_a_dutch_table(evaluation: Evaluation) -> None:
    table = as_table(evaluation, {topic.code: topic.label for topic in shipped_topics()})
    for words in ("Kruisvalidatie", "Ontwikkelset", "precisie", "Impactmonitoring", "Spelregels juist", "nDCG@5"):
        assert words in table
    assert max(len(line) for line in table.splitlines()) < 100


def test_programs_read_the_same_figures(evaluation: Evaluation) -> None:
    found = json.loads(json.dumps(as_object(evaluation)))
    assert found["cross"]["needs"]["micro"] == evaluation.cross.needs_micro.f1
    assert found["ranking"]["requests"] == 10
    assert set(found["development"]["facts"]["labels"]) == {"municipality", "budget", "provincial_dependence", "phase"}


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match=r"no \.jsonl"):
        read_cases(tmp_path)
    (tmp_path / "own.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(BadCases, match=r"own\.jsonl:1"):
        read_cases(tmp_path)
    (tmp_path / "judged.tsv").write_text("dq1\te1\tgood\n", encoding="utf-8")
    with pytest.raises(BadCases, match=r"judged\.tsv:1"):
        read_judgments(tmp_path / "judged.tsv")


def test_every_case_is_labelled_by_the_guide() -> None:
    cases = read_cases(CASES)
    codes = {topic.code for topic in shipped_topics()}
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert set(case.needs) <= codes
        assert {need for need, _ in case.evidence} == set(case.needs)
        assert all(words in case.message.own_raw_text for _, words in case.evidence)
        assert bool(case.needs) == (case.kind == "request")
