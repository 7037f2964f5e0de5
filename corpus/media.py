"""Of what kind a page is: as declared, where its first bytes do not say otherwise. Pure."""

from __future__ import annotations

import re

from corpus.charset import halved

_READ = re.compile(r"text/.*|application/(pdf|json|xml|x-pdf|(.*\+)?(xml|json))")
_BLANK = ("", "application/octet-stream", "binary/octet-stream", "application/download")
_HTML = re.compile(
    rb"<(!doctype html|html|head|body|title|meta|script|div|p|h1|table|a)\b", re.IGNORECASE
)
_XML = re.compile(rb"<(\?xml|rss|feed)\b")
HEAD = 2048  # bytes that are looked at


def may_be_read(declared: str) -> bool:
    """Whether a declared type is worth reading the body."""
    return declared in _BLANK or _READ.fullmatch(declared) is not None


def kind(declared: str, body: bytes) -> str | None:
    """The type of a body; None where it is none that we read."""
    head = _without_comments(body[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip())
    if half := halved(head):
        head = head.decode(half, "replace").encode("utf-8", "replace")
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if declared in ("application/pdf", "application/x-pdf") or declared in _BLANK:
        declared = ""
    if _HTML.match(head):
        is_xml = "xml" in declared and "html" not in declared
        return declared if is_xml else "text/html"
    if _XML.match(head):
        return declared if "xml" in declared else "application/xml"
    if _is_binary(head):
        return None
    return declared or ("application/json" if head.lstrip()[:1] in (b"{", b"[") else "text/plain")


def _without_comments(head: bytes) -> bytes:
    while head.startswith(b"<!--") and (end := head.find(b"-->")) > 0:
        head = head[end + 3 :].lstrip()
    return head


def _is_binary(head: bytes) -> bool:
    """Whether no text begins so; UTF-16 has a mark at its beginning, or it is none of ours."""
    return b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
