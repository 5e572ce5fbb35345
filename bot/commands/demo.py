"""`mixmatch demo`: sample messages through the whole real pipeline, told step by step for anybody who can read."""

import argparse
import tempfile
import textwrap
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

from bot import demo_messages
from bot.channels.local_box import KeptLetter
from bot.installation import seed_pool
from bot.pool_vectors import PoolShelf
from bot.reasons import words
from bot.report.layout import as_html
from bot.report.telling import tell
from bot.report.week_report import make_report
from bot.settings import Programme, Settings, Smtp
from bot.store import cases, messages, rankings
from bot.store.database import open_database
from bot.story import Story, letter_to, sample
from bot.terminal import progress
from bot.week import week_of
from bot.wiring import wire
from matcher.rules import assess

WIDTH = 80
TOP = 3
STORY = timedelta(hours=2)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Play the demo in a temporary folder; ends by itself with 0."""
    report_file = _report_file(options.report)
    started = datetime.now(UTC) - STORY  # the story's clock runs ahead of the real one
    with tempfile.TemporaryDirectory(prefix="mixmatch-demo-") as folder:
        # Whatever is configured: a demo sends nothing to real people and leaves the real database alone.
        wiring = wire(replace(settings, data_dir=folder, smtp=Smtp(), programme=Programme()), progress)
        with closing(open_database(wiring.settings.database)) as db:
            seed_pool(db)
            progress("profielen van de deskundigen lezen")
            shelf = PoolShelf(wiring.encoder)
            shelf.current(db)
            with as_file(files(demo_messages)) as samples:
                _play(Story(db, wiring, shelf, started), samples)
            week = week_of(started)
            report = make_report(db, week, datetime.now(UTC), wiring.topics)
            report_file.write_text(as_html(tell(report)), encoding="utf-8")
    _title("Het weekverslag")
    _say(f"Alles hierboven staat in het weekverslag van {week.in_words()}. Open het in je browser:")
    print(f"\n  {report_file.resolve()}\n")
    return 0


def _report_file(named: str | None) -> Path:
    if named is None:
        return Path(tempfile.mkdtemp(prefix="mixmatch-verslag-")) / "weekverslag.html"
    Path(named).parent.mkdir(parents=True, exist_ok=True)
    return Path(named)


def _play(story: Story, samples: Path) -> None:
    _say(
        "Dit zijn voorbeelden. Het programma leest ze echt, kijkt naar de spelregels, zoekt een deskundige en schrijft"
        " brieven. Er gaat niets de deur uit."
    )
    _accepted_match(story, samples)
    _missing_facts(story, samples)
    _review(story, samples)
    _short_ones(story, samples)


def _accepted_match(story: Story, samples: Path) -> None:
    _title("1. Mail: twee vragen tegelijk")
    letters = _mail_in(story, samples, "1_dorpswinkel.eml")
    proposal = _proposal_in(letters)
    _answered("De adviseur", "Ja, doe maar.")
    letters = story.answer(proposal, "Ja, doe maar.")
    _letters(letters)
    _answered("De initiatiefnemer", "Ja, dat mag.")
    _letters(story.answer(letter_to(letters, "werkgroep-dorpswinkel@example.org"), "Ja, dat mag."))


def _missing_facts(story: Story, samples: Path) -> None:
    _title("2. Mail: er ontbreken gegevens, en de adviseur zegt nee")
    letters = _mail_in(story, samples, "2_buurttuin.eml")
    text = "1. In Oss\n2. Ja, de begroting sluit\n3. Nee, geen subsidie van de provincie\n4. Ja, delen mag"
    _answered("De initiatiefnemer", text)
    letters = story.answer(letter_to(letters, "buurttuin@example.org"), text)
    _understanding(story)
    _letters(letters)
    _answered("De adviseur", "Nee, deze collega is te druk.")
    _letters(story.answer(_proposal_in(letters), "Nee, deze collega is te druk."))


def _review(story: Story, samples: Path) -> None:
    _title("3. Mail: de begroting sluit niet, en zonder de provincie kan het niet")
    letters = _mail_in(story, samples, "3_ouderinitiatief.eml")
    coordinator = story.wiring.settings.programme.coordinator
    _answered("De coördinator", "Ja, dit mag meedoen.")
    _letters(story.answer(letter_to(letters, coordinator), "Ja, dit mag meedoen."))


def _short_ones(story: Story, samples: Path) -> None:
    _title("4. Mail: buiten Noord-Brabant")
    _mail_in(story, samples, "4_buiten_brabant.eml")
    _title("5. Mail: een automatisch antwoord")
    _mail_in(story, samples, "5_afwezig.eml")
    _title("6. Chat: een vraag die nog niet duidelijk is")
    _chat_in(story, samples, "6_onduidelijk.txt")
    _title("7. Chat: een vraag die hier niet hoort")
    _chat_in(story, samples, "7_paspoort.txt")


def _mail_in(story: Story, samples: Path, name: str) -> list[KeptLetter]:
    raw = sample(samples, name, story.now)
    _quote(raw.decode().partition("\n\n")[2])
    letters = story.mail_arrives(raw)
    _understanding(story)
    _letters(letters)
    return letters


def _chat_in(story: Story, samples: Path, name: str) -> None:
    text = (samples / name).read_text(encoding="utf-8").strip()
    _quote(text)
    answers = story.chat_arrives(f"chat-{name[0]}@example.org", text)
    _understanding(story)
    for answer in answers:
        _say("Antwoord in de chat:")
        _quote(answer)


def _understanding(story: Story) -> None:
    """What the store now says about the newest message."""
    newest = messages.newest(story.db)
    _say(f"Wat voor bericht: {words('kind', newest.kind)}.")
    case = cases.find(story.db, newest.case_id) if newest.case_id is not None else None
    if case is None:
        return
    for need in case.needs:
        _say(f"Vraag: {story.wiring.label(need.code)} ({need.confidence:.0%} zeker): “{need.evidence}”")
    for finding in assess(case.facts).findings:
        _say(f"Spelregel: {words('finding', f'{finding.rule}.{finding.outcome}')}")
    found = [row for row in rankings.of_case(story.db, case.id) if row["position"] is not None]
    for row in found[:TOP]:
        why = f": “{row['why'][0]['profile']}”" if row["why"] else ""
        _say(f"Deskundige {row['position']}: {row['name']}, {row['organisation']}{why}")
    _say(f"Dossier {case.reference}: {words('case_state', case.state)}.")


def _proposal_in(letters: Iterable[KeptLetter]) -> KeptLetter:
    """The letter that asks for a decision: the one with an address of its own to answer to."""
    return next(letter for letter in letters if b"MM-" in letter.raw and "NEE" in letter.text)


def _letters(letters: Iterable[KeptLetter]) -> None:
    for letter in letters:
        _say(f"Brief aan {letter.recipient}: {letter.subject}")


def _title(text: str) -> None:
    print(f"\n{'=' * WIDTH}\n{text}\n{'=' * WIDTH}")


def _quote(text: str) -> None:
    for line in text.strip().splitlines():
        print(textwrap.fill(line, WIDTH, initial_indent="  | ", subsequent_indent="  | ") if line else "  |")


def _answered(who: str, text: str) -> None:
    print(f"\n  {who} antwoordt:")
    _quote(text)


def _say(text: str) -> None:
    print(textwrap.fill(text, WIDTH, initial_indent="  - ", subsequent_indent="    "), flush=True)
