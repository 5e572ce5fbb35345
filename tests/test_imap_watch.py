"""A mailbox watched through cut lines, dead servers, wrong settings and a store in trouble."""

import time

import pytest

import tests.dovecot
from bot.channels.imap_box import open_mailbox
from bot.channels.imap_in import take_new_mail
from tests.dovecot import Dovecot
from tests.line_cutter import line_cutter
from tests.shelf import Shelf, intake_of, numbered_mail, wait_until, watching

dovecot = tests.dovecot.dovecot
pytestmark = pytest.mark.needs_dovecot


def test_a_mail_the_server_cannot_read_is_put_aside_and_holds_up_no_other(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    for number in (1, 2):
        dovecot.deliver(address, numbered_mail(number))
    waiting = (dovecot.maildir(address) / "new").iterdir()
    first = next(path for path in waiting if b"vraag 1" in path.read_bytes())
    first.chmod(0)
    with watching(dovecot.settings(address, poll_seconds=0.3, put_aside_seconds=1), shelf):
        wait_until(lambda: ("imap_mail_put_aside", "uid 1") in shelf.reported)
        dovecot.deliver(address, numbered_mail(3))
        wait_until(lambda: shelf.numbers == [2, 3])
        first = next(path for path in dovecot.maildir(address).rglob(f"{first.name.split(':')[0]}*"))
        first.chmod(0o644)
        wait_until(lambda: shelf.numbers == [1, 2, 3])


def test_idle_brings_new_mail_at_once(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    with watching(dovecot.settings(address, poll_seconds=60), shelf):
        wait_until(lambda: shelf.position is not None)
        time.sleep(0.3)
        dovecot.deliver(address, numbered_mail(1))
        wait_until(lambda: shelf.numbers == [1], seconds=40)
        wait_until(lambda: len(dovecot.raw_mails(address, "Verwerkt")) == 1)
    assert shelf.codes == ["imap_connected"]


@pytest.mark.parametrize("moment", [b"SEARCH", b"(RFC822.SIZE", b"(BODY.PEEK", b"MOVE", b"IDLE"])
def test_a_mail_that_comes_in_while_others_are_taken_does_not_wait_for_the_next_poll(
    dovecot: Dovecot, moment: bytes
) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    dovecot.deliver(address, numbered_mail(1))
    with line_cutter(dovecot.imap_port) as cutter:
        cutter.meanwhile = (moment, lambda: dovecot.deliver(address, numbered_mail(2)))
        with watching(dovecot.settings(address, port=cutter.port, poll_seconds=60), shelf):
            wait_until(lambda: shelf.numbers == [1, 2], seconds=40)
    assert shelf.codes == ["imap_connected"]


def test_a_line_cut_while_idle_is_taken_up_again(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    with line_cutter(dovecot.imap_port) as cutter, watching(dovecot.settings(address, port=cutter.port), shelf):
        wait_until(lambda: shelf.position is not None)
        time.sleep(0.2)
        cutter.cut_all()
        dovecot.deliver(address, numbered_mail(1))
        wait_until(lambda: shelf.numbers == [1])
    assert shelf.codes == ["imap_connected", "imap_connection_lost", "imap_connected"]


def test_a_line_that_dies_silently_is_noticed_at_the_next_poll(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    with line_cutter(dovecot.imap_port) as cutter:
        settings = dovecot.settings(address, port=cutter.port, poll_seconds=0.5, timeout=0.5)
        with watching(settings, shelf):
            wait_until(lambda: shelf.position is not None)
            cutter.frozen = True
            dovecot.deliver(address, numbered_mail(1))
            wait_until(lambda: "imap_connection_lost" in shelf.codes)
            cutter.frozen = False
            wait_until(lambda: shelf.numbers == [1])


@pytest.mark.parametrize("moment", [b"(BODY.PEEK", b"MOVE", b"SEARCH", b"SELECT"])
def test_a_line_cut_at_any_step_loses_nothing_and_keeps_nothing_twice(dovecot: Dovecot, moment: bytes) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    for number in (1, 2):
        dovecot.deliver(address, numbered_mail(number))
    with line_cutter(dovecot.imap_port) as cutter:
        cutter.cut_at = moment
        with watching(dovecot.settings(address, port=cutter.port), shelf):
            wait_until(lambda: cutter.cuts > 0)
            cutter.cut_at = None
            wait_until(lambda: shelf.numbers == [1, 2])
            wait_until(lambda: len(dovecot.raw_mails(address, "Verwerkt")) == 2)
    assert len(shelf.kept) == 2


def test_a_mail_that_cuts_the_line_every_time_holds_up_no_other(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    for number in (1, 2, 3):
        dovecot.deliver(address, numbered_mail(number))
    with line_cutter(dovecot.imap_port) as cutter:
        cutter.cut_at = b"FETCH 1 (BODY.PEEK"
        settings = dovecot.settings(address, port=cutter.port, poll_seconds=0.3, put_aside_seconds=1)
        with watching(settings, shelf):
            wait_until(lambda: shelf.numbers == [2, 3])
            wait_until(lambda: "imap_mail_put_aside" in shelf.codes)
            assert shelf.codes.count("imap_connection_lost") == 3
            cutter.cut_at = None
            wait_until(lambda: shelf.numbers == [1, 2, 3])


def test_a_store_that_recovers_gets_the_mail(dovecot: Dovecot) -> None:
    def full(raw: bytes) -> None:
        raise OSError(28, "No space left on device")

    address, shelf = dovecot.add_mailbox(), Shelf(fail=full)
    dovecot.deliver(address, numbered_mail(1))
    with watching(dovecot.settings(address), shelf):
        wait_until(lambda: "store_unavailable" in shelf.codes)
        shelf.fail = None
        wait_until(lambda: shelf.numbers == [1])


@pytest.mark.parametrize(
    ("security", "trusted"), [("tls", True), ("starttls", True), ("tls", False), ("starttls", False)]
)
def test_tls_is_checked(dovecot: Dovecot, security: str, trusted: bool) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    dovecot.deliver(address, numbered_mail(1))
    port = dovecot.imaps_port if security == "tls" else dovecot.imap_port
    ca = str(dovecot.certificate.certificate) if trusted else ""
    with watching(dovecot.settings(address, port=port, security=security, ca_file=ca), shelf):
        wait_until(lambda: bool(shelf.reported))
        if trusted:
            wait_until(lambda: shelf.numbers == [1])
    assert shelf.codes[0] == ("imap_connected" if trusted else "imap_tls_failed")
    assert len(shelf.kept) == trusted


def test_what_is_wrong_has_a_code_of_its_own(dovecot: Dovecot) -> None:
    address = dovecot.add_mailbox()
    wrong = {
        "imap_login_failed": dovecot.settings(address, password="fout"),
        "imap_folder_missing": dovecot.settings(address, folder="Bestaat niet"),
        "imap_unreachable": dovecot.settings(address, port=1),
    }
    for code, settings in wrong.items():
        shelf = Shelf()
        with watching(settings, shelf):
            wait_until(lambda shelf=shelf, code=code: code in shelf.codes)  # type: ignore[misc]
        assert address not in str(shelf.reported)
        assert "fout" not in repr(settings)
    shelf = Shelf()
    with watching(dovecot.settings(address, user="andré@example.org"), shelf):
        wait_until(lambda: "imap_login_failed" in shelf.codes)


def test_stopping_is_quick_and_hits_a_round_between_two_mails(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    for number in range(1, 6):
        dovecot.deliver(address, numbered_mail(number))
    settings = dovecot.settings(address)
    intake = intake_of(settings, shelf)

    def stop_at_the_second(_raw: bytes) -> None:
        if len(shelf.handed) == 2:
            intake.stop.set()

    shelf.fail = stop_at_the_second
    with open_mailbox(settings) as box:
        assert take_new_mail(box, intake) == 2
    assert shelf.position is not None
    assert shelf.position[1] == 2
    assert len(dovecot.raw_mails(address)) == 3
    began = time.monotonic()
    with watching(settings, Shelf()):
        time.sleep(0.5)
    assert time.monotonic() - began < 30
