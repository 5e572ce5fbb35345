"""Whether the words and figures of a text say that the budget closes; an attached sheet does not belong here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from inbox.budget_figures import find_figures
from inbox.phrase_table import shipped_phrases
from inbox.phrases import Finding, Sentence, find_phrases
from inbox.shown_budget import Budget

__all__ = ["Budget", "BudgetReading", "find_budget"]

_NEAR = 2
"""A view on money, or the lack of it, belongs to a gap told at most this many sentences away."""
_THEIRS = re.compile(
    r"(?<!\w)(?:(?:uw|jullie|your) (?:begroting|exploitatie|budget)(?!\w)"
    r"|(?:groepen|clubs|initiatieven|dorpshuizen|verenigingen) (?:\w+ ){0,2}(?:die hun|met een (?:gat|tekort))(?!\w)"
    r"|(?:mensen|gezinnen|huishoudens|ouders|moeders|vaders|jongeren|ouderen|buren|families|bewoners|wie)"
    r" (?:(?:die|dat) )?(?:\w+ ){0,3}(?:rondkom\w*|rond (?:te|moeten|kunnen) komen|rond komt)(?!\w))"
)
"""Whose budget it is: the reader's, as advertisers write, that of groups in general, as those who offer help do, or
the purse of the people somebody cooks for."""


@dataclass(frozen=True, slots=True)
class BudgetReading:
    """What the text says of the budget, and the sentence it rests on."""

    budget: Budget
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class _Signals:
    """The findings of a text by what they say, in the order of the text."""

    closing: tuple[Finding, ...]
    wished: tuple[Finding, ...]
    weak_closing: tuple[Finding, ...]
    shortfall: tuple[Finding, ...]
    past_shortfall: tuple[Finding, ...]
    weak_shortfall: tuple[Finding, ...]
    hopeless: tuple[Finding, ...]
    promise: tuple[Finding, ...]
    awaited: tuple[Finding, ...]
    sight: tuple[Finding, ...]
    then: tuple[Finding, ...]
    almost: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    money: tuple[Finding, ...]


def find_budget(sentences: Sequence[Sentence]) -> BudgetReading | None:
    """What the sentences tell of the budget, None when they tell nothing or contradict each other."""
    findings = find_phrases(
        sentences, shipped_phrases("budget_words.toml", "budget_phrases.toml", "budget_sayings.toml")
    )
    signals = _signals([*findings, *find_figures(sentences)])
    for rule in RULES:
        reading = rule(signals)
        if reading is not None:
            return reading
    return None


def _gap_without_view(signals: _Signals) -> BudgetReading | None:
    if signals.resolved:
        return None
    for gap in (*signals.shortfall, *signals.past_shortfall):
        if _distance(gap, signals.hopeless) <= min(_NEAR, _distance(gap, (*signals.promise, *signals.then))):
            return BudgetReading("not_closing", gap.sentence)
    for gap in signals.weak_shortfall:
        if _distance(gap, signals.hopeless) <= 1 and not signals.closing:
            return BudgetReading("not_closing", gap.sentence)
    return None


def _wish_without_view(signals: _Signals) -> BudgetReading | None:
    """To close it is wished for and nobody knows how."""
    for wish in signals.wished:
        if _distance(wish, signals.hopeless) == 0 and not (signals.closing or signals.promise or signals.then):
            return BudgetReading("not_closing", wish.sentence)
    return None


def _almost_without_view(signals: _Signals) -> BudgetReading | None:
    """It closes but for a sum, and nobody knows where that comes from."""
    for gap in signals.almost:
        if _distance(gap, signals.hopeless) <= min(1, _distance(gap, (*signals.promise, *signals.then))):
            return BudgetReading("not_closing", gap.sentence)
    return None


def _gap_is_gone(signals: _Signals) -> BudgetReading | None:
    expected = {sight.sentence.number for sight in (*signals.sight, *signals.promise)}
    gone = [gap for gap in signals.resolved if gap.sentence.number not in expected]
    return BudgetReading("closing", gone[0].sentence) if gone else None


def _gap_with_view(signals: _Signals) -> BudgetReading | None:
    views = (*signals.promise, *signals.then)
    for gap in (*signals.shortfall, *signals.past_shortfall, *signals.weak_shortfall, *signals.weak_closing):
        if _distance(gap, views) <= _NEAR:
            return BudgetReading("prospect", gap.sentence)
    for gap in (*signals.shortfall, *(() if signals.closing else signals.weak_shortfall)):
        if _in_sight(gap, signals.sight):
            return BudgetReading("prospect", gap.sentence)
    return None


def _almost_closes(signals: _Signals) -> BudgetReading | None:
    return BudgetReading("prospect", signals.almost[0].sentence) if signals.almost else None


def _will_close(signals: _Signals) -> BudgetReading | None:
    later = {then.sentence.number for then in signals.then}
    if signals.then and all(closing.sentence.number in later for closing in signals.closing):
        return BudgetReading("prospect", signals.then[0].sentence)
    return None


def _closes_by_a_promise(signals: _Signals) -> BudgetReading | None:
    """What still has to come makes it a view; who has paid already is told in words of the same kind."""
    coming = (each for each in signals.promise if each.scope.future or each.scope.conditional)
    promised = {promise.sentence.number for promise in (*coming, *signals.awaited)}
    for closing in signals.closing:
        if closing.sentence.number in promised:
            return BudgetReading("prospect", closing.sentence)
    return None


def _money_promised(signals: _Signals) -> BudgetReading | None:
    """Promised money with nothing said of a gap: what was promised is not there yet."""
    awaited = {each.sentence.number for each in signals.awaited}
    told = {money.sentence.number for money in signals.money} & awaited
    for promise in signals.promise:
        if promise.sentence.number in told and not signals.closing and not signals.shortfall:
            return BudgetReading("prospect", promise.sentence)
    return None


def _closes(signals: _Signals) -> BudgetReading | None:
    if signals.closing and not signals.shortfall:
        return BudgetReading("closing", signals.closing[0].sentence)
    return None


def _falls_short(signals: _Signals) -> BudgetReading | None:
    if signals.shortfall and not signals.closing:
        return BudgetReading("not_closing", signals.shortfall[0].sentence)
    return None


def _closed_before_or_until(signals: _Signals) -> BudgetReading | None:
    if signals.weak_closing and not signals.shortfall:
        return BudgetReading("closing", signals.weak_closing[0].sentence)
    return None


def _fell_short_in_the_past(signals: _Signals) -> BudgetReading | None:
    if signals.past_shortfall and not signals.closing and not signals.weak_closing:
        return BudgetReading("not_closing", signals.past_shortfall[0].sentence)
    return None


RULES: tuple[Callable[[_Signals], BudgetReading | None], ...] = (
    _gap_without_view,
    _wish_without_view,
    _almost_without_view,
    _gap_is_gone,
    _gap_with_view,
    _almost_closes,
    _will_close,
    _closes_by_a_promise,
    _closes,
    _falls_short,
    _closed_before_or_until,
    _fell_short_in_the_past,
    _money_promised,
)


def _distance(gap: Finding, others: Sequence[Finding]) -> float:
    """How many sentences away the nearest of the others is; infinite when there is none."""
    return min((abs(other.sentence.number - gap.sentence.number) for other in others), default=inf)


def _in_sight(gap: Finding, sights: Sequence[Finding]) -> bool:
    """Help to come is told in the sentence of the gap or right behind it."""
    return any(sight.sentence.number - gap.sentence.number in (0, 1) for sight in sights)


def _signals(findings: Sequence[Finding]) -> _Signals:
    sorted_out: dict[str, list[Finding]] = {name: [] for name in _Signals.__slots__}
    for finding in findings:
        kind = _kind(finding)
        if kind:
            sorted_out[kind].append(finding)
    return _Signals(**{name: tuple(found) for name, found in sorted_out.items()})


def _kind(finding: Finding) -> str:
    """Under which signal a finding counts, "" when its scope takes its meaning away."""
    scope = finding.scope
    if _tells_nothing(finding):
        return ""
    if finding.says == "closing":
        if scope.asked:
            return "" if scope.whether else "wished"
        if scope.conditional or scope.future:
            return "then"
        return "weak_closing" if scope.past or scope.until else "closing"
    if finding.says == "shortfall":
        if scope.conditional or scope.feared or scope.others:
            return ""
        return "past_shortfall" if scope.past else "shortfall"
    if finding.says == "resolved" and scope.asked:
        return ""
    if finding.says == "resolved" and (scope.future or scope.conditional):
        return "then"
    if finding.says in ("promise", "sight", "then", "almost") and scope.asked:
        return ""
    return finding.says


def _tells_nothing(finding: Finding) -> bool:
    """A claim of somebody, another's budget, or "of het sluit, weet ik niet": a denial there is not knowing.

    Nor does a budget that closes in part or ought to: only one that does lets an initiative take part.
    """
    scope = finding.scope
    in_part = scope.partly and not (scope.conditional or scope.future)
    if finding.says == "closing" and (in_part or scope.demanded):
        return True
    theirs = finding.says in ("closing", "shortfall") and _THEIRS.search(finding.sentence.folded)
    return scope.claimed or (scope.whether and scope.denied) or bool(theirs)
