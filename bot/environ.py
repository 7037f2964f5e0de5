"""Reading the environment: one value after the other, every fault kept with its mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from bot.variables import VARIABLES
from corpus.pattern import pattern

T = TypeVar("T")
D = TypeVar("D")


class Reader:
    """Takes values from the environment and keeps every problem."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []
        self.secrets: list[str] = []

    def read(self, name: str, parse: Callable[[str], T], default: D) -> T | D:
        """A value, or its default where it is unset, empty or wrong."""
        secret = VARIABLES[name].secret
        text = self.environ.get(name, "").strip()
        if secret:
            text = self._from_file(name, text)
        elif self.environ.get(f"{name}_FILE", "").strip():
            self.complain(f"{name}_FILE", f"is not read, for it is no secret: set {name}")
        if not text:
            return default
        if secret:
            self.secrets += [text, *_password(text)]
        try:
            return parse(text)
        except ValueError as fault:
            shown = "" if secret else f" (it is {text!r})"
            given = name if self.environ.get(name, "").strip() else f"{name}_FILE"
            self.complain(given, f"{fault}{shown}")
            return default

    def gave(self, name: str) -> bool:
        """Whether something was given for a name, right or wrong: whose fault is told need not be
        missed too.
        """
        return any(self.environ.get(one, "").strip() for one in (name, f"{name}_FILE"))

    def _from_file(self, name: str, text: str) -> str:
        path = self.environ.get(f"{name}_FILE", "").strip()
        if not path:
            return text
        if text:
            self.complain(f"{name}_FILE", f"stands beside {name}: unset one of them")
            return text
        try:
            text = Path(path).read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else "no text"
            self.complain(f"{name}_FILE", f"cannot be read: {why} (it is {path!r})")
            return ""
        if not text:
            self.complain(f"{name}_FILE", f"names an empty file (it is {path!r})")
        return text

    def complain(self, name: str, what: str) -> None:
        """Keep a problem."""
        self.problems.append(f"{name} {what}")


def _password(text: str) -> set[str]:
    """The password in an address; a short one is left, for it may be a word of any log."""
    try:
        found = urlsplit(text).password or ""
    except ValueError:
        found = ""
    return {one for one in (found, unquote(found)) if len(one) > 5}


def folder(text: str) -> Path:
    """A folder that is there."""
    with _looked_at():
        if not Path(text).is_dir():
            raise ValueError("names no folder: make it or unset it")
        next(Path(text).iterdir(), None)
    return Path(text)


def own_folder(text: str) -> Path:
    """A folder of ours, which we make where it is not there."""
    path = Path(_without_tilde(text))
    with _looked_at():
        if path.exists() and not path.is_dir():
            raise ValueError("must be a folder, and is something else")
    return path


@contextmanager
def _looked_at() -> Iterator[None]:
    """A place that one may not even look at is a problem as any other."""
    try:
        yield
    except OSError as fault:
        raise ValueError(f"cannot be looked into: {fault.strerror}") from None


def _without_tilde(path: str) -> str:
    if path.startswith("~"):
        raise ValueError("must be a path without ~, which a shell alone knows")
    return path


def number(least: int, most: int) -> Callable[[str], int]:
    """A whole number between two others."""

    def parse(text: str) -> int:
        short = text.isascii() and text.isdecimal() and len(text) < 20
        if not (short and least <= int(text) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def amount(least: float, most: float) -> Callable[[str], float]:
    """A number between two others, with a point where it is no whole one; or 0."""

    def parse(text: str) -> float:
        found = float(text) if _AMOUNT.fullmatch(text) else -1.0
        if found and not least <= found <= most:
            raise ValueError(f"must be 0, or a number from {least:g} to {most:g}, such as 0.5")
        return found

    return parse


def choice(*choices: str) -> Callable[[str], str]:
    """One of some words."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be {' or '.join(choices)}")
        return text.lower()

    return parse


def database_url(text: str) -> str:
    """A database's address with the driver that we use; ValueError where it is none of ours."""
    scheme, _, rest = text.partition("://")
    if rest.count("@") > 1:  # the driver would take a part of the password for the host
        raise ValueError("must have the @ of a user or password as %40, and / ? # : likewise")
    kind = scheme.partition("+")[0].lower()
    try:
        urlsplit(text).port  # noqa: B018  # reading it is what checks it
    except ValueError:
        rest = ""
    if kind in ("postgres", "postgresql") and rest:
        return f"postgresql+psycopg://{rest}"
    if kind == "sqlite" and _SQLITE.fullmatch(rest):
        _without_tilde(rest.removeprefix("/"))
        return f"sqlite://{rest}"
    raise ValueError("must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")


def web(text: str) -> str:
    """An address of the web, without user, query, fragment and blanks."""
    try:
        text = text if text.split() == [text] else ""
        parts = urlsplit(text)
        parts.port  # noqa: B018  # reading it is what checks it
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://bot.example.org/path")
    if parts.username or parts.password:
        raise ValueError("must hold no user and no password")
    return text


def feeds(text: str) -> tuple[str, ...]:
    """Addresses of the web, several, each once."""
    found = tuple(dict.fromkeys(text.replace(",", " ").split()))
    for address in found:
        try:
            parts = urlsplit(address)
            named = parts.hostname and parts.port != 0
        except ValueError:
            named = False
        if not named or parts.scheme not in ("http", "https") or parts.username:
            raise ValueError("must be such as https://example.org/feed.xml, with commas between")
    return found


def bot_api(text: str) -> str:
    """The root of a Bot API server, without a slash at its end."""
    root = web(text).rstrip("/")
    if _BOT_PATH.search(urlsplit(root).path):
        raise ValueError("must be the server's root, without /bot and without the token")
    return root


def slack_api(text: str) -> str:
    """The root of the Web API."""
    if not web(text).endswith("/api/"):
        raise ValueError("must end in /api/")
    return text


def token(text: str) -> str:
    """One word."""
    if not _VISIBLE.fullmatch(text):
        raise ValueError("must be one word, as it was given, without blanks, quotes or slashes")
    return text


def word(text: str) -> str:
    """A secret of whatever signs, without a blank, which would be a slip of the hand."""
    if not _WORD.fullmatch(text):
        raise ValueError("must be one word of ASCII, as it was given, without blanks")
    return text


def host(text: str) -> str:
    """A name or an address to listen on."""
    bare = text.removeprefix("[").removesuffix("]")
    if not _LISTEN.fullmatch(bare):
        raise ValueError("must be a name or an address such as 127.0.0.1, 0.0.0.0 or ::")
    return bare


def webhook_secret(text: str) -> str:
    """What Telegram takes as the secret of a webhook."""
    if not _SECRET.fullmatch(text):
        raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ -")
    return text


def key(text: str) -> str:
    """A text that is long enough to be a key."""
    if len(text) < 16:
        raise ValueError("must have 16 characters or more")
    return text


def ids(text: str) -> frozenset[int]:
    """Numbers of Telegram."""
    if not _IDS.fullmatch(text):
        raise ValueError("must be numbers with commas between")
    return frozenset(int(part) for part in text.replace(",", " ").split())


def channel(text: str) -> str:
    """A place that one can post in."""
    if not _CHANNEL.fullmatch(text):
        raise ValueError("must be such as telegram:-1001234567890 or slack:T0123:C0456")
    return text


def channels(text: str) -> frozenset[str]:
    """Places or users."""
    parts = text.replace(",", " ").split()
    if not all(map(_CHANNEL.fullmatch, parts)):
        raise ValueError("must be such as telegram:42, slack:T0123:U0456, with commas between")
    return frozenset(parts)


def places(text: str) -> frozenset[str]:
    """HOST:PORT, several, or HOST for all of its ports; an IPv6 address in brackets."""
    parts = text.lower().replace(",", " ").split()
    for part in parts:
        found = _PLACE.fullmatch(part)
        if not found:
            raise ValueError("must be such as wiki.example.org:443, 10.1.2.3:8080, 10.1.2.3")
        if found[1] and not 0 < int(found[1][:9]) < 65536:
            raise ValueError("must have ports from 1 to 65535")
    return frozenset(part.replace("[", "").replace("]", "") for part in parts)


def contact(text: str) -> str:
    """What a header can say."""
    if not (text.isascii() and text.isprintable() and len(text) <= 200) or set(text) & set("()"):
        raise ValueError("must be such as https://example.org/bot or mailto:bot@example.org")
    return text


_PLACE = pattern(r"(?:[\w.-]+|\[[0-9a-f:.]+\])(?::([0-9]+))?")
_BOT_PATH = pattern(r"/(?:file/)?bot[^/]*(?:/|$)")
_VISIBLE = pattern(r"[^\s/\"'<>]+")
_WORD = pattern(r"[!-~]+")
_LISTEN = pattern(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]+(?:%\w+)?")
_SECRET = pattern(r"[A-Za-z0-9_-]{1,256}")
_SQLITE = pattern(r"/(?!:memory:)[^?]+")
_AMOUNT = pattern(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_IDS = pattern(r"\s*-?\d+(?:[\s,]+-?\d+)*[\s,]*")
_CHANNEL = pattern(r"telegram:-?\d+(?::\d+)?|slack:\w+:\w+|terminal:\S+")
