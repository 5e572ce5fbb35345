"""What the labelled messages say, as arrays beside the rows a model reads them in; no vectors and no learning."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.learning.cases import Case
from inbox.facts import Facts, read_facts
from inbox.kind import KINDS, message_marks
from inbox.learned_facts import FACT_VALUES, place_of, rule_marks
from inbox.understanding import Prepared, prepare
from inbox.wording import Wording, wording

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

FOLDS = 2
GROUPS = 4
HIDDEN, SEED = 0.65, 11
"""Writers are dealt over groups, and groups over folds: a group belongs to the fold of its number modulo FOLDS."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The labels of m messages with r rows (a subject line or a sentence each), for n topics.

    `of` (r,) tells whose row it is, `part_labels` (r, n) the needs it shows, NaN where no label points;
    `labels` (m, n), `marks` (m, marks), `worded` and `kinds` (m,) belong to the message. By name of a fact, `told`
    holds the place of the value that was told (m,), and `by_rule` which value the rules read, as marks (m, values); of
    most messages that is hidden, and they count as not read.
    """

    codes: tuple[str, ...]
    prepared: tuple[Prepared, ...]
    of: Places
    part_labels: Floats
    labels: Floats
    marks: Floats
    worded: tuple[Wording, ...]
    kinds: Places
    told: dict[str, Places]
    by_rule: dict[str, Floats]
    group: Places

    def __len__(self) -> int:
        return len(self.prepared)

    @property
    def fold(self) -> Places:
        """The fold (m,) each message is judged in."""
        return self.group % FOLDS

    @property
    def groups(self) -> list[int]:
        """The groups that hold messages."""
        return sorted(set(self.group.tolist()))

    def in_group(self, group: int) -> Places:
        """The places of the messages of a group."""
        return np.flatnonzero(self.group == group)

    @property
    def requests(self) -> Places:
        """The places of the messages that ask for something."""
        return np.flatnonzero(self.kinds == KINDS.index("request"))


def labels_of(cases: Sequence[Case], codes: tuple[str, ...]) -> Labels:
    """Lay out the labels of cases."""
    prepared = tuple(prepare(case.message) for case in cases)
    shown = [_shown(case, one, codes) for case, one in zip(cases, prepared, strict=True)]
    read = [read_facts(case.message.text, case.message.subject) for case in cases]
    return Labels(
        codes=codes,
        prepared=prepared,
        of=np.repeat(np.arange(len(cases)), [len(rows) for rows in shown]),
        part_labels=np.asarray([row for rows in shown for row in rows], dtype=np.float32).reshape(-1, len(codes)),
        labels=np.asarray([[code in case.needs for code in codes] for case in cases], dtype=np.float32),
        marks=np.stack([message_marks(one.message, one.spans) for one in prepared]),
        worded=tuple(wording(one.message.subject, one.message.text) for one in prepared),
        kinds=np.asarray([[str(kind) for kind in KINDS].index(case.kind) for case in cases], dtype=np.int64),
        told={
            name: np.asarray([place_of(name, getattr(case.facts, name)) for case in cases], dtype=np.int64)
            for name in FACT_VALUES
        },
        by_rule=hidden_rules(read),
        group=np.asarray(writer_groups(cases), dtype=np.int64),
    )


def hidden_rules(read: Sequence[Facts]) -> dict[str, Floats]:
    """By name of a fact what the rules read, as marks (m, values), of a part of the messages, drawn blindly.

    The rules were widened on these very messages. Of a new writer they read less, so what is learned beside them may
    not lean on them as much as it would learn here.
    """
    return {name: _read_by_rule(name, read) for name in FACT_VALUES}


def _read_by_rule(name: str, read: Sequence[Facts]) -> Floats:
    dice = np.random.default_rng([SEED, list(FACT_VALUES).index(name)])
    hidden = dice.random(len(read)) < HIDDEN
    marks = [rule_marks(name, None if out else getattr(facts, name)) for facts, out in zip(read, hidden, strict=True)]
    return np.stack(marks) if marks else np.zeros((0, len(FACT_VALUES[name])), dtype=np.float32)


def _shown(case: Case, one: Prepared, codes: tuple[str, ...]) -> list[list[float]]:
    """The needs that each row of a message shows; not known of a subject line, which no label points at."""
    unknown = [[np.nan] * len(codes)] if one.offset or not one.spans else []
    shown = [case.shown_in(span) for span in one.spans]
    return unknown + [[float(code in needs) for code in codes] for needs in shown]


def writer_groups(cases: Sequence[Case]) -> list[int]:
    """Which of GROUPS groups each case is judged in; all of one writer in the same, so that nobody's manner is known.

    Writers of many messages that are no request are dealt out first: there are few of them.
    """
    others = Counter(case.writer for case in cases if case.kind != "request")
    writers = sorted({case.writer for case in cases}, key=lambda writer: (-others[writer], writer))
    return [writers.index(case.writer) % GROUPS for case in cases]
