"""The file that jieba's dictionary is kept in, so that a start need not load half a million words.

Words stand sorted, in buckets by their first two characters; one lookup gives a bucket. Reading
maps the file and checks its header and its first level; any other page is checked when it is first
read. Only this module knows the format:

    header, its CRC-32
    columns, each from a multiple of 64:
        own      the caller's words, a line each: a file made for other words is refused
        firsts   u32, sorted: every first character
        spans    u32: where the buckets of each first character begin, then where the last end
        seconds  u32, sorted within a first character: second characters; 0 is the character alone
        buckets  (u32, u32): where each bucket's counts and text begin, then where the last end
        counts   u32 for each word; 0 where it is only the beginning of longer ones
        text     the words of a bucket, a line each
    a CRC-32 of each page of the above, then theirs

Numbers are in the machine's own order, which the first bytes name.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import Struct
from zlib import crc32

from corpus.record import record

MAGIC = b"hanword" + sys.byteorder[:1].encode()
NAME = "words-"  # how the files' names begin, in a folder that holds other things too
VERSION = 1
PAGE = 1 << 10  # bytes; a question meets some forty, and checking one takes 1 us
ALIGNMENT = 64
COLUMNS = ("own", "firsts", "spans", "seconds", "buckets", "counts", "text")
HEADER = Struct(f"=8sIIQQ{len(COLUMNS)}Q")
CHECKSUM = Struct("=I")
_CODEC = ("utf-8", "surrogatepass")  # a lone surrogate is a character like any other


class WordDictError(Exception):
    """A file that is not a whole, sound dictionary of this version. Write it again."""

    def __init__(self, path: Path, cause: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause


@record
class Origin:
    """What a dictionary was made of. A file made of anything else is out of date."""

    size: int  # bytes of jieba's dict.txt
    words: tuple[str, ...]  # ours, in the order in which they were added

    def own(self) -> bytes:
        """The words as the file keeps them."""
        return "\n".join(self.words).encode(*_CODEC)


def write(path: Path, origin: Origin, counts: Mapping[str, int], total: int) -> None:
    """Write beside the path, then rename: a reader finds the old file or the new one, whole."""
    from tempfile import NamedTemporaryFile  # costs a start some milliseconds; reading needs none

    data = _packed(origin, counts, total)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(data)
            file.close()
            beside.chmod(0o644)  # a temporary file is its owner's alone; a dictionary is shared
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def _packed(origin: Origin, counts: Mapping[str, int], total: int) -> bytes:
    columns = {"own": origin.own(), **_columns(counts)}
    sizes = [len(columns[name]) for name in COLUMNS]
    header = HEADER.pack(MAGIC, VERSION, PAGE, origin.size, total, *sizes)
    data = bytearray(header + CHECKSUM.pack(crc32(header)))
    for name in COLUMNS:
        data += bytes(-len(data) % ALIGNMENT) + columns[name]
    data += bytes(-len(data) % ALIGNMENT)
    pages = memoryview(data)
    sums = array("I", (crc32(pages[at : at + PAGE]) for at in range(0, len(data), PAGE))).tobytes()
    return b"".join((data, sums, CHECKSUM.pack(crc32(sums))))


def _columns(counts: Mapping[str, int]) -> dict[str, bytes]:
    """The words and their counts in columns. Every beginning of a word must be a word itself."""
    firsts, spans, seconds, buckets = (array("I") for _ in range(4))
    words = sorted(counts)
    lines: list[bytes] = []
    length, pair = 0, ""
    for at, word in enumerate(words):
        if word[:2] != pair:
            if word[:1] != pair[:1]:
                firsts.append(ord(word[0]))
                spans.append(len(seconds))
            pair = word[:2]
            seconds.append(ord(pair[1]) if len(pair) > 1 else 0)
            buckets.extend((at, length))
        lines.append(word.encode(*_CODEC))
        length += len(lines[-1]) + 1
    spans.append(len(seconds))
    buckets.extend((len(words), length))
    numbers = {"firsts": firsts, "spans": spans, "seconds": seconds, "buckets": buckets}
    numbers["counts"] = array("I", map(counts.__getitem__, words))
    text = b"\n".join([*lines, b""])
    return {"text": text, **{name: column.tobytes() for name, column in numbers.items()}}


class WordDict:
    """A mapped dictionary."""

    def __init__(self, path: Path, data: memoryview, total: int, sizes: Iterable[int]) -> None:
        """Check the first level. Raise WordDictError where the file is cut off or damaged."""
        self.total = total  # the sum of all counts
        self._path = path
        self._starts: dict[str, int] = {}
        end = HEADER.size + CHECKSUM.size
        views: dict[str, memoryview] = {}
        for name, size in zip(COLUMNS, sizes, strict=True):
            start = self._starts[name] = end + -end % ALIGNMENT
            end = start + size
            views[name] = data[start:end]
        end += -end % ALIGNMENT
        pages = -(-end // PAGE)
        if len(data) != end + (pages + 1) * CHECKSUM.size:
            raise WordDictError(path, f"{len(data)} bytes are not all of it, or too many")
        sums = data[end:-4]
        if CHECKSUM.unpack(data[-4:]) != (crc32(sums),):
            raise WordDictError(path, "its checksums are damaged")
        self._data, self._sums = data[:end], sums.cast("I")
        self._unread = bytearray(b"\x01" * pages)
        self._check("own", 0, self._starts["seconds"] - self._starts["own"])
        self.own = bytes(views["own"])
        self._firsts, self._spans, self._seconds, self._buckets, self._counts = (
            views[name].cast("I") for name in COLUMNS[1:-1]
        )
        self._text = views["text"]

    def load(self, pair: str, into: dict[str, int]) -> None:
        """Add the counts of every word that begins so, and of the first character if not there.

        `pair` is one character or two. What the dictionary does not hold is not added.
        """
        first = ord(pair[0])
        row = bisect_left(self._firsts, first)
        if row == len(self._firsts) or self._firsts[row] != first:
            return
        low, high = self._spans[row], self._spans[row + 1]
        self._check("seconds", 4 * low, 4 * high)
        if pair[0] not in into:
            self._add(low, into)
        if len(pair) > 1:
            second = ord(pair[1])
            bucket = bisect_left(self._seconds, second, low, high)
            if bucket < high and self._seconds[bucket] == second:
                self._add(bucket, into)

    def _add(self, bucket: int, into: dict[str, int]) -> None:
        self._check("buckets", 8 * bucket, 8 * bucket + 16)
        word, start, last, end = self._buckets[2 * bucket : 2 * bucket + 4]
        self._check("counts", 4 * word, 4 * last)
        self._check("text", start, end)
        lines = str(self._text[start : end - 1], *_CODEC).split("\n")
        into.update(zip(lines, self._counts[word:last], strict=True))

    def _check(self, column: str, start: int, stop: int) -> None:
        """Check the pages under a range of bytes of a column, each page once."""
        at = self._starts[column]
        page, end = (at + start) // PAGE, -(-(at + stop) // PAGE)
        while (page := self._unread.find(1, page, end)) >= 0:
            if crc32(self._data[page * PAGE : (page + 1) * PAGE]) != self._sums[page]:
                raise WordDictError(self._path, f"page {page} of it is damaged")
            self._unread[page] = 0


def read(path: Path, origin: Origin) -> WordDict:
    """Map a file. Raise WordDictError where it is not a whole, sound one made of the origin."""
    try:
        with path.open("rb") as file:
            data = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError) as error:  # an empty file cannot be mapped: ValueError
        raise WordDictError(path, str(error)) from error
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise WordDictError(path, "not a dictionary of ours")
    if len(data) < HEADER.size + CHECKSUM.size:
        raise WordDictError(path, "cut off in its header")
    _, version, page, size, total, *sizes = HEADER.unpack_from(data)
    if (version, page) != (VERSION, PAGE):
        raise WordDictError(path, f"written by version {version} of the format, not {VERSION}")
    if CHECKSUM.unpack_from(data, HEADER.size) != (crc32(data[: HEADER.size]),):
        raise WordDictError(path, "its header is damaged")
    found = WordDict(path, data, total, sizes)
    if (size, found.own) != (origin.size, origin.own()):
        raise WordDictError(path, "made of another dict.txt or for other words")
    return found
