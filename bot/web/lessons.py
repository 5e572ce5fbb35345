"""Lessons: found by words, read and recorded by the team. Where initiatives tell them is bot/web/sharing.py."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.foreign import clean, one_line, shorten, without_contact
from bot.store import lessons
from bot.store.database import transaction
from bot.store.lessons import Lesson
from bot.web.paging import paging_of
from bot.web.signed_in import Desk, Fields, again, posting, row_number, showing
from expertise.places import fold

HOME = "/bureau/lessen"
A_PAGE = 25
LONGEST_LESSON = 2000  # characters
LONGEST_NAME = 100
NO_LESSON = "Schrijf op wat er geleerd is."
TOO_LONG = "De les is te lang. Maak hem korter dan 2.000 tekens."


def routes() -> list[Route]:
    """The page and its forms."""
    return [
        Route(HOME, showing("adviser", lambda desk: _page(desk, {}, {})), methods=["GET"]),
        Route(f"{HOME}/nieuw", posting("adviser", record), methods=["POST"]),
        Route(f"{HOME}/gelezen", posting("coordinator", settle), methods=["POST"]),
    ]


def record(desk: Desk, fields: Fields) -> Response:
    """Keep a lesson that a colleague heard."""
    text = fields.get("lesson", "").strip()
    problems = {} if text else {"lesson": NO_LESSON}
    if len(text) > LONGEST_LESSON:
        problems = {"lesson": TOO_LONG}
    if problems:
        return _page(desk, fields, problems, 422)
    named, place = (shorten(one_line(fields.get(each, "")), LONGEST_NAME) for each in ("initiative", "municipality"))
    needs = [topic.code for topic in desk.site.wiring.topics if fields.get(f"need_{topic.code}")]
    turn = desk.turn("lesson")
    with transaction(desk.db):
        lessons.add(desk.db, named, place, needs, text, turn.now)
        turn.note(None, "lesson_recorded", "coordinator" if desk.person.may("coordinator") else "adviser")
    return again(HOME, "kept")


def settle(desk: Desk, fields: Fields) -> Response:
    """A coordinator read what an initiator told: others may read it, or not."""
    said, number = fields.get("state", ""), row_number(fields.get("id", ""))
    if said not in ("shared", "hidden") or number is None:
        return again(HOME)
    turn = desk.turn(f"lesson:{number}")
    with transaction(desk.db):
        known = lessons.settle(desk.db, number, "shared" if said == "shared" else "hidden")
        turn.note(None, f"lesson_{said}", "coordinator", str(number))
    return again(HOME, "kept" if known else "")


def matching(found: list[Lesson], wanted: str, label: dict[str, str]) -> list[Lesson]:
    """The lessons in which every wanted word begins a word: of the lesson, the initiative, its place or its topics.

    Case, accents and hyphens make no difference. Nothing wanted finds everything.
    """
    begins = fold(wanted).split()
    if not begins:
        return found

    def fits(lesson: Lesson) -> bool:
        labels = " ".join(label.get(code, code) for code in lesson.needs)
        known = fold(f"{lesson.lesson} {lesson.initiative} {lesson.municipality} {labels}").split()
        return all(any(word.startswith(begin) for word in known) for begin in begins)

    return [lesson for lesson in found if fits(lesson)]


def _page(desk: Desk, typed: Fields, problems: dict[str, str], status: int = 200) -> Response:
    wanted = shorten(one_line(desk.request.query_params.get("zoek", "")), LONGEST_NAME)
    topics = desk.site.wiring.topics
    labels = {topic.code: topic.label for topic in topics}
    total = lessons.count(desk.db, "shared")
    found = matching(lessons.with_state(desk.db, "shared"), wanted, labels) if wanted else None
    paging = paging_of(desk.request.query_params, total if found is None else len(found), A_PAGE)
    if found is None:
        shown = lessons.with_state(desk.db, "shared", A_PAGE, paging.skip)
    else:
        shown = found[paging.skip : paging.skip + A_PAGE]
    waiting = lessons.with_state(desk.db, "waiting", A_PAGE) if desk.person.may("coordinator") else []
    return desk.page(
        "lessons.html.j2",
        status,
        wanted=wanted,
        lessons=[lesson_facts(each, labels) for each in shown],
        paging=paging,
        total=total,
        waiting=[lesson_facts(each, labels) for each in waiting],
        unread=lessons.count(desk.db, "waiting"),
        topics=[(topic.code, topic.label) for topic in topics],
        typed=typed,
        problems=problems,
        longest=LONGEST_LESSON,
    )


def lesson_facts(lesson: Lesson, labels: Mapping[str, str]) -> dict[str, Any]:
    """A lesson as pages show it, without contact details and markup; `labels` are the names of the topics."""
    return {
        "id": lesson.id,
        "initiative": lesson.initiative,
        "municipality": lesson.municipality,
        "labels": [labels.get(code, code) for code in lesson.needs],
        "lesson": clean(without_contact(lesson.lesson), LONGEST_LESSON),
        "told_by": lesson.told_by,
        "told_at": lesson.told_at,
    }
