"""For each need an adviser sees the initiator's sentence beside the expert's own, both word for word."""

from datetime import date

from inbox.facts import Facts
from inbox.found_need import Need
from matcher.explanation import Why
from matcher.ranking import Ranking, rank
from tests.pool_builders import a_pool, a_request, an_expert

TEXT = "Wij willen een begroting die klopt. Ook willen wij ons effect op de buurt meten."
MONEY = Need("financing", 0.9, "een begroting die klopt")
EFFECT = Need("impact", 0.8, "ons effect op de buurt meten")
MAKES = "Maakt met groepen een begroting die ook zonder subsidie klopt."
MEASURES = "Laat zien hoe je effect op de buurt kunt meten met weinig moeite."
ALWAYS = "Ook in de buurt op zondag."


def ranked(profile: str, *needs: Need, declared: tuple[str, ...] = ("financing", "impact")) -> Ranking:
    people = [an_expert("e1", profile=profile, needs=declared), an_expert("e2", profile="Zingt.", needs=("data",))]
    facts = Facts(municipality="Oss")
    return rank(needs, facts, "nl", a_request(TEXT), a_pool(people), loads={}, today=date(2026, 3, 2))


def test_each_need_gets_the_sentence_that_answers_it() -> None:
    (match,) = ranked(f"{MEASURES} {MAKES}", MONEY, EFFECT).matches
    assert match.why == (
        Why("financing", MONEY.evidence, MAKES),
        Why("impact", EFFECT.evidence, MEASURES),
    )


def test_every_quote_is_found_in_its_source() -> None:
    profile = f"{ALWAYS} {MAKES}\n- {MEASURES}"
    for why in ranked(profile, MONEY, EFFECT).matches[0].why:
        assert why.evidence in TEXT
        assert why.profile in profile


def test_only_needs_the_expert_declared_are_explained() -> None:
    (match,) = ranked(MAKES, MONEY, EFFECT, declared=("impact",)).matches
    assert match.needs == ("impact",)
    assert [why.need for why in match.why] == ["impact"]


def test_a_sentence_that_tells_little_is_a_last_resort() -> None:
    near = Need("impact", 0.8, "op de buurt")
    assert ranked(f"{ALWAYS} {MAKES}", near).matches[0].why[0].profile == MAKES
    assert ranked(ALWAYS, near).matches[0].why[0].profile == ALWAYS


def test_evidence_that_is_not_in_the_text_falls_back_on_the_whole_message() -> None:
    elsewhere = Need("financing", 0.9, "stond in een eerder bericht")
    assert ranked(MAKES, elsewhere).matches[0].why == (Why("financing", elsewhere.evidence, MAKES),)


def test_an_empty_profile_explains_nothing() -> None:
    assert ranked("", MONEY).matches[0].why == (Why("financing", MONEY.evidence, ""),)
