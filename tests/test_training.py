"""Learning from labelled messages gives the same twice, and measuring tells what people and programs can read."""

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from defusedxml import ElementTree

from bot.learning.cases import UNSEEN, BadCases, read_cases, read_unseen
from bot.learning.evaluation import Evaluation, evaluate
from bot.learning.evaluation_table import as_object, as_table
from bot.learning.judgments import judged_pools, read_grades
from bot.learning.labels import FOLDS, writer_groups
from bot.learning.learning_curve import as_svg, learning_curve
from bot.learning.passages import FOLDER
from bot.learning.plain_messages import UNSEEN_FOLDER
from bot.learning.plain_table import PlainMessage, as_plain_table
from bot.learning.rebuilding import HELD_OUT, Study, open_study, rebuild
from expertise.topics import shipped_topics
from inbox.learned import Learned, read_learned
from inbox.understanding import understand
from matcher.adapter import read_adapter
from matcher.e5_compiled import open_packed
from matcher.encoder import Encoder
from tests import tiny_e5
from tests.message_builder import message

CASES = Path(__file__).parent.parent / "cases"
PLAIN = (PlainMessage("request", ("data",), "cijfers over de wijk?"), PlainMessage("thanks", (), "top"))


def silent(step: str) -> None:
    """Hear nothing."""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that understands nothing but reads fast: learning from it works the same."""
    file = tmp_path_factory.mktemp("tiny") / "tiny.bin"
    file.write_bytes(tiny_e5.packed())
    return file


@pytest.fixture(scope="module")
def few_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the cases of five writers, of the development file and of unseen writers; passages and judgments."""
    folder = tmp_path_factory.mktemp("cases")
    counts = {"train_a": 20, "train_b": 20, "train_e": 40, "pool_a_requests": 12, "own_mail": 8, "dev_requests": 10}
    for name, count in counts.items():
        with (CASES / f"{name}.jsonl").open(encoding="utf-8") as lines:
            (folder / f"{name}.jsonl").write_text("".join(itertools.islice(lines, count)), encoding="utf-8")
    for kept, count in ((UNSEEN, 12), (FOLDER, 30)):
        (folder / kept).mkdir()
        for file in (CASES / kept).glob("*.jsonl"):
            with file.open(encoding="utf-8") as lines:
                (folder / kept / file.name).write_text("".join(itertools.islice(lines, count)), encoding="utf-8")
    judged_by = folder / UNSEEN / UNSEEN_FOLDER
    judged_by.mkdir()
    (judged_by / "own_bell.csv").write_text(as_plain_table(PLAIN), encoding="utf-8")
    for name in ("dev_experts.csv", "dev_qrels.tsv", "pool_a_experts.csv", "pool_a_qrels.tsv"):
        (folder / name).write_bytes((CASES / name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def study(few_cases: Path, packed: Path) -> Study:
    """These few cases with the tiny model."""
    return open_study(few_cases, packed, opened(packed)(b""), silent)


@pytest.fixture(scope="module")
def evaluation(study: Study) -> Evaluation:
    """The measures on these few cases."""
    return evaluate(study, silent)


@pytest.fixture(scope="module")
def learned_twice(
    study: Study, few_cases: Path, packed: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Path, ...]]:
    """The files of learning everything from the start, two times."""
    copied = shutil.copytree(
        few_cases, tmp_path_factory.mktemp("again") / "cases", ignore=shutil.ignore_patterns(HELD_OUT)
    )
    studies = (study, open_study(copied, packed, opened(packed)(b""), silent))
    return [rebuild(each, tmp_path_factory.mktemp("learned") / "learned.npz", opened(packed)) for each in studies]


def opened(packed: Path) -> Callable[[bytes], Encoder]:
    """What loads the tiny model with an adapter."""
    return lambda adapter: Encoder(open_packed(packed, packed.parent, adapter))


def learned_in(files: tuple[Path, ...]) -> Learned:
    """What was learned, from the files written."""
    return read_learned(files[0].read_bytes())


def test_the_same_cases_give_the_same_bytes(learned_twice: list[tuple[Path, ...]]) -> None:
    first, second = learned_twice
    assert {file.name for file in first} >= {"learned.npz", "query_means.npz", "adapter.npz"}
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_the_model_itself_learns(learned_twice: list[tuple[Path, ...]]) -> None:
    (file,) = [file for file in learned_twice[0] if file.name == "adapter.npz"]
    pairs = read_adapter(file.read_bytes()).pairs
    assert "encoder.layer.0.attention.self.query.weight" in pairs
    assert any(abs(up).max() > 0 for _, up in pairs.values())


def test_each_fold_has_a_model_that_did_not_see_it(study: Study) -> None:
    made = [study.fold_embeds[fold](["een dorpswinkel"], [()])[0].whole for fold in range(FOLDS)]
    assert not any(np.array_equal(one, other) for one, other in itertools.combinations(made, 2))
    assert len(list((study.folder / HELD_OUT).glob("*.npz"))) == FOLDS


def test_judged_requests_stand_beside_the_experts_who_fit(study: Study) -> None:
    (pool,) = judged_pools(study.folder, study.cases, study.labels.codes)
    assert pool.name == "pool_a"
    request, expert = pool.best[0]
    assert pool.grades[study.cases[request].id][pool.experts[expert].id] == 3
    assert set(pool.best) <= pool.fits


def test_what_was_learned_for_a_model_is_used_with_it(learned_twice: list[tuple[Path, ...]], packed: Path) -> None:
    learned = learned_in(learned_twice[0])
    encoder = opened(packed)(learned_twice[0][-1].read_bytes())
    text = "wie kan ons helpen met de statuten?"
    (found,) = understand([message(text)], shipped_topics(), encoder.read, learned)
    assert all(need.evidence == text for need in found.needs)
    assert learned.needs.part_weights.shape == (encoder.dimension, len(shipped_topics()))


def test_nothing_is_learned_from_the_development_file(evaluation: Evaluation) -> None:
    assert evaluation.learned_from == 100
    assert evaluation.cross.messages == 100
    assert evaluation.development is not None
    assert evaluation.development.messages == 10


def test_nothing_is_learned_from_unseen_writers(few_cases: Path, study: Study, evaluation: Evaluation) -> None:
    writers = {file.stem for file in (few_cases / UNSEEN).glob("*.jsonl")}
    assert writers
    assert not writers & {case.writer for case in study.cases}
    assert evaluation.new_writers is not None
    assert evaluation.new_writers.messages == 12 * len(writers)
    assert evaluation.plain is not None
    assert evaluation.plain.messages == len(PLAIN)


def test_a_folder_without_unseen_writers_measures_none(tmp_path: Path) -> None:
    assert read_unseen(tmp_path) == ()


def test_all_messages_of_one_writer_are_judged_together(few_cases: Path) -> None:
    cases = [case for case in read_cases(few_cases) if case.writer.startswith("train")]
    groups = dict.fromkeys(case.writer for case in cases)
    for case, group in zip(cases, writer_groups(cases), strict=True):
        assert groups[case.writer] in (None, group)
        groups[case.writer] = group
    # Who wrote the most other kinds comes first, then by name.
    assert groups == {"train_e": 0, "train_a": 1, "train_b": 2}


def test_people_read_a_dutch_table(evaluation: Evaluation) -> None:
    table = as_table(evaluation, {topic.code: topic.label for topic in shipped_topics()})
    for words in (
        "Kruisvalidatie",
        "Ontwikkelset",
        "precisie",
        "Impactmonitoring",
        "Spelregels juist",
        "kortste",
        "nDCG@5",
    ):
        assert words in table
    assert max(len(line) for line in table.splitlines()) < 100


def test_programs_read_the_same_figures(evaluation: Evaluation) -> None:
    found = json.loads(json.dumps(as_object(evaluation)))
    assert found["cross"]["needs"]["micro"] == evaluation.cross.needs_micro.f1
    assert found["ranking"]["requests"] == 10
    assert evaluation.plain is not None
    assert found["plain"]["kinds"]["accuracy"] == evaluation.plain.kind_accuracy
    assert "facts" not in found["plain"]
    assert set(found["development"]["facts"]["labels"]) == {"municipality", "budget", "provincial_dependence", "phase"}


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match=r"no \.jsonl"):
        read_cases(tmp_path)
    (tmp_path / "own.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(BadCases, match=r"own\.jsonl:1"):
        read_cases(tmp_path)
    (tmp_path / "judged.tsv").write_text("dq1\te1\tgood\n", encoding="utf-8")
    with pytest.raises(BadCases, match=r"judged\.tsv:1"):
        read_grades(tmp_path / "judged.tsv")


def test_every_case_is_labelled_by_the_guide() -> None:
    cases = read_cases(CASES)
    codes = {topic.code for topic in shipped_topics()}
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert set(case.needs) <= codes
        assert {need for need, _ in case.evidence} == set(case.needs)
        assert all(words in case.message.own_raw_text for _, words in case.evidence)
        assert bool(case.needs) == (case.kind == "request")


def test_the_learning_curve_counts_messages_and_names_its_lines(study: Study) -> None:
    lines = learning_curve(study, silent)
    assert [line.name for line in lines] == ["taalmodel leert mee", "taalmodel zoals het is"]
    for line in lines:
        assert [point.messages for point in line.points][-1] == len(study.cases)
        assert all(0 <= point.f1 <= 1 for point in line.points)
    picture = ElementTree.fromstring(as_svg(lines))
    assert "taalmodel leert mee" in "".join(picture.itertext())
