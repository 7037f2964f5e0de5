"""The file an Index is kept in: a header, the columns of its postings, a checksum a page.
Loading maps the file and reads the header; a page of a large file is checked when it is first
read. Only this module knows the format, which docs/index-format.md describes.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterator
from mmap import ACCESS_COPY, mmap
from pathlib import Path
from typing import Literal, cast
from zlib import crc32

from corpus.record import record
from retrieval.postings import COLUMNS, Postings
from retrieval.weighting import Collection

MAGIC = b"mlinfra\n"
VERSION = 1
PAGE = 1 << 16
CHECKED_WHOLE = 4 << 20  # bytes; a file up to this size is checked on loading, in milliseconds
READ_WHOLE = ("pairs",)  # columns that loading reads, a few pages; others are read as terms are
ALIGNMENT = 64
HEADER = struct.Struct(f"<8sHHIQQdd{len(COLUMNS)}s{len(COLUMNS)}Q")
CHECKSUM = struct.Struct("<I")


class IndexFileError(Exception):
    """A file that is no index, or not one that this version can trust. Build it again."""

    def __init__(self, path: Path, cause: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause


@record
class Layout:
    """What the header says: the collection's figures, and the type and size of each column."""

    collection: Collection
    types: bytes  # a letter of the array module for each column
    sizes: tuple[int, ...]  # bytes

    def header(self) -> bytes:
        """The first bytes of the file, closed by their checksum."""
        figures = self.collection
        header = HEADER.pack(
            MAGIC,
            VERSION,
            HEADER.size,
            PAGE,
            figures.passages,
            figures.length,
            figures.k1,
            figures.b,
            self.types,
            *self.sizes,
        )
        return header + CHECKSUM.pack(crc32(header))

    def offsets(self) -> Iterator[int]:
        """Where each column begins, then where the page checksums do."""
        end = HEADER.size + CHECKSUM.size
        for size in self.sizes:
            yield (start := end + -end % ALIGNMENT)
            end = start + size
        yield end + -end % ALIGNMENT


def write(path: Path, collection: Collection, postings: Postings) -> None:
    """Write beside the path, then rename: a reader finds the old file or the new one, whole."""
    from tempfile import NamedTemporaryFile  # costs a start some milliseconds; loading needs none

    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        beside = Path(file.name)
        try:
            for piece in pieces(collection, postings):
                file.write(piece)
            file.close()
            beside.chmod(0o644)  # a temporary file is its owner's alone; an index is shared
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def pieces(collection: Collection, postings: Postings) -> Iterator[bytes | memoryview]:
    """The bytes of the file, in order."""
    columns = [getattr(postings, name) for name in COLUMNS]
    types = "".join(column.format for column in columns).encode()
    layout = Layout(collection, types, tuple(column.nbytes for column in columns))
    checksums = Checksums()
    parts = [layout.header(), *(column.cast("B") for column in columns)]
    written = 0
    for part, offset in zip(parts, (0, *layout.offsets()), strict=False):
        for piece in (bytes(offset - written), part):
            checksums.add(piece)
            yield piece
        written = offset + len(part)
    padding = bytes(-written % ALIGNMENT)
    checksums.add(padding)
    yield padding
    yield checksums.digest()


class Checksums:
    """The checksum of each page, gathered while the bytes go by."""

    def __init__(self) -> None:
        """No byte seen."""
        self._sums: list[int] = []
        self._length = 0

    def add(self, data: bytes | memoryview) -> None:
        """Take the next bytes."""
        while len(data):
            at = self._length % PAGE
            if at == 0:
                self._sums.append(0)
            page, data = data[: PAGE - at], data[PAGE - at :]
            self._sums[-1] = crc32(page, self._sums[-1])
            self._length += len(page)

    def digest(self) -> bytes:
        """The checksums of all pages, and at last their own."""
        sums = b"".join(map(CHECKSUM.pack, self._sums))
        return sums + CHECKSUM.pack(crc32(sums))


def read(path: Path) -> tuple[Collection, Postings]:
    """Map a file. Raise IndexFileError where it is not a whole, sound index of this version."""
    try:
        with path.open("rb") as file:
            # numba takes no read-only memory; a private copy shares its pages until written to.
            data = memoryview(mmap(file.fileno(), 0, access=ACCESS_COPY))
    except (OSError, ValueError) as error:  # an empty file cannot be mapped: ValueError
        raise IndexFileError(path, str(error)) from error
    return opened(data, path)


def opened(data: memoryview, path: Path) -> tuple[Collection, Postings]:
    """The collection's figures and its postings, as views of the file's bytes."""
    layout = understood(data, path)
    *offsets, end = layout.offsets()
    pages = -(-end // PAGE)
    if len(data) != end + (pages + 1) * CHECKSUM.size:
        raise IndexFileError(path, f"{len(data)} bytes are not all of it, or too many")
    sums = data[end:]
    if CHECKSUM.unpack(sums[-CHECKSUM.size :]) != (crc32(sums[: -CHECKSUM.size]),):
        raise IndexFileError(path, "the checksums are damaged")
    check = checker(data[:end], sums[: -CHECKSUM.size].cast("I"), path)
    starts = dict(zip(COLUMNS, offsets, strict=True))
    if end <= CHECKED_WHOLE:
        check(0, end)
    for name, size in zip(COLUMNS, layout.sizes, strict=True):
        if name in READ_WHOLE:
            check(starts[name], starts[name] + size)
    columns = {
        name: data[start : start + size].cast(cast("Literal['B', 'H', 'I', 'i']", chr(letter)))
        for (name, start), size, letter in zip(
            starts.items(), layout.sizes, layout.types, strict=True
        )
    }
    return layout.collection, Postings(
        **columns, check=lambda name, start, stop: check(starts[name] + start, starts[name] + stop)
    )


def understood(data: memoryview, path: Path) -> Layout:
    """What the header says, once it is known to be one of ours, of this version, and sound."""
    if sys.byteorder != "little":
        raise IndexFileError(path, "its numbers are little-endian and this machine's are not")
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise IndexFileError(path, "not an index of ours")
    header = data[: HEADER.size]
    if len(data) < HEADER.size + CHECKSUM.size:
        raise IndexFileError(path, "cut off in its header")
    _, version, size, page, passages, length, k1, b, types, *sizes = HEADER.unpack(header)
    if (version, size, page) != (VERSION, HEADER.size, PAGE):
        raise IndexFileError(path, f"written by version {version} of the format, not {VERSION}")
    if CHECKSUM.unpack_from(data, HEADER.size) != (crc32(header),):
        raise IndexFileError(path, "its header is damaged")
    return Layout(Collection(passages, length, k1, b), types, tuple(sizes))


def checker(data: memoryview, sums: memoryview, path: Path) -> Callable[[int, int], None]:
    """A function that checks the pages under a range of bytes, each page once."""
    unread = bytearray(b"\x01" * len(sums))

    def check(start: int, stop: int) -> None:
        for page in range(start // PAGE, -(-stop // PAGE)):
            if unread[page]:
                if crc32(data[page * PAGE : (page + 1) * PAGE]) != sums[page]:
                    raise IndexFileError(path, f"page {page} of it is damaged")
                unread[page] = 0

    return check
