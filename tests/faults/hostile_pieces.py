"""Pieces of mail that programs stumble over, by where they go: bytes, headers, text, markup. Makes no mail itself."""

from __future__ import annotations

JUNK = (
    b"", b"\x00", b"\r", b"\n", b"\n\n", b"\r\n.\r\n", b"=?", b"?=", b'"', b"--", b";", b"\xff\xfe", b"<", b">", b"(",
    b"\\", b"Content-Type:", b"charset=", b"=0D=0A", b"&#0;", b"]]>", b"\xe2\x80\xae", b"\xc0\x80", b"\x1b$B",
    b"+ADw-", b"\x85",
)  # fmt: skip
CHARSETS = (
    "utf-7", "utf-16", "utf-32", "iso-2022-jp", "hz", "cp037", "none-such", "", "utf-8\r\n", "base64", "rot13",
    "idna", "unicode_escape", "punycode", "undefined", "koi8-u", "x-user-defined", "../../etc/passwd", "utf-8" * 200,
)  # fmt: skip
TYPES = (
    "multipart/mixed", "multipart/alternative; boundary=", 'multipart/mixed; boundary="--"', "message/rfc822",
    "message/partial; number=1; total=9; id=x", "message/external-body; access-type=URL; URL=http://a.example.org",
    "multipart/report; report-type=delivery-status; boundary=x", "text/html", "text/rtf",
    "text/calendar; method=REQUEST", "application/ms-tnef", "multipart/encrypted; boundary=x",
    "application/pkcs7-mime", "text/plain; format=flowed; delsp=yes", 'text/plain; charset="utf-8',
    "text/plain; charset*=utf-8''a; charset*1=b", "text/plain; charset*=undefined''a", "text/plain; a\0=b",
    "multipart/mixed; boundary*=idna''a; boundary*1=b", "multipart/mixed; boundary*=undefined''b",
    "text/plain; charset*0*=utf-8''%00; charset*1=x", "/", "text", "; ; ;", "image/png; name=../../x",
)  # fmt: skip
SUBJECTS = (
    "=?utf-8?q?Vraag=0D=0ABcc:_ander@example.org?=", "=?utf-8?b?AAECAwQ=?=", "=?utf-8?q?=E2=80=AEnoitpecxe?=",
    "=?utf-7?q?+AA0ACg-x?=", "=?none?x?zz?=", "=?utf-8?b?//8=?=" * 40, "=?utf-8?q?=00?=",
    "=?utf-8?q?" + "=C3" * 500 + "?=", "Re: " * 2_000, "=?iso-2022-jp?b?GyRC?=", "\u202e\u2066gninraw",
    "=?UTF-8*NL?Q?Vraag?=", "=?utf-8?q?a?==?utf-8?q?b?=",
)  # fmt: skip
SENDERS = (
    "<>", "", "a@example.org, b@example.org", '"a@example.org" <b@example.org>', "a@example.org\x00@example.org",
    "=?utf-8?q?a=40example.org?= <b@example.org>", "Groep: a@example.org, b@example.org;", "@example.org",
    "a@@example.org", "((((((((a)@example.org", '"' * 99 + "@example.org", "a" * 5_000 + "@example.org",
    "a@" + "b." * 2_000 + "org", "a@example.org <b@example.org> <c@example.org>", "аdviseur@example.org",
    "a@[127.0.0.1]", "a@exam\u202eple.org",
)  # fmt: skip
PLACES = (
    "attachment", "inline; filename=", 'attachment; filename="../../etc/passwd"',
    'attachment; filename="a\u202egpj.exe"', "attachment; filename*=punycode''%ff",
    "attachment; filename*=none''%00%0D%0A", "attachment; filename*=utf-8''a; filename*1=b",
    "attachment; filename*=undefined''a", "attachment; filename*=a\0b''x",
    "attachment; filename*0*=utf-8''a%0D; filename*9999999=b; filename*1=c", "; filename=x" * 900,
    'attachment; filename="' + "a." * 2_000 + '"', "form-data; name=x; size=99999999999999999999",
)  # fmt: skip
"""Of Content-Disposition."""
RETURNS = (
    "<>", "", "<a@example.org>", "<<a@example.org>>", "MAILER-DAEMON", "<" * 900 + ">", "a@example.org, b@example.org",
)  # fmt: skip
IDS = (
    "<>", "<a@b> <a@b> <c@d>", "<a@example.org> " * 4_000, "<" + "a" * 5_000 + "@example.org>", "a@example.org",
    "<\x00@\x00>", "<a\u202eb@example.org>", "<a@example.org", "[<a@b>", "(<a@b>)",
)  # fmt: skip
RESULTS = (
    "", ";", "mx.example.org; dmarc=pass header.from=example.org", "mx.example.org 1; " + "spf=pass " * 2_000,
    "(" * 900 + "mx.example.org; dkim=pass", '"mx.example.org; dkim=pass',
    "mx.example.org; dkim=pass header.d=" + "a." * 900,
)  # fmt: skip
"""Of Authentication-Results."""
MACHINES = ("auto-replied", "no", "", "auto-generated; x=" + "y" * 900, "\x00", "=?utf-8?q?no?=", "<lijst.example.org>")
DATES = (
    "", "99 Foo 99999 99:99:99 +9999", "Mon, 00 Jan 0000 00:00:00 -0000", "1e999", "Thu, 1 Jan 1970", "\x00",
    "9" * 3_000,
)  # fmt: skip
TEXTS = (
    "> " * 3_000, "Op 3 nov. 2026 schreef X <x@example.org>:\n> ja\n" * 200, "-- \n" * 2_000, "\n" * 20_000,
    "MM-" + "A" * 20_000, "ja " * 5_000, "nee\u0000ja" * 900, "e" + "\u0301" * 8_000, "\u202e" * 3_000, "😀" * 5_000,
    "a@b.nl " * 4_000, "x" * 60_000, "NL91ABNA0417164300 " * 900, "€ 1.000,00 " * 2_000, "http://" * 4_000,
    "=" * 9_000, "Van: x\nVerzonden: y\n\n" * 500, "____________\n" * 2_000,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1") * 100, "06-" * 9_000, "(" * 9_000,
)  # fmt: skip
MARKUP = (
    "<div>" * 5_000 + "x", "<b" * 5_000, "<!--" * 3_000, "&" * 9_000, "<table><tr><td>" * 2_000 + "x",
    "&#1114112;" * 900, "<script>x</script>" * 900, "<style>" + "a{" * 5_000, "<p style='display:none'>nee</p>ja",
    "<base href=//x><a href=javascript:1>x</a>", "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>&b;",
    "<svg><" + "g " * 3_000, "<blockquote>" * 2_000 + "ja", "<br>" * 20_000,
)  # fmt: skip
