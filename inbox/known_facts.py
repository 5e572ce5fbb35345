"""What is known of an initiative, as a record, and how words and a begroting together tell it; reading: facts.py."""

from dataclasses import dataclass, fields, replace
from typing import Literal

from inbox.shown_budget import Budget, BudgetSheet, SheetRefusal

_CAREFUL: tuple[Budget | None, ...] = ("not_closing", "prospect", "closing", None)
"""Of two views on a budget the one that comes first here counts."""
_NOT_TOLD = ("evidence", "unsure", "sheet", "contradictions")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The writer's words and the attached begroting say opposite things of a fact; `evidence` are those words."""

    fact: Literal["budget", "provincial_dependence"]
    told: Budget | bool
    shown: Budget | bool
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, None when not told.

    `evidence` pairs the name of a fact with the exact words it rests on: for a place and a name those words,
    for the others the sentence. `unsure` names facts that were read, but not surely enough to let an initiative take
    part without asking. `sheet` is what was read in an attached begroting, already counted in `budget`
    and `provincial_dependence`; `contradictions` are what it says against the words.
    """

    municipality: str | None = None
    province: str | None = None
    budget: Budget | None = None
    provincial_dependence: bool | None = None
    phase: int | None = None
    initiative: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    unsure: tuple[str, ...] = ()
    sheet: BudgetSheet | SheetRefusal | None = None
    contradictions: tuple[Contradiction, ...] = ()

    def updated(self, newer: "Facts") -> "Facts":
        """These facts with what a newer message tells; what it does not tell stays, evidence goes along.

        A newer municipality brings its own province. A newer begroting takes the place of an older one, unless
        it can't be read; words never make the facts better than the begroting shows.
        """
        before, after = self.in_words(), newer.in_words()
        told = {
            field.name: getattr(after, field.name)
            for field in fields(after)
            if field.name not in _NOT_TOLD and getattr(after, field.name) is not None
        }
        if "municipality" in told:
            told["province"] = after.province
        kept = tuple((name, words) for name, words in before.evidence if name not in told)
        unsure = (*(name for name in before.unsure if name not in told), *after.unsure)
        sheet = newer.sheet if isinstance(newer.sheet, BudgetSheet) else self.sheet or newer.sheet
        known = replace(before, **told, evidence=kept + after.evidence, unsure=unsure)
        # Who answers after a file that could not be read is believed: that file has been asked about.
        asked_about = isinstance(sheet, SheetRefusal) and newer.sheet is None
        return replace(known, sheet=sheet) if asked_about else with_sheet(known, sheet)

    def of_nobody(self) -> "Facts":
        """These facts where no initiative speaks: only what is told of a place and a name."""
        evidence = tuple(pair for pair in self.evidence if pair[0] in ("municipality", "initiative"))
        return replace(self, budget=None, provincial_dependence=None, phase=None, evidence=evidence, unsure=())

    def in_words(self) -> "Facts":
        """These facts without what only the begroting tells."""
        if self.sheet is None:
            return self
        words = dict(self.evidence)
        budget = self.budget if "budget" in words else None
        depends = self.provincial_dependence if "provincial_dependence" in words else None
        for each in self.contradictions:
            words[each.fact] = each.evidence
            if isinstance(each.told, bool):
                depends = each.told
            else:
                budget = each.told
        evidence = tuple((name, sentence) for name, sentence in words.items() if sentence)
        return replace(
            self, budget=budget, provincial_dependence=depends, evidence=evidence, sheet=None, contradictions=()
        )


def contradictions(facts: Facts, sheet: BudgetSheet) -> tuple[Contradiction, ...]:
    """What the words in `facts` say against the begroting; a view on closing contradicts neither way of closing."""
    words = dict(facts.evidence)
    found = []
    if facts.budget and sheet.budget and (facts.budget == "not_closing") != (sheet.budget == "not_closing"):
        found.append(Contradiction("budget", facts.budget, sheet.budget, words.get("budget", "")))
    told, shown = facts.provincial_dependence, sheet.provincial_dependence
    if told is not None and shown is not None and told != shown:
        found.append(Contradiction("provincial_dependence", told, shown, words.get("provincial_dependence", "")))
    return tuple(found)


def with_sheet(facts: Facts, sheet: BudgetSheet | SheetRefusal | None) -> Facts:
    """Facts from words with what an attached begroting shows; of two views the one that asks more care counts.

    So a contradiction always leaves a budget that does not close, or a dependence, for a person to judge; and a budget
    that closes in words, beside a file that could not be read, is asked about.
    """
    if not isinstance(sheet, BudgetSheet):
        doubted = ("budget",) if sheet and facts.budget == "closing" else ()
        return replace(facts, sheet=sheet, unsure=tuple(dict.fromkeys((*facts.unsure, *doubted))))
    budget = min((facts.budget, sheet.budget), key=_CAREFUL.index)
    views = {facts.provincial_dependence, sheet.provincial_dependence}
    depends = True if True in views else False if False in views else None
    # Words that say otherwise are no evidence for what now counts.
    dropped = {
        name
        for name, told, counts in (
            ("budget", facts.budget, budget),
            ("provincial_dependence", facts.provincial_dependence, depends),
        )
        if told != counts
    }
    return replace(
        facts,
        budget=budget,
        provincial_dependence=depends,
        evidence=tuple((name, words) for name, words in facts.evidence if name not in dropped),
        unsure=tuple(name for name in facts.unsure if getattr(sheet, name, None) is None),
        sheet=sheet,
        contradictions=contradictions(facts, sheet),
    )
