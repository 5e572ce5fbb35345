"""What the page of a case shows of sharing: who has the same question, what they learned, and what helped."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bot.initiator.sharing import alike_facts, lessons_for
from bot.recommending import recommended_for
from bot.store import instruments, lessons, sharing
from bot.web.lessons import HOME, lesson_facts
from bot.web.signed_in import Desk
from matcher.proposal import Case


def case_sharing(desk: Desk, case: Case) -> dict[str, Any]:
    """The facts of _case_sharing.html.j2."""
    names = {each.instrument.code: each.instrument.name
             for each in instruments.all_of(desk.db, desk.site.wiring.instruments)}  # fmt: skip
    labels = {topic.code: topic.label for topic in desk.site.wiring.topics}
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
        "lessons": [lesson_facts(each, labels) for each in lessons_for(desk.db, desk.site.wiring, case)],
        "more_lessons": [(label, f"{HOME}?{urlencode({'zoek': label})}#lessen") for label in _labels_of(case, labels)],
        "lesson": None if lesson is None else lesson.lesson,
    }


def _labels_of(case: Case, labels: Mapping[str, str]) -> list[str]:
    return [labels[need.code] for need in case.needs if need.code in labels]
