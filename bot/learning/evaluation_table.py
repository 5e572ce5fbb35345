"""How an evaluation reads: a Dutch table for people, an object for programs. Measuring belongs in evaluation.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.learning.evaluation import Evaluation, Quality, RankingQuality
from bot.learning.measures import Counted
from bot.learning.rank_learning import RankingFigures

WIDTH = 30


def as_table(evaluation: Evaluation, labels: Mapping[str, str]) -> str:
    """The whole evaluation as lines of text; `labels` holds the Dutch name of each topic."""
    lines = [
        f"Taalmodel: {evaluation.model}",
        f"Geleerd van: {evaluation.learned_from} berichten",
        "",
        *_quality("Kruisvalidatie (beoordeeld met wat van andere schrijvers is geleerd)", evaluation.cross, labels),
    ]
    if evaluation.development:
        lines += ["", *_quality("Ontwikkelset (nooit van geleerd)", evaluation.development, labels)]
    if evaluation.new_writers:
        lines += ["", *_quality("Nieuwe schrijvers (nooit van geleerd)", evaluation.new_writers, labels)]
    if evaluation.plain:
        lines += ["", *_plain(evaluation.plain)]
    if evaluation.ranking:
        lines += ["", *_ranking(evaluation.ranking)]
    if evaluation.new_pools:
        lines += ["", *_new_pools(evaluation.new_pools)]
    return "\n".join(lines)


def as_object(evaluation: Evaluation) -> dict[str, Any]:
    """The whole evaluation as one JSON object, codes in English."""
    return {
        "model": evaluation.model,
        "learned_from": evaluation.learned_from,
        "cross": _quality_object(evaluation.cross),
        "development": _quality_object(evaluation.development) if evaluation.development else None,
        "new_writers": _quality_object(evaluation.new_writers) if evaluation.new_writers else None,
        "plain": _understood_object(evaluation.plain) if evaluation.plain else None,
        "ranking": _ranking_object(evaluation.ranking) if evaluation.ranking else None,
        "ranking_new_pools": _new_pools_object(evaluation.new_pools) if evaluation.new_pools else None,
    }


def _quality(title: str, quality: Quality, labels: Mapping[str, str]) -> list[str]:
    return [
        f"{title}: {quality.messages} berichten",
        "",
        _heading("Behoefte"),
        *(_row(labels.get(code, code), counted) for code, counted in quality.needs if counted != Counted()),
        _row("samen (micro)", quality.needs_micro),
        _figure("gemiddeld (macro-F1)", quality.needs_macro),
        "",
        *(_figure(f"F1 bij schrijver {writer}", f1) for writer, f1 in quality.writers),
        "",
        *_surely(quality),
        "",
        *_kinds(quality),
        "",
        _heading("Feit"),
        *(_row(fact, counted) for fact, counted in quality.facts),
        "",
        _figure("Spelregels juist", quality.eligibility),
        f"{'Ten onrechte toegelaten':<{WIDTH}}{quality.wrongly_eligible:>10}",
    ]


def _plain(quality: Quality) -> list[str]:
    return [
        f"De kortste berichten (nooit van geleerd): {quality.messages} berichten",
        "",
        *_kinds(quality),
        "",
        _figure("behoeften samen (micro)", quality.needs_micro.f1),
        _figure("behoeften (macro-F1)", quality.needs_macro),
    ]


def _kinds(quality: Quality) -> list[str]:
    return [
        _heading("Soort bericht"),
        *(_row(kind, counted) for kind, counted in quality.kinds if counted != Counted()),
        _figure("juist", quality.kind_accuracy),
        _figure("gemiddeld (macro-F1)", quality.kinds_macro),
        _figure("vragen herkend als vraag", quality.requests_seen),
    ]


def _surely(quality: Quality) -> list[str]:
    heading = f"{'Zekerheid van een behoefte':<{WIDTH}}{'aantal':>10}{'gezegd':>10}{'juist':>10}"
    rows = [
        f"{f'vanaf {step.start:.1f}':<{WIDTH}}{step.answers:>10}{step.confidence:>10.2f}{step.right:>10.2f}"
        for step in quality.surely
    ]
    return [heading, *rows]


def _ranking(ranking: RankingQuality) -> list[str]:
    heading = f"Volgorde van deskundigen (ontwikkelset, {ranking.requests} vragen; winst 2^relevantie - 1)"
    return [heading, *_ordered(ranking)]


def _new_pools(figures: RankingFigures) -> list[str]:
    heading = f"Volgorde bij nieuwe deskundigen ({figures.lessons} vragen; gewichten geleerd van een andere pool)"
    return [heading, *_ordered(figures)]


def _ordered(figures: RankingQuality | RankingFigures) -> list[str]:
    return [
        _figure("nDCG@5", figures.ndcg_at_5),
        _figure("goede bij de eerste drie", figures.hit_at_3),
        _figure("MRR", figures.reciprocal_rank),
    ]


def _heading(first: str) -> str:
    return f"{first:<{WIDTH}}{'precisie':>10}{'recall':>10}{'F1':>10}{'aantal':>10}"


def _row(name: str, counted: Counted) -> str:
    figures = f"{counted.precision:>10.3f}{counted.recall:>10.3f}{counted.f1:>10.3f}"
    return f"{_short(name):<{WIDTH}}{figures}{counted.right + counted.missed:>10}"


def _figure(name: str, value: float) -> str:
    return f"{_short(name):<{WIDTH}}{value:>10.3f}"


def _short(name: str) -> str:
    return name if len(name) < WIDTH else name[: WIDTH - 2] + "…"


def _quality_object(quality: Quality) -> dict[str, Any]:
    return _understood_object(quality) | {
        "facts": _counted_object(quality.facts),
        "eligibility": {"accuracy": quality.eligibility, "wrongly_eligible": quality.wrongly_eligible},
    }


def _understood_object(quality: Quality) -> dict[str, Any]:
    return {
        "messages": quality.messages,
        "needs": _counted_object(quality.needs)
        | {"micro": quality.needs_micro.f1, "macro": quality.needs_macro, "writers": dict(quality.writers)},
        "reliability": [
            {"from": step.start, "answers": step.answers, "confidence": step.confidence, "right": step.right}
            for step in quality.surely
        ],
        "kinds": _counted_object(quality.kinds)
        | {"accuracy": quality.kind_accuracy, "macro": quality.kinds_macro, "requests_seen": quality.requests_seen},
    }


def _counted_object(counted: Sequence[tuple[str, Counted]]) -> dict[str, Any]:
    rows = {name: {"precision": own.precision, "recall": own.recall, "f1": own.f1} for name, own in counted}
    return {"labels": rows}


def _ranking_object(ranking: RankingQuality) -> dict[str, Any]:
    return {
        "requests": ranking.requests,
        "ndcg_at_5": ranking.ndcg_at_5,
        "hit_at_3": ranking.hit_at_3,
        "mrr": ranking.reciprocal_rank,
    }


def _new_pools_object(figures: RankingFigures) -> dict[str, Any]:
    return {
        "requests": figures.lessons,
        "ndcg_at_5": figures.ndcg_at_5,
        "hit_at_3": figures.hit_at_3,
        "mrr": figures.reciprocal_rank,
    }
