"""The pattern language of the phrase tables, and the scope in which a phrase is found."""

import pytest

from inbox.folding import fold
from inbox.phrase_table import read_phrases
from inbox.phrases import Finding, find_phrases, fold_sentences
from inbox.sentences import split_sentences

TABLE = """
[words]
money = ["geld", "*subsidie*", "eigen inkomsten"]
people = ["vrijwilliger*"]

[[phrase]]
name = "enough"
says = "plenty"
when_denied = "shortage"
patterns = ["genoeg <2> {money}", "## euro over"]

[[phrase]]
name = "short"
says = "shortage"
fixed = true
unless = "people"
patterns = ["komen ~4 tekort"]

[[phrase]]
name = "out"
says = "comes out"
lacks = "people"
patterns = ["komt ~3 uit"]

[[phrase]]
name = "clause"
says = "same clause"
beside = "money"
patterns = ["wij ~~6 betalen"]

[[phrase]]
name = "end"
says = "ends"
patterns = ["houden ~2 over $"]
"""


def find(text: str) -> list[Finding]:
    return find_phrases(fold_sentences(text, split_sentences(text)), read_phrases(TABLE))


def said(text: str) -> list[str]:
    return [finding.says for finding in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er is genoeg geld.", ["plenty"]),
        ("Geld is er genoeg.", ["plenty"]),
        ("GELD is er genoeg.", ["plenty"]),
        ("Er is niet genoeg geld.", ["shortage"]),
        ("Er zijn genoeg eigen inkomsten.", ["plenty"]),
        ("Er is genoeg gemeentesubsidie.", ["plenty"]),
        ("Er is genoeg voor ons allen en ook geld.", []),
        ("Er is 1.200 euro over.", ["plenty"]),
        ("Er is 12 euro over.", []),
        ("In 2026 euro over.", []),
        ("We komen elk jaar niet veel tekort.", ["shortage"]),
        ("We komen vrijwilligers tekort.", []),
        ("We komen tekort aan vrijwilligers.", []),
        ("Het komt precies uit.", ["comes out"]),
        ("Het komt met vrijwilligers uit.", []),
        ("Het komt uit. Zeggen de vrijwilligers.", ["comes out"]),
        ("Met geld dat wij zelf betalen.", ["same clause"]),
        ("Wij komen, zij betalen het geld.", []),
        ("Dat wij zelf betalen.", []),
        ("Wij houden iets over.", ["ends"]),
        ("Wij houden een praatje over planten.", []),
    ],
)
def test_patterns(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_the_span_lies_in_its_sentence() -> None:
    text = "Hallo. Er is genoeg géld!"
    (finding,) = find(text)
    start = finding.sentence.span[0]
    assert text[start + finding.span[0] : start + finding.span[1]] == "genoeg géld"


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("Er is genoeg geld.", set()),
        ("Is er genoeg geld?", {"asked"}),
        ("wie zorgt voor genoeg geld", {"asked"}),
        ("We willen genoeg geld.", {"asked"}),
        ("We vragen of er genoeg geld is.", {"asked"}),
        ("Als de bank ja zegt is er genoeg geld.", {"conditional"}),
        ("Vorig jaar kwam er genoeg geld.", {"past"}),
        ("Vanaf januari is er genoeg geld.", {"future"}),
        ("We hebben geen tijd, maar genoeg geld.", set()),
        ("We hebben genoeg geld: wie wil het?", set()),
    ],
)
def test_scope(text: str, flags: set[str]) -> None:
    (finding, *_) = find(text)
    names = ("denied", "asked", "conditional", "past", "future")
    assert {name for name in names if getattr(finding.scope, name)} == flags


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[[phrase]]\nname = "x"\nsays = "y"\n', "'x' has no patterns"),
        ('[[phrase]]\nname = "x"\nsays = "y"\npatterns = ["{z} a"]\n', "'x' uses the unknown group 'z'"),
        ('[[phrase]]\nname = "x"\nsays = "y"\nunless = "z"\npatterns = ["a"]\n', "'x' uses the unknown group 'z'"),
    ],
)
def test_a_wrong_table_is_named(table: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_phrases(table)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Één “CAFÉ”", 'een "cafe"'),
        ("İSTANBUL ışık", "istanbul isik"),
        ("Łódź–straße", "lodz-strase"),
        ("Київ", "київ"),
    ],
)
def test_folding_keeps_every_position(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert len(fold(text)) == len(text)
