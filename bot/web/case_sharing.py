"""What the page of a case shows of sharing: who has the same question, and what was recommended and helped."""

from typing import Any

from bot.initiator.sharing import alike_facts
from bot.recommending import recommended_for
from bot.store import instruments, lessons, sharing
from bot.web.signed_in import Desk
from matcher.proposal import Case


def case_sharing(desk: Desk, case: Case) -> dict[str, Any]:
    """The facts of _case_sharing.html.j2."""
    names = {each.instrument.code: each.instrument.name
             for each in instruments.all_of(desk.db, desk.site.wiring.instruments)}  # fmt: skip
    told, lesson = sharing.find(desk.db, case.reference), lessons.told_in(desk.db, case.id)
    return {
        "similar": alike_facts(desk.db, desk.site.wiring, case, agreed_only=False),
        "recommended": [
            (each.instrument, names.get(each.instrument, each.instrument), each.helped)
            for each in instruments.recommended_in(desk.db, case.id)
        ],
        "would_recommend": recommended_for(desk.db, desk.site.wiring, case),
        "helps": instruments.HELP,
        "agreed": None if told is None else told.agreed,
        "lesson": None if lesson is None else lesson.lesson,
    }
