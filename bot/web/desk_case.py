"""One case with all its history: what came in and left, what was understood, why each expert was or was not proposed.

Shows only; what can be done with a case is bot/web/desk_case_acts.py's.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.coordinator import assigning, at_the_desk, correcting
from bot.sheet_facts import sheet_facts
from bot.store import case_notes, cases, corrections, events, letters, messages, pool, proposals, rankings, reviews
from bot.store.case_versions import version_of
from bot.store.rows import moment
from bot.store.scrubbing import is_stand_in
from bot.web.case_sharing import case_sharing
from bot.web.desk_correct_form import CorrectionForm, form_of, sentences_of
from bot.web.signed_in import Desk, showing
from matcher.proposal import Case
from matcher.rules import assess

LONGEST_RANKING = 10  # of those left out; the others are counted


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history. `kind` is message, letter, event or note; `facts` is what a template shows of it."""

    at: datetime
    kind: str
    facts: Mapping[str, Any]


def routes() -> list[Route]:
    """The page of one case."""
    return [Route("/bureau/dossiers/{reference}", showing("coordinator", show), methods=["GET"])]


def show(desk: Desk) -> Response:
    """The case as it stands."""
    return case_page(desk, find_case(desk))


def find_case(desk: Desk) -> Case:
    """The case that the address names. Raises HTTPException 404."""
    case = cases.find_by_reference(desk.db, desk.request.path_params["reference"])
    if case is None:
        raise HTTPException(404)
    return case


def case_page(
    desk: Desk,
    case: Case,
    *,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    correction: CorrectionForm | None = None,
    status: int = 200,
) -> Response:
    """The page of a case; after a form with mistakes with those told, and what was typed still there."""
    question = cases.question_of(desk.db, case.id)
    return desk.page(
        "desk_case.html.j2",
        status,
        case=case,
        version=version_of(desk.db, case.id),
        question=question,
        history=history_of(desk, case),
        problems=problems or {},
        typed=defaultdict(str, typed or {}),
        **_understood(desk, case, question, correction),
        **_proposed(desk, case),
        **_can_be_done(desk, case),
        sharing=case_sharing(desk, case),
    )


def history_of(desk: Desk, case: Case) -> list[Happening]:
    """All that happened in a case, oldest first; what happened in one moment in the order in which it follows."""
    db = desk.db
    found = [Happening(moment(row["received_at"]), "message", row) for row in messages.of_case(db, case.id)]
    found += [
        Happening(moment(row["at"]), "event", {**row, "detail": _detail(desk, row)})
        for row in events.of_case(db, case.id)
    ]
    found += [Happening(each.at, "note", {"note": each}) for each in case_notes.of_case(db, case.id)]
    found += [Happening(each.created_at, "letter", {"letter": each}) for each in letters.of_case(db, case.id)]
    return sorted(found, key=lambda each: each.at)


def _detail(desk: Desk, row: Mapping[str, Any]) -> str:
    """The code beside an event as people read it: names of persons and topics."""
    person = pool.find(desk.db, row["detail"]) if row["detail"] else None
    if person is not None:
        return f"{person.name}, {person.organisation}"
    codes = {topic.code for topic in desk.site.wiring.topics}
    parts = row["detail"].split()
    if parts and set(parts) <= codes:
        return ", ".join(desk.site.wiring.label(part) for part in parts)
    return str(row["detail"]) if "@" in row["detail"] else ""


def _understood(desk: Desk, case: Case, question: str, correction: CorrectionForm | None) -> dict[str, Any]:
    source = corrections.source_of(desk.db, case.id, question)
    kind = correcting.kind_now(desk.db, case, source)
    return {
        "needs": case.needs,
        "findings": assess(case.facts).findings,
        "fact_evidence": dict(case.facts.evidence),
        "budget_sheet": sheet_facts(case.facts),
        "kind": kind,
        "form": correction or form_of(case, kind, question),
        "sentences": sentences_of(question),
        "topics": desk.site.wiring.topics,
        "corrections": corrections.of_case(desk.db, case.id),
        "labels": {topic.code: topic.label for topic in desk.site.wiring.topics},
    }


def _proposed(desk: Desk, case: Case) -> dict[str, Any]:
    kept = rankings.of_case(desk.db, case.id)
    people = {one.id: one for one in pool.everyone(desk.db)}
    return {
        "proposals": [
            {
                "proposal": each,
                "expert": pool.find(desk.db, each.expert_id),
                "adviser": pool.find(desk.db, each.adviser_id),
            }
            for each in proposals.of_case(desk.db, case.id)
        ],
        "matches": [row for row in kept if row["position"] is not None],
        "left_out": [row for row in kept if row["position"] is None],
        "longest_ranking": LONGEST_RANKING,
        "experts": sorted(people.values(), key=lambda one: (one.organisation, one.name)),
        "loads": pool.loads(desk.db),
    }


def _can_be_done(desk: Desk, case: Case) -> dict[str, Any]:
    programme = desk.site.wiring.settings.programme
    return {
        "review": reviews.open_of_case(desk.db, case.id),
        "erased": is_stand_in(case.initiator),
        "may_assign": case.state in assigning.CAN_BE_ASSIGNED,
        "may_close": at_the_desk.may_close(case),
        "may_reopen": at_the_desk.may_reopen(case),
        "owner": case_notes.owner_of(desk.db, case.id),
        "owners": programme.all_coordinators,
        "waiting": proposals.open_of_case(desk.db, case.id),
    }
