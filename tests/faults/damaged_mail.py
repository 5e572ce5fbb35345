"""Makes damaged and hostile mail: sample mails and built ones, broken in many ways. The same number, the same mail.

Each damage takes a mail and gives a worse one; what must become of them is the tests' to say.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from tests.faults.hostile_pieces import (
    CHARSETS,
    DATES,
    IDS,
    JUNK,
    MACHINES,
    MARKUP,
    PLACES,
    RESULTS,
    RETURNS,
    SENDERS,
    SUBJECTS,
    TEXTS,
    TYPES,
)
from tests.mails import ADDRESS
from tests.sheet_builders import ods, xlsx, zipped

SAMPLES = Path(__file__).parent.parent / "mail_samples"
SEED = 6
Damage = Callable[[Random, bytes], bytes]


def mutant(number: int, seed: int = SEED) -> bytes:
    """The mail of this number: one to five damages to a mail that was well."""
    random = Random(f"{seed}:{number}")
    raw = random.choice(_bases())
    for _ in range(random.choice((1, 1, 2, 2, 3, 5))):
        raw = random.choice(DAMAGES)(random, raw)
    return raw


@cache
def _bases() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(SAMPLES.glob("*.eml")))


def _somewhere(random: Random, raw: bytes) -> int:
    """A place in the mail; half of the time among its headers, where most is decided."""
    end = raw.find(b"\n\n") if b"\n\n" in raw else raw.find(b"\r\n\r\n")
    return random.randint(0, end if end > 0 and random.random() < 0.5 else len(raw))


def _flip_bytes(random: Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(random.choice((1, 3, 20, 200))):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut_off(random: Random, raw: bytes) -> bytes:
    return raw[: _somewhere(random, raw)]


def _cut_out(random: Random, raw: bytes) -> bytes:
    at = _somewhere(random, raw)
    return raw[:at] + raw[at + random.choice((1, 2, 40, 400)) :]


def _double(random: Random, raw: bytes) -> bytes:
    at = _somewhere(random, raw)
    return raw[:at] + raw[at : at + random.choice((10, 100, 1_000))] * random.choice((2, 30)) + raw[at:]


def _put_junk(random: Random, raw: bytes) -> bytes:
    for _ in range(random.randint(1, 6)):
        at = _somewhere(random, raw)
        raw = raw[:at] + random.choice(JUNK) * random.choice((1, 1, 3, 300)) + raw[at + random.choice((0, 0, 1, 9)) :]
    return raw


def _splice(random: Random, raw: bytes) -> bytes:
    """The beginning of one mail and the end of another, as a mailbox that was cut wrongly gives."""
    other = random.choice(_bases())
    return raw[: _somewhere(random, raw)] + random.choice((b"", b"\nFrom x\n")) + other[_somewhere(random, other) :]


def _wide(random: Random, raw: bytes) -> bytes:
    """The whole mail in another charset than its headers can be in."""
    return raw.decode("latin-1").encode(random.choice(("utf-16", "utf-16-be", "utf-32", "utf-7", "cp037")), "replace")


def _shuffle_lines(random: Random, raw: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    at = random.randrange(len(lines) + 1)
    some = lines[at : at + 12]
    random.shuffle(some)
    return b"".join([*lines[:at], *some, *lines[at + 12 :]])


def _other_line_ends(random: Random, raw: bytes) -> bytes:
    return re.sub(rb"\r?\n", lambda _: random.choice((b"\n", b"\r\n", b"\r", b"\r\r\n", b"\n\r")), raw)


def _header(name: str, choices: tuple[str, ...]) -> Damage:
    """Another value for a header: on top, beside its own or instead of it, or in the place of any."""

    def damage(random: Random, raw: bytes) -> bytes:
        line = f"{name}: {random.choice(choices)}\n".encode("utf-8", "surrogatepass")
        if random.random() < 0.3:
            return re.sub(rb"(?im)^" + name.encode() + rb":.*\n", lambda _: line, raw)
        if random.random() < 0.7:
            raw = re.sub(rb"(?im)^" + name.encode() + rb":.*\n(?:[ \t].*\n)*", b"", raw, count=1)
        return line + raw

    return damage


def _charset(random: Random, raw: bytes) -> bytes:
    return re.sub(rb"(?i)charset=[\"']?[\w-]+", lambda _: b"charset=" + random.choice(CHARSETS).encode(), raw)


def _encoding(random: Random, raw: bytes) -> bytes:
    other = random.choice((b"base64", b"quoted-printable", b"uuencode", b"8bit", b"binary", b"x", b"base64, base64"))
    changed, times = re.subn(rb"(?i)(content-transfer-encoding:) ?[\w-]+", rb"\1 " + other, raw)
    return changed if times else b"Content-Transfer-Encoding: " + other + b"\n" + raw


def _giant_header(random: Random, raw: bytes) -> bytes:
    size = random.choice((1_000, 30_000, 300_000))
    name = random.choice((b"Subject", b"References", b"Received", b"X-A", b"Content-Type", b"From", b"DKIM-Signature"))
    value = random.choice((b"a", b"a ", b"<a@example.org>\n ", b"=?utf-8?q?a?= ", b"(", b'"a;', b"a=b; "))
    return name + b": " + value * (size // len(value)) + b"\n" + raw


def _many_headers(random: Random, raw: bytes) -> bytes:
    return random.choice((b"Received: x\n", b"X-A: b\n", b"To: a@example.org\n")) * random.choice((50, 5_000)) + raw


def _many_recipients(random: Random, raw: bytes) -> bytes:
    crowd = ", ".join(f"bewoner{number}@example.org" for number in range(random.choice((300, 3_000))))
    return f"{random.choice(('To', 'Cc'))}: {crowd}\n".encode() + raw


def _nest(random: Random, raw: bytes) -> bytes:
    for level in range(random.choice((2, 15, 60, 400))):
        kind = random.choice((b"mixed", b"alternative", b"related", b"digest", b"report"))
        mark = b"n%d" % (level if random.random() < 0.8 else 0)
        raw = b'Content-Type: multipart/%b; boundary="%b"\n\n--%b\n%b\n--%b--\n' % (kind, mark, mark, raw, mark)
    return b"From: buurttuin@example.org\nSubject: Vraag\n" + raw


def _attach(random: Random, raw: bytes) -> bytes:
    for _ in range(random.choice((1, 4))):
        raw = b"From: a@example.org\nContent-Type: message/rfc822\n\n" + raw
        if random.random() < 0.4:
            raw = b"Content-Transfer-Encoding: base64\nContent-Type: message/rfc822\n\n" + base64.encodebytes(raw)
    return raw


def _other_text(random: Random, raw: bytes) -> bytes:
    del raw
    text = random.choice(TEXTS).encode("utf-8", "surrogatepass")
    return _top(random) + b"Content-Type: text/plain; charset=utf-8\n\n" + b"Wij zoeken hulp.\n" + text


def _other_markup(random: Random, raw: bytes) -> bytes:
    del raw
    start = _top(random) + b"Content-Type: text/html; charset=utf-8\n\n<p>Wij zoeken hulp.\n"
    return start + random.choice(MARKUP).encode()


def _with_file(random: Random, raw: bytes) -> bytes:
    """A file that came along, itself damaged."""
    name, content = random.choice(_files())
    if random.random() < 0.7:
        content = _flip_bytes(random, content)
    body = base64.encodebytes(content)
    if random.random() < 0.2:
        body = body.replace(b"A", b"%", 3)[: random.randint(0, len(body))]
    said = b"Content-Type: text/plain\n\nHier is onze begroting.\n" if random.random() < 0.9 else raw
    file = b'Content-Type: application/octet-stream; name="%b"\nContent-Transfer-Encoding: base64\n\n%b' % (name, body)
    return _top(random) + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n%b\n--b\n%b\n--b--\n" % (said, file)


@cache
def _files() -> tuple[tuple[bytes, bytes], ...]:
    rows: list[list[str | int]] = [["Inkomsten"], ["Verhuur", 900], ["Uitgaven"], ["Huur", 1000]]
    bomb = zipped({"xl/workbook.xml": bytes(3_000_000), "[Content_Types].xml": b"<x/>"})
    laughs = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><office:x>&b;</office:x>"
    return (
        (b"begroting.xlsx", xlsx(rows)), (b"begroting.ods", ods(rows)), (b"begroting.xlsx", bomb),
        (b"begroting.ods", zipped({"content.xml": laughs})), (b"begroting.csv", b"Inkomsten;1\n" * 4_000),
        (b"begroting.csv", b'"' * 30_000), (b"winmail.dat", b"\x78\x9f\x3e\x22" + bytes(range(256)) * 40),
        (b"../../etc/passwd", b"x"), (b"foto\xe2\x80\xaegpj.exe", b"MZ"), (b"a" * 900, b""),
    )  # fmt: skip


def _top(random: Random) -> bytes:
    return b"From: bewoner%d@example.org\nTo: %b\nSubject: Vraag\n" % (random.randrange(50), ADDRESS.encode())


DAMAGES: tuple[Damage, ...] = (
    _flip_bytes, _flip_bytes, _cut_off, _cut_out, _double, _put_junk, _put_junk, _shuffle_lines, _other_line_ends,
    _splice, _wide, _header("Subject", SUBJECTS), _header("From", SENDERS), _header("Content-Type", TYPES),
    _header("Date", DATES), _header("Message-ID", SUBJECTS + SENDERS + IDS), _header("To", SENDERS),
    _header("In-Reply-To", IDS), _header("References", IDS), _header("Return-Path", RETURNS),
    _header("Content-Disposition", PLACES), _header("Authentication-Results", RESULTS),
    _header("Auto-Submitted", MACHINES), _header("List-Id", MACHINES), _charset, _encoding, _giant_header,
    _many_headers, _many_recipients, _nest, _attach, _other_text, _other_markup, _with_file,
)  # fmt: skip
"""What can happen to a mail; what happens most often stands here twice."""
