"""Compressed bodies, unpacked piece by piece within limits: no bomb is ever held. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from corpus.errors import Refused, quoted

STEP = 65_536  # bytes that are unpacked at a time
_FREE = 1 << 20  # what may come out of however little: the ratio tells nothing of small pages
_GZIP = b"\x1f\x8b"
_OPENERS: dict[str, Callable[[], zlib._Decompress]] = {
    "gzip": lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),
    "deflate": lambda: zlib.decompressobj(zlib.MAX_WBITS),
    "raw": lambda: zlib.decompressobj(-zlib.MAX_WBITS),
}


class Unpacker:
    """Takes a body as it comes and gives it unpacked. Raises Refused where it breaks a limit."""

    def __init__(self, encoding: str, most: int, ratio: float) -> None:
        """`most` is in bytes, `ratio` what may come out of one byte."""
        self._most = most
        self._ratio = ratio
        self._kind = _kind(encoding)
        self._opened = _OPENERS[self._kind]() if self._kind else None
        self._taken = self._given = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next pieces."""
        self._taken += len(data)
        for piece in self._pieces(data):
            self._given += len(piece)
            if self._given > self._most:
                raise Refused("size", f"larger than {self._most >> 20} MB")
            if self._kind and self._given > max(_FREE, self._ratio * self._taken):
                raise Refused("packing", f"unpacks to more than {self._ratio:.0f} times its size")
            yield piece

    def finish(self) -> None:
        """Nothing more comes: Refused where the end is missing."""
        if self._opened is not None and self._taken and not self._opened.eof:
            raise Refused("packing", "the compressed page breaks off")

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        if self._opened is None:
            yield data
            return
        while data:
            if self._opened.eof:
                if self._kind != "gzip" or not data.startswith(_GZIP):
                    return  # whatever pads the end
                self._opened = _OPENERS["gzip"]()
            yield self._step(data)
            data = self._opened.unconsumed_tail or self._opened.unused_data

    def _step(self, data: bytes) -> bytes:
        assert self._opened is not None
        try:
            return self._opened.decompress(data, STEP)
        except zlib.error:
            if self._kind != "deflate" or self._given:
                raise Refused("packing", "the compressed page is broken") from None
            # Some servers send deflate without its wrapping.
            self._kind, self._opened = "raw", _OPENERS["raw"]()
            return self._step(data)


def _kind(encoding: str) -> str:
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return ""
    if names in (["gzip"], ["x-gzip"]):
        return "gzip"
    if names == ["deflate"]:
        return "deflate"
    raise Refused("packing", f"packed in a way that was not asked for: {quoted(encoding)}")
