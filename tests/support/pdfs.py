"""PDFs made for the tests: text at places, one column or two, in either language, or broken.

A page is a list of (x, y, size, text); Chinese is drawn with a font that no file need hold.
"""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Sequence

Drawn = tuple[float, float, float, str]
PICTURE: Drawn = (0, 0, 0, "")  # as a scanned page is: no text, an image over all of it
WIDTH, HEIGHT = 612, 792


def pdf(pages: Sequence[Sequence[Drawn]], title: str = "", encrypted: bool = False) -> bytes:
    """A PDF of some pages."""
    objects: list[bytes] = [b"", b""]  # catalog and pages, when their numbers are known
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [5 0 R] >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor 6 0 R >>"
    )
    objects.append(
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    )
    kids = []
    for drawn in pages:
        content = b"\n".join(map(_drawn, drawn))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (WIDTH, HEIGHT, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects.append(b"<< /Title %s >>" % _string(title))
    trailer = b"/Info %d 0 R" % len(objects)
    if encrypted:
        objects.append(
            b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (b"41" * 32, b"42" * 32)
        )
        trailer += b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    return _file(objects, trailer)


def bomb(megabytes: int) -> bytes:
    """A PDF of some kilobytes whose one page unpacks to so much, twice packed."""
    packer = zlib.compressobj(9)
    piece = b"BT /F1 10 Tf 72 700 Td (x) Tj ET " * 32_000
    data = b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()
    data = zlib.compress(data, 9)
    content = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
    return _file([*_ONE_PAGE, content % (len(data), data)], b"")


def endless() -> bytes:
    """A PDF whose pages hold themselves, a million of them."""
    pages = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"
    return _file([_ONE_PAGE[0], pages], b"")


_ONE_PAGE = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R "
    b"/Resources << /Font << /F1 3 0 R >> >> >>",
)


def paragraph(x: float, top: float, width: int, text: str, size: float = 10) -> list[Drawn]:
    """Lines of running text: so many letters a line."""
    lines = _wrapped(text, width)
    return [(x, top - 12 * number, size, line) for number, line in enumerate(lines)]


def paper(
    title: str, abstract: str, body: Sequence[str], columns: int = 2, woven: bool = False
) -> bytes:
    """A paper: title and abstract on its first page, a text for each page after the heading.

    `woven` draws the two columns line by line, across, as some programs do.
    """
    pages: list[list[Drawn]] = []
    for number, text in enumerate(body, 1):
        top, drawn = 740.0, list[Drawn]()
        if number == 1:
            drawn += [(120, 740, 18, title), (200, 715, 11, "Ann Lee and Bo Chen")]
            drawn += [(72, 690, 12, "Abstract"), *paragraph(72, 674, 90, abstract)]
            top = 674 - 12 * len(_wrapped(abstract, 90)) - 20
            drawn.append((72, top, 12, "1 Introduction"))
            top -= 20
        if columns == 2:
            lines = _wrapped(text, 44)
            half = -(-len(lines) // 2)
            left = [(72.0, top - 12 * at, 10.0, line) for at, line in enumerate(lines[:half])]
            right = [(325.0, top - 12 * at, 10.0, line) for at, line in enumerate(lines[half:])]
            if woven:
                rows = [one for pair in zip(left, right, strict=False) for one in pair]
                drawn += rows + left[len(right) :]
            else:
                drawn += left + right
        else:
            drawn += paragraph(72, top, 90, text)
        drawn.append((300, 40, 9, str(number)))
        pages.append(drawn)
    return pdf(pages)


def _wrapped(text: str, width: int) -> list[str]:
    if text.isascii():
        return textwrap.wrap(text, width)
    return [text[at : at + width // 2] for at in range(0, len(text), width // 2)]


def _drawn(one: Drawn) -> bytes:
    if one == PICTURE:
        return b"q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q"
    x, y, size, text = one
    font = b"/F1" if text.isascii() else b"/F2"
    shown = _string(text) if text.isascii() else b"<%s>" % text.encode("utf-16-be").hex().encode()
    return b"BT %s %g Tf %g %g Td %s Tj ET" % (font, size, x, y, shown)


def _string(text: str) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return b"(%s)" % escaped.encode("latin-1", "replace")


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % at)
