"""What a coordinator does on the page of a case: each form checked, done once, and never over another's work."""

from collections.abc import Callable, Mapping

from sqlite_utils import Database
from starlette.responses import Response
from starlette.routing import Route

from bot.coordinator import assigning, at_the_desk, correcting
from bot.foreign import one_line
from bot.reasons import words
from bot.store import cases, corrections, instruments
from bot.store.case_versions import version_of
from bot.store.database import transaction
from bot.store.scrubbing import is_stand_in
from bot.turn import Turn
from bot.web.desk_case import case_page, find_case
from bot.web.desk_correct_form import CorrectionForm, as_corrected, filled_in, form_of
from bot.web.signed_in import Desk, Fields, again, posting
from matcher.proposal import Case

Done = str | Mapping[str, str]
"""A code of [desk_done], or what is wrong: a sentence a field."""
Act = Callable[[Turn, Case, Fields], Done]

CHANGED_MEANWHILE = (
    "Er is net iets in dit dossier veranderd. Misschien was een collega bezig, of er kwam een bericht binnen."
    " Je keuze is nog niet verwerkt. Kijk eerst hoe het dossier er nu voor staat."
)
ERASED = "Dit dossier is gewist. Er is niemand meer om te helpen of te schrijven."
GIVE_REASON = "Schrijf waarom. Daar kan een collega later op terugkijken."
CHOOSE = "Kies eerst wat je wilt."
NOT_NOW = "Dat kan nu niet meer in dit dossier."
TOO_LATE = "Er is al besloten."
WRITE_FIRST = "Schrijf eerst je bericht."
TOO_LONG = "Een alinea is te lang. Maak er met een lege regel twee alinea’s van."
TOO_MUCH = "Je bericht is te lang. Maak het korter."
NO_EXPERT = "Kies een expert uit de lijst."
NO_ADVISER = "Er is nu geen adviseur die dit kan doen. Kies zelf iemand."


def routes() -> list[Route]:
    """The forms of one case."""
    page = "/bureau/dossiers/{reference}"
    return [
        Route(f"{page}/{name}", posting("coordinator", _doing(act)), methods=["POST"]) for name, act in ACTS.items()
    ]


def _doing(act: Act) -> Callable[[Desk, Fields], Response]:
    """Do it in one transaction, unless the case is no longer as the coordinator saw it."""

    def handle(desk: Desk, fields: Fields) -> Response:
        case = find_case(desk)
        turn = desk.turn(f"case:{case.id}")
        with transaction(desk.db):
            case = find_case(desk)  # as it is now that nobody else writes
            if is_stand_in(case.initiator):
                return case_page(desk, case, problems={"": ERASED}, status=409)
            if fields.get("version") != version_of(desk.db, case.id):
                return case_page(desk, case, problems={"": CHANGED_MEANWHILE}, typed=fields, status=409)
            done = act(turn, case, fields)
            if not isinstance(done, str):
                return _with_problems(desk, case, fields, done)
        return again(f"/bureau/dossiers/{case.reference}", done)

    return handle


def _with_problems(desk: Desk, case: Case, fields: Fields, problems: Mapping[str, str]) -> Response:
    form: CorrectionForm | None = None
    if "kind" in fields:
        form = filled_in(fields, _form_now(desk.db, case), desk.site.wiring.topics)
    return case_page(desk, case, problems=problems, typed=fields, correction=form, status=422)


def _review(turn: Turn, case: Case, fields: Fields) -> Done:
    choice, reason = fields.get("choice", ""), one_line(fields.get("review_reason", ""))
    problems = {} if choice in ("yes", "no") else {"choice-yes": CHOOSE}
    if not reason:
        problems["review_reason"] = GIVE_REASON
    if problems:
        return problems
    decided = at_the_desk.decide_review(turn, case, choice, reason[: at_the_desk.LONGEST_NOTE])
    return f"review_{choice}" if decided else {"choice-yes": TOO_LATE}


def _correct(turn: Turn, case: Case, fields: Fields) -> Done:
    form = filled_in(fields, _form_now(turn.db, case), turn.wiring.topics)
    corrected, problems = as_corrected(form, cases.question_of(turn.db, case.id))
    if corrected is None:
        return problems
    return "corrected" if correcting.correct(turn, case, corrected) else "nothing_new"


def _form_now(db: Database, case: Case) -> CorrectionForm:
    question = cases.question_of(db, case.id)
    source = corrections.source_of(db, case.id, question)
    return form_of(case, correcting.kind_now(db, case, source), question)


def _assign(turn: Turn, case: Case, fields: Fields) -> Done:
    expert_id = fields.get("expert", "")
    if not any(one.id == expert_id for one in turn.pool.experts):
        return {"expert": NO_EXPERT}
    done = assigning.assign(turn, case, expert_id, fields.get("adviser", ""))
    if done in ("assigned", "passed_on", "nothing_new"):
        return done
    if done == "not_this_one":
        because = words("left_out", assigning.why_not(turn, case, expert_id) or "no_need")
        return {"expert": f"Deze expert kan nu niet: {because}."}
    return {"expert": NOT_NOW} if done == "not_now" else {"adviser": NO_ADVISER}


def _close(turn: Turn, case: Case, fields: Fields) -> Done:
    reason = one_line(fields.get("close_reason", ""))
    if not reason or not at_the_desk.may_close(case):
        return {"close_reason": NOT_NOW if reason else GIVE_REASON}
    at_the_desk.close(turn, case, reason)
    return "closed"


def _reopen(turn: Turn, case: Case, fields: Fields) -> Done:
    reason = one_line(fields.get("reopen_reason", ""))
    if not reason or not at_the_desk.may_reopen(case):
        return {"reopen_reason": NOT_NOW if reason else GIVE_REASON}
    at_the_desk.reopen(turn, case, reason)
    return "reopened"


def _hand_over(turn: Turn, case: Case, fields: Fields) -> Done:
    owner = fields.get("owner", "")
    if owner and owner not in turn.wiring.settings.programme.all_coordinators:
        return {"owner": CHOOSE}
    at_the_desk.hand_to(turn, case, owner, one_line(fields.get("owner_words", "")))
    return "handed"


def _write(turn: Turn, case: Case, fields: Fields) -> Done:
    paragraphs = at_the_desk.paragraphs_of(fields.get("letter", ""))
    if not paragraphs:
        return {"letter": WRITE_FIRST}
    if any(at_the_desk.too_long(each) for each in paragraphs):
        return {"letter": TOO_LONG}
    if len(paragraphs) > at_the_desk.MOST_PARAGRAPHS:
        return {"letter": TOO_MUCH}
    at_the_desk.write_to_initiator(turn, case, paragraphs)
    return "written"


def _note(turn: Turn, case: Case, fields: Fields) -> Done:
    text = fields.get("note", "").strip()
    if not text:
        return {"note": WRITE_FIRST}
    if len(text) > at_the_desk.LONGEST_NOTE:
        return {"note": TOO_MUCH}
    at_the_desk.note_down(turn, case, text)
    turn.note(case, "noted", "coordinator")
    return "noted"


def _tell_help(turn: Turn, case: Case, fields: Fields) -> Done:
    """What an initiator told a coordinator of something recommended; anything unknown changes nothing."""
    code, said = fields.get("code", ""), fields.get("helped", "")
    helped = next((each for each in instruments.HELP if each == said), None)
    if helped is None or code not in {each.instrument for each in instruments.recommended_in(turn.db, case.id)}:
        return "nothing_new"
    instruments.tell_help(turn.db, case.id, code, helped, "coordinator", turn.now)
    turn.note(case, "instrument_told", "coordinator", f"{code} {helped}")
    return "kept"


ACTS: Mapping[str, Act] = {
    "toetsing": _review,
    "verbeteren": _correct,
    "toewijzen": _assign,
    "sluiten": _close,
    "heropenen": _reopen,
    "collega": _hand_over,
    "brief": _write,
    "notitie": _note,
    "instrument": _tell_help,
}
"""The forms, by the last part of their address."""
