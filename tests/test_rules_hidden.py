"""What is learned beside the rules for facts sees most messages without what the rules read, always the same ones."""

import numpy as np

from bot.intake_files import plain_message
from bot.learning.cases import Case
from bot.learning.labels import HIDDEN, labels_of
from inbox.facts import Facts
from inbox.learned_facts import FACT_VALUES

MANY = 400
SAYS = "Onze begroting sluit. We krijgen geen subsidie van de provincie. We testen nu een eerste versie."


def cases() -> list[Case]:
    facts = Facts(budget="closing", provincial_dependence=False, phase=5)
    return [
        Case(f"c{number}", "writer", plain_message(f"c{number}", "mail", "", SAYS), "answer", (), (), facts, None)
        for number in range(MANY)
    ]


def test_most_of_what_the_rules_read_is_hidden() -> None:
    labels = labels_of(cases(), ("governance",))
    for name in FACT_VALUES:
        shown = (labels.by_rule[name].argmax(axis=1) > 0).mean()
        assert abs(shown - (1 - HIDDEN)) < 0.08
        assert (labels.by_rule[name].sum(axis=1) == 1).all()
        assert (labels.told[name] > 0).all()


def test_the_same_messages_hide_the_same() -> None:
    first, second = (labels_of(cases(), ("governance",)).by_rule for _ in range(2))
    for name in FACT_VALUES:
        assert np.array_equal(first[name], second[name])
    assert not np.array_equal(first["budget"][:, 0], first["provincial_dependence"][:, 0])
