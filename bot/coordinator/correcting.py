"""A coordinator corrects what was understood: kept to learn from, and where it matters the case takes its step again.

Runs inside the transaction of its `Turn`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

from bot.initiator.changing import WHAT_FOLLOWS, matters
from bot.store import asked, cases, corrections
from bot.store.corrections import Source, Understanding
from bot.turn import Turn
from expertise.places import municipality_named
from inbox.budget_words import Budget
from inbox.facts import Facts
from inbox.found_need import Need
from matcher.proposal import Case, CaseState
from matcher.rules import assess

GOES_ON: frozenset[CaseState] = frozenset({"asking", "review", "proposed", "unserved", "referred"})
"""States in which a case takes its step again; in the others an expert is at work already, or it has ended."""
CORRECTED = ("municipality", "budget", "provincial_dependence", "phase", "initiative")


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a coordinator says it should be: `needs` pairs a topic with the words that show it."""

    kind: str
    needs: tuple[tuple[str, str], ...]
    municipality: str | None
    budget: Budget | None
    provincial_dependence: bool | None
    phase: int | None
    initiative: str | None


def correct(turn: Turn, case: Case, told: Corrected) -> bool:
    """Keep the correction and what follows from it; False when nothing is different."""
    question = cases.question_of(turn.db, case.id)
    source = corrections.source_of(turn.db, case.id, question)
    kind = kind_now(turn.db, case, source)
    corrected = replace(case, facts=_facts(case.facts, told), needs=_needs(case.needs, told.needs))
    if corrected == case and told.kind == kind:
        return False
    corrected = replace(corrected, eligibility=assess(corrected.facts).eligibility)
    pair = (understanding(case, kind), understanding(corrected, told.kind))
    corrections.keep(turn.db, case.id, turn.by, source, pair, turn.now)
    cases.keep(turn.db, corrected, question, turn.now)
    cases.keep_findings(turn.db, case.id, assess(corrected.facts).findings)
    asked.keep(turn.db, replace(asked.of_case(turn.db, case.id), questions=(), checked="right"), turn.now)
    turn.note(corrected, "corrected", "coordinator")
    if matters(case, corrected) and case.state in GOES_ON:
        WHAT_FOLLOWS[case.state](turn, corrected)
    return True


def kind_now(db: Database, case: Case, source: Source) -> str:
    """The kind of the message as it was corrected last, or read."""
    earlier = corrections.of_case(db, case.id)
    return str(earlier[-1].after["kind"]) if earlier else source.kind


def understanding(case: Case, kind: str) -> Understanding:
    """What is known of a case, in the shape of a labelled one."""
    facts: Mapping[str, object] = {
        name: getattr(case.facts, name) for name in ("municipality", "budget", "provincial_dependence", "phase")
    }
    return {
        "kind": kind,
        "needs": [need.code for need in case.needs],
        "evidence": {need.code: need.evidence for need in case.needs},
        "facts": dict(facts),
        "eligibility": assess(case.facts).eligibility if kind in ("request", "vague_request") else None,
    }


def _facts(facts: Facts, told: Corrected) -> Facts:
    """The facts with what was told in their place; what changed rests on no words any more and is in no doubt."""
    changed = {name: getattr(told, name) for name in CORRECTED if getattr(told, name) != getattr(facts, name)}
    place = municipality_named(told.municipality) if told.municipality else None
    province = facts.province if "municipality" not in changed else place.province if place else None
    return replace(
        facts,
        **changed,
        province=province,
        evidence=tuple(pair for pair in facts.evidence if pair[0] not in changed),
        unsure=tuple(name for name in facts.unsure if getattr(told, name) is None),
        contradictions=tuple(each for each in facts.contradictions if each.fact not in changed),
    )


def _needs(needs: tuple[Need, ...], told: tuple[tuple[str, str], ...]) -> tuple[Need, ...]:
    known = {(need.code, need.evidence): need for need in needs}
    return tuple(known.get((code, words), Need(code, 1.0, words)) for code, words in told)
