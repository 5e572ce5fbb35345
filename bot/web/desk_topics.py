"""The topics with the words by which they are known, and sentences that a coordinator adds. Learns nothing."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.foreign import one_line
from bot.store import events, topic_phrases
from bot.store.database import transaction
from bot.web.signed_in import Desk, Fields, again, posting, showing

LONGEST_PHRASE = 300  # characters
WRITE_FIRST = "Schrijf eerst een zin."


def routes() -> list[Route]:
    """The list of topics, and the forms under each."""
    return [
        Route("/bureau/onderwerpen", showing("coordinator", show), methods=["GET"]),
        Route("/bureau/onderwerpen/{code}", posting("coordinator", _add), methods=["POST"]),
        Route("/bureau/onderwerpen/{code}/weg", posting("coordinator", _remove), methods=["POST"]),
    ]


def show(desk: Desk) -> Response:
    """All topics."""
    return _page(desk, {})


def _page(desk: Desk, problems: dict[str, str], status: int = 200) -> Response:
    added = topic_phrases.by_topic(desk.db)
    facts = {"topics": desk.site.wiring.topics, "added": added, "problems": problems}
    return desk.page("desk_topics.html.j2", status, **facts)


def _add(desk: Desk, fields: Fields) -> Response:
    code = desk.request.path_params["code"]
    if code not in {topic.code for topic in desk.site.wiring.topics}:
        raise HTTPException(404)
    phrase, now = one_line(fields.get("phrase", ""))[:LONGEST_PHRASE], desk.site.now()
    if not phrase:
        return _page(desk, {f"phrase-{code}": WRITE_FIRST}, 422)
    with transaction(desk.db):
        if topic_phrases.add(desk.db, code, phrase, desk.person.id, now):
            events.keep(desk.db, None, "phrase_added", "coordinator", now, "web", code, desk.person.id)
    return again("/bureau/onderwerpen", "phrase_added", code)


def _remove(desk: Desk, fields: Fields) -> Response:
    """Take away a sentence that was added; what ships stays."""
    code, now = desk.request.path_params["code"], desk.site.now()
    with transaction(desk.db):
        gone = topic_phrases.remove(desk.db, code, fields.get("phrase", ""))
        if gone:
            events.keep(desk.db, None, "phrase_removed", "coordinator", now, "web", code, desk.person.id)
    return again("/bureau/onderwerpen", "phrase_removed" if gone else "gone", code if gone else "")
