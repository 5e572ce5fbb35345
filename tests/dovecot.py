"""Starts a real Dovecot (IMAP with IDLE, LMTP) on loopback with a configuration of its own; no tests live here.

Use it in a test module with `dovecot = tests.dovecot.dovecot`, which makes the fixture known there.
"""

import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from imap_tools import BaseMailBox, MailBoxUnencrypted

from bot.channels.imap_box import ImapSettings
from tests.certificate import Certificate, absent, make_certificate

PASSWORD = 'lang-"wachtwoord'  # with a quote, which IMAP must escape
START_SECONDS = 15.0

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
recipient_delimiter = +
lda_mailbox_autocreate = yes
postmaster_address = postmaster@example.org
hostname = localhost
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_uid} gid={mail_gid} home={folder}/home/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server; users are added with `add_mailbox` and are an address each."""

    folder: Path
    imap_port: int
    imaps_port: int
    lmtp_port: int
    certificate: Certificate
    numbers: Iterator[int]

    def add_mailbox(self, name: str = "postvak") -> str:
        """Name a fresh empty mailbox; the address is its user name too."""
        return f"{name}{next(self.numbers)}@example.org"

    def settings(self, address: str, **changes: Any) -> ImapSettings:
        """Settings for reading a mailbox over plain IMAP, fast enough for tests."""
        wanted: dict[str, Any] = {
            "host": "127.0.0.1", "port": self.imap_port, "security": "none", "user": address,
            "password": PASSWORD, "account": "postvak", "poll_seconds": 30, "idle_seconds": 60,
            "timeout": 10, "first_retry_seconds": 0.05, "longest_retry_seconds": 0.4,
        }  # fmt: skip
        return ImapSettings(**(wanted | changes))

    def deliver(self, address: str, raw: bytes, sender: str = "burger@example.org") -> None:
        """Hand one mail to the server over LMTP; the address may carry a +tag."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            client.sendmail(sender, [address], raw)

    @contextmanager
    def mailbox(self, address: str, folder: str = "INBOX") -> Iterator[BaseMailBox]:
        """Log in as a person's own mail program would."""
        with MailBoxUnencrypted("127.0.0.1", self.imap_port, 10).login(address, PASSWORD, folder) as box:
            yield box

    def raw_mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw bytes of every mail in a folder, oldest first; [] when there is no such folder."""
        with self.mailbox(address) as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder)
            found = []
            for uid in box.uids():
                _, parts = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
                found += [part[1] for part in parts if isinstance(part, tuple)]
            return found

    def maildir(self, address: str) -> Path:
        """The folder on disk that holds the mailbox, for tests that damage it."""
        return self.folder / "mail" / address


def start_dovecot(folder: Path, *, separator: str = "/", prefix: str = "") -> tuple[Dovecot, subprocess.Popen[bytes]]:
    """Start a server that lives in the (empty) folder; call `stop_dovecot` with the process in the end."""
    program = _program()
    certificate = make_certificate(folder)
    imap, imaps, lmtp = ports = _free_ports(3)
    server = Dovecot(folder, imap, imaps, lmtp, certificate, count(1))
    (folder / "dovecot.conf").write_text(_configuration(server, separator, prefix))
    if os.geteuid() == 0:
        _open_up(folder)
    process = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], start_new_session=True)
    try:
        for port in ports:
            _wait_for(port, process, folder)
    except BaseException:
        stop_dovecot(process)
        raise
    return server, process


def stop_dovecot(process: subprocess.Popen[bytes]) -> None:
    """Stop the server and everything it started."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _program() -> str:
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None or not any(Path(place, "lmtp").exists() for place in ("/usr/lib/dovecot", "/usr/libexec/dovecot")):
        absent("Dovecot with IMAP and LMTP", "dovecot-imapd dovecot-lmtpd")
    return found or ""


def _configuration(server: Dovecot, separator: str, prefix: str) -> str:
    """As root with Dovecot's own users and mail owned by nobody; else everything as the present user."""
    me, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(os.getegid())
    as_root = me.pw_uid == 0
    mail_owner = pwd.getpwnam("nobody") if as_root else me
    return CONFIGURATION.format(
        folder=server.folder,
        password=PASSWORD,
        internal_user="dovecot" if as_root else me.pw_name,
        internal_group="dovecot" if as_root else group.gr_name,
        login_user="dovenull" if as_root else me.pw_name,
        mail_uid=mail_owner.pw_uid,
        mail_gid=mail_owner.pw_gid if as_root else group.gr_gid,
        imap_port=server.imap_port,
        imaps_port=server.imaps_port,
        lmtp_port=server.lmtp_port,
        certificate=server.certificate.certificate,
        key=server.certificate.key,
        separator=separator,
        prefix=prefix,
    )


def _open_up(folder: Path) -> None:
    """Let nobody, who owns the mail, reach and fill the folders below."""
    folder.chmod(0o755)
    nobody = pwd.getpwnam("nobody")
    for name in ("mail", "home"):
        (folder / name).mkdir()
        os.chown(folder / name, nobody.pw_uid, nobody.pw_gid)


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.02)
    log = folder / "dovecot.log"
    pytest.fail(f"Dovecot did not start: {log.read_text() if log.exists() else 'it wrote no log'}")


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One server for the whole session; a test takes a mailbox of its own from it."""
    # Not tmp_path: its parents are closed to the users a Dovecot started by root runs as.
    with tempfile.TemporaryDirectory(prefix="mixmatch-dovecot-", ignore_cleanup_errors=True) as name:
        server, process = start_dovecot(Path(name))
        try:
            yield server
        finally:
            stop_dovecot(process)
