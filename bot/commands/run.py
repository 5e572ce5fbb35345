"""`mixmatch run`: starts the service and stays until it is asked to stop."""

import argparse
import logging
import os
import socket
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from bot import fault_points, logs, service_lock
from bot.channels.shape import PortBusy
from bot.config import settings_file
from bot.guarded_reader import GuardedReader
from bot.installation import make_folder, open_store
from bot.page_server import serve_pages
from bot.pool_vectors import PoolShelf
from bot.recovering import settle_work_in_hand
from bot.serving import Service, utc_now
from bot.settings import Settings
from bot.terminal import Refused, progress
from bot.wiring import wire


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Start the service; ends with 0 after Ctrl-C or a stop signal."""
    path = settings_file(options.config, os.environ)
    logs.begin(settings.log)
    make_folder(settings)
    _heed_tests(settings)
    try:
        with service_lock.held(settings.folder), closing(GuardedReader()) as reader:
            return _serve(settings, path.absolute() if path is not None else None, reader)
    except service_lock.InUse as problem:
        raise Refused(f"Er draait al een dienst op {settings.folder}.") from problem


def _serve(settings: Settings, path: Path | None, reader: GuardedReader) -> int:
    _refuse_busy_port(settings)
    with open_store(settings, serving=True):  # a command beside us that finds it out of date would take us for older
        pass
    wiring = replace(wire(settings, progress), reader=reader, settings_file=path)
    reader.start()
    shelf = PoolShelf(wiring.encoder)
    with open_store(settings, serving=True) as db:
        progress("pool van deskundigen klaarzetten")
        shelf.current(db)
        settle_work_in_hand(db, utc_now())
    service = Service(wiring, shelf)
    try:
        service.start()
    except PortBusy as busy:
        raise Refused(
            f"Poort {busy.port} op {busy.host} is al in gebruik. Kies een andere: lmtp.port in de instellingen."
        ) from busy
    print(_welcome(settings), flush=True)
    logs.tell("started", version=version("mixmatch"))
    left: list[str] = []
    try:
        serve_pages(service)
    finally:
        left = service.finish()
        logs.tell("stopped", busy=",".join(left) or None)
    if left:  # a server that does not answer may not keep the process from ending; everything decided is on disk
        logging.shutdown()
        os._exit(0)
    return 0


def _heed_tests(settings: Settings) -> None:
    try:
        fault_points.arm(os.environ, settings)
    except fault_points.NotArmed as problem:
        raise Refused(str(problem)) from problem


def _refuse_busy_port(settings: Settings) -> None:
    """Find out before the model loads; uvicorn itself would only log it in English and leave."""
    web = settings.web
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    try:
        socket.create_server((web.host, web.port), family=family).close()
    except OSError as problem:
        raise Refused(
            f"Poort {web.port} op {web.host} kan niet worden gebruikt ({problem.strerror})."
            " Kies een andere: web.port in de instellingen."
        ) from problem


def _welcome(settings: Settings) -> str:
    where = f"http://{settings.web.host}:{settings.web.port}/"
    mail = f"IMAP {settings.imap.host}" if settings.imap.host else "geen postbus ingesteld"
    out = "de lokale postbus op de pagina" if settings.sends_locally else f"SMTP {settings.smtp.host}"
    listener = (
        f"{settings.lmtp.protocol.upper()} op {settings.lmtp.host}:{settings.lmtp.port}"
        if settings.lmtp.port
        else "uit"
    )
    telegram = "via een webhook" if settings.telegram.mode == "webhook" else "door te vragen om berichten"
    chat = f"  Telegram: aan, {telegram}\n" if settings.telegram.token else ""
    return (
        f"Mix&Match draait. Open {where} in je browser.\n"
        f"  Post komt binnen via: {mail}; {listener}\n"
        f"  Post gaat naar: {out}\n"
        f"{chat}"
        f"  Gegevens staan in: {settings.folder}\n"
        "Stoppen: Ctrl-C."
    )
