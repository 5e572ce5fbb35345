"""The command `mixmatch`: arguments, Dutch help and errors, exit codes. The work itself is in bot/commands."""

import argparse
import errno
import importlib
import os
import sqlite3
import sys
from collections.abc import Sequence
from typing import NoReturn

from bot.config import BadSettings, read_settings, settings_file
from bot.dutch_argparse import DutchParser
from bot.terminal import Command, Refused

WRONG_USE, FAILURE = 2, 1

STORELESS = {"begroting"}
"""Commands that never open the database."""

# What the operating system says most often; anything else is shown in its own words.
SYSTEM_WORDS = {
    errno.ENOENT: "dit bestaat niet",
    errno.EACCES: "dit mag niet met jouw rechten",
    errno.EPERM: "dit mag niet met jouw rechten",
    errno.EISDIR: "dit is een map",
    errno.ENOTDIR: "hier hoort een map te staan",
    errno.EEXIST: "hier staat al iets anders",
    errno.ENOSPC: "de schijf is vol",
    errno.EROFS: "hier kan niets worden bewaard",
    errno.ECONNREFUSED: "er luistert daar niets",
    errno.EADDRINUSE: "de poort is al in gebruik",
}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with 0, 1 (failure) or 2 (wrong use); never with a traceback."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings(settings_file(options.config, os.environ), os.environ)
        code = _command(options.command)(options, settings)
        sys.stdout.flush()  # here, not at exit: a reader that left is noticed now
        return code
    except BadSettings as problem:
        return _say(str(problem), WRONG_USE)
    except Refused as problem:
        return _say(str(problem), problem.code)
    except KeyboardInterrupt:
        return _say("Gestopt.", 130)
    except BrokenPipeError:
        # The reader (head, less) left: that is no fault, but the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, sqlite3.Error) as problem:
        return _say(_plainly(problem), FAILURE)


def _command(name: str) -> Command:
    if name not in STORELESS:
        _load_sqlite_utils_alone()
    command: Command = importlib.import_module(f"bot.commands.{module_of(name)}").run
    return command


def _load_sqlite_utils_alone() -> None:
    # It asks for numpy only to map number types that nothing here stores; that takes a third of the start of a list.
    if "numpy" in sys.modules:
        return
    sys.modules["numpy"] = None  # type: ignore[assignment]  # so Python is told that a module can't be imported
    try:
        importlib.import_module("sqlite_utils")
    finally:
        del sys.modules["numpy"]


def module_of(command: str) -> str:
    """The file of a command in bot/commands; a word of Python is no name for one."""
    return "importing" if command == "import" else command


def _speak_utf8() -> None:
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # stray bytes in what is typed are no reason to stop
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _say(sentence: str, code: int) -> int:
    print(f"mixmatch: {sentence}", file=sys.stderr)
    return code


def _plainly(problem: OSError | sqlite3.Error) -> str:
    if isinstance(problem, sqlite3.Error):
        return f"De database kan niet worden gebruikt ({problem}). Start 'mixmatch doctor' voor meer uitleg."
    place = f" {problem.filename}" if problem.filename else ""
    return f"Het bestand of de verbinding{place} kan niet worden gebruikt: {_words_of(problem)}."


def _words_of(problem: OSError) -> str:
    return SYSTEM_WORDS.get(problem.errno or 0) or problem.strerror or type(problem).__name__


def _parser() -> DutchParser:
    parser = DutchParser(
        prog="mixmatch",
        description="Mix&Match brengt vragen van initiatieven in Noord-Brabant bij de juiste deskundige.",
    )
    parser.add_argument("--config", metavar="BESTAND", help="instellingenbestand (anders mixmatch.toml in deze map)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="OPDRACHT", title="opdrachten")
    _add_reading(commands)
    _add_working(commands)
    _add_keeping(commands)
    _add_quarantine(commands)
    _add_privacy(commands)
    _add_quality(commands)
    return parser


def _add_reading(commands: "argparse._SubParsersAction[DutchParser]") -> None:
    analyse = commands.add_parser("analyse", help="berichten lezen zonder iets te bewaren")
    analyse.add_argument("files", nargs="+", metavar="BESTAND", help=".eml, .txt of .jsonl; - leest van de invoer")
    analyse.add_argument("--json", action="store_true", help="één JSON-object per bericht")
    analyse.add_argument("--experts", metavar="BESTAND", help="eigen pool (CSV of XLSX) in plaats van de voorbeeldpool")
    ask = commands.add_parser("ask", help="een gesprek in de terminal")
    ask.add_argument("--as", dest="address", default="initiatiefnemer@example.org", metavar="ADRES", help="wie je bent")


def _add_working(commands: "argparse._SubParsersAction[DutchParser]") -> None:
    commands.add_parser("run", help="de dienst starten: mail, webpagina's, uitgaande post")
    demo = commands.add_parser("demo", help="voorbeeldberichten door het hele programma laten lopen")
    demo.add_argument("--report", metavar="BESTAND", help="waar het weekverslag komt (HTML)")
    experts = commands.add_parser("experts", help="de pool van deskundigen en adviseurs")
    actions = experts.add_subparsers(dest="action", required=True, metavar="ACTIE", title="acties")
    for name, text in (
        ("import", "een CSV- of XLSX-bestand inlezen: alles of niets"),
        ("export", "de pool als CSV wegschrijven"),
        ("check", "een bestand controleren zonder iets te veranderen"),
        ("list", "de pool tonen"),
    ):
        action = actions.add_parser(name, help=text)
        if name != "list":
            action.add_argument("file", metavar="BESTAND", help="het CSV-bestand, bij inlezen ook XLSX")
        action.add_argument("--json", action="store_true", help="als JSON")
    budget = commands.add_parser("begroting", help="een lege begroting maken die initiatiefnemers kunnen invullen")
    budget.add_argument("--out", default="begroting.xlsx", metavar="BESTAND", help="waar de begroting komt (XLSX)")
    report = commands.add_parser("report", help="het weekverslag")
    report.add_argument("--week", metavar="JJJJ-Wnn", help="de week, bijvoorbeeld 2026-W47 (anders de vorige week)")
    report.add_argument("--format", choices=("html", "text", "xlsx", "json"), default="text", help="de vorm")
    report.add_argument("--out", metavar="BESTAND", help="waar het verslag komt (anders op het scherm)")
    report.add_argument("--public", action="store_true", help="voor buiten het team: zonder kleine aantallen")
    report.add_argument("--send", action="store_true", help="ook mailen: naar de coördinator, met --public aan lezers")


def _add_keeping(commands: "argparse._SubParsersAction[DutchParser]") -> None:
    doctor = commands.add_parser("doctor", help="controleren of alles werkt, met wat je eraan kunt doen")
    doctor.add_argument("--json", action="store_true", help="als JSON")
    backup = commands.add_parser("backup", help="een reservekopie van alles maken, ook terwijl de dienst draait")
    backup.add_argument("file", metavar="BESTAND", help="waar de kopie komt: een nieuw bestand, of een map")
    backup.add_argument("--keep", type=int, metavar="AANTAL", help="in die map zoveel kopieën houden; oudere gaan weg")
    restore = commands.add_parser("restore", help="een reservekopie terugzetten, terwijl de dienst stilstaat")
    restore.add_argument("file", metavar="BESTAND", help="de reservekopie")
    restore.add_argument("--replace", action="store_true", help="ook als er al berichten staan; die gaan opzij")
    export = commands.add_parser("export", help="open data maken: zonder persoonsgegevens, met uitleg")
    export.add_argument("folder", metavar="MAP", help="een nieuwe of lege map, of een map met een eerdere export")
    taken = commands.add_parser("import", help="open data van een andere installatie inlezen: alles of niets")
    taken.add_argument("folder", metavar="MAP", help="de map die 'mixmatch export' daar maakte")
    taken.add_argument("--json", action="store_true", help="als JSON")


def _add_quarantine(commands: "argparse._SubParsersAction[DutchParser]") -> None:
    quarantine = commands.add_parser("quarantine", help="berichten die niet te lezen waren: tonen, opnieuw, afhandelen")
    actions = quarantine.add_subparsers(dest="action", required=True, metavar="ACTIE", title="acties")
    actions.add_parser("list", help="welke het zijn").add_argument("--json", action="store_true", help="als JSON")
    show = actions.add_parser("show", help="het begin van een bericht, zoals het binnenkwam")
    show.add_argument("id", type=int, metavar="NUMMER", help="het nummer uit de lijst")
    replay = actions.add_parser("replay", help="opnieuw laten lezen, bijvoorbeeld door een nieuwe versie")
    replay.add_argument("ids", type=int, nargs="*", metavar="NUMMER", help="nummers uit de lijst")
    replay.add_argument("--all", action="store_true", help="alles wat er staat")
    done = actions.add_parser("done", help="zelf afgehandeld: het wacht niet meer")
    done.add_argument("ids", type=int, nargs="+", metavar="NUMMER", help="nummers uit de lijst")


def _add_privacy(commands: "argparse._SubParsersAction[DutchParser]") -> None:
    privacy = commands.add_parser("privacy", help="wat we van mensen bewaren: tonen, wissen, verantwoorden")
    actions = privacy.add_subparsers(dest="action", required=True, metavar="ACTIE", title="acties")
    export = actions.add_parser("export", help="alles wat we van iemand bewaren")
    export.add_argument("--out", metavar="BESTAND", help="waar het komt: .json, .txt of .zip (met bijlagen)")
    export.add_argument("--json", action="store_true", help="als JSON op het scherm")
    erase = actions.add_parser("erase", help="alles van iemand wissen, ook in de mailbox; kan niet terug")
    erase.add_argument("--yes", action="store_true", help="niet eerst vragen")
    for action in (export, erase):
        action.add_argument("address", metavar="ADRES", help="mailadres, telegram:nummer of web:kenmerk")
    waiting = actions.add_parser("list", help="wisverzoeken die wachten")
    waiting.add_argument("--json", action="store_true", help="als JSON")
    approve = actions.add_parser("approve", help="een wisverzoek goedkeuren; de dienst wist daarna")
    approve.add_argument("id", type=int, metavar="NUMMER", help="het nummer uit de lijst")
    approve.add_argument("--by", required=True, metavar="ADRES", help="het mailadres van de coördinator")
    retention = actions.add_parser("retention", help="wissen wat lang genoeg bewaard is")
    retention.add_argument("--dry-run", action="store_true", help="alleen tonen wat weg zou gaan")
    for name, text in (
        ("register", "het register van verwerkingen (artikel 30 AVG)"),
        ("dpia", "een concept van de DPIA"),
        ("algorithm", "een concept voor het Algoritmeregister"),
    ):
        actions.add_parser(name, help=text).add_argument("--out", metavar="BESTAND", help="waar het komt (Markdown)")


def _add_quality(commands: "argparse._SubParsersAction[DutchParser]") -> None:
    train = commands.add_parser("train", help="leren van de gelabelde berichten")
    train.add_argument("--cases", default="cases", metavar="MAP", help="map met gelabelde berichten")
    train.add_argument("--out", metavar="BESTAND", help="waar het geleerde komt")
    evaluate = commands.add_parser("evaluate", help="de kwaliteit meten op gelabelde berichten")
    evaluate.add_argument("--cases", default="cases", metavar="MAP", help="map met gelabelde berichten")
    evaluate.add_argument("--json", action="store_true", help="als JSON")
    evaluate.add_argument("--curve", metavar="BESTAND", help="teken ook de leercurve als SVG (duurt lang)")
    corrected = commands.add_parser("corrections", help="verbeteringen van coördinatoren als gelabelde berichten")
    corrected.add_argument("file", metavar="BESTAND", help="waar ze komen (.jsonl), zonder persoonsgegevens")
    corrected.add_argument("--phrases", metavar="BESTAND", help="waar de zinnen bij onderwerpen komen (.csv)")
    _add_weights(commands)
    bench = commands.add_parser("bench", help="de snelheid meten, naast die van het taalmodel alleen")
    bench.add_argument("--messages", type=int, default=60, metavar="AANTAL", help="hoeveel berichten")
    bench.add_argument("--json", action="store_true", help="als JSON")
    bench.add_argument("--compare", action="store_true", help="ook met torch in float32")


def _add_weights(commands: "argparse._SubParsersAction[DutchParser]") -> None:
    weights = commands.add_parser("weights", help="de volgorde van experts laten leren van beslissingen")
    actions = weights.add_subparsers(dest="action", required=True, metavar="ACTIE", title="acties")
    for name, text in (
        ("compare", "nieuwe gewichten leren en naast de oude zetten; er verandert nog niets"),
        ("list", "tonen wat is voorgesteld, goedgekeurd en afgewezen"),
    ):
        actions.add_parser(name, help=text).add_argument("--json", action="store_true", help="als JSON")
    for name, text in (("approve", "voorgestelde gewichten in gebruik nemen"), ("reject", "ze niet gebruiken")):
        decide = actions.add_parser(name, help=text)
        decide.add_argument("id", type=int, metavar="NUMMER", help="het nummer uit de vergelijking")
        if name == "approve":
            decide.add_argument("--by", required=True, metavar="ADRES", help="het mailadres van de coördinator")


if __name__ == "__main__":
    main()
