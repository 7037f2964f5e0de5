"""How the Bot API says no. Nothing here knows what for."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 what happens, not what is wrong
    """A call that Telegram answers with ok: false."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code, self.description, self.parameters = code, description, parameters

    def shape(self) -> dict[str, object]:
        """The body of the answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(text: str, **parameters: int) -> Refused:
    """What is wrong with the call itself."""
    return Refused(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> Refused:
    """What the bot may not do."""
    return Refused(403, f"Forbidden: {text}")


def conflict(text: str) -> Refused:
    """Two want the same updates."""
    return Refused(409, f"Conflict: {text}")


def flooded(seconds: int) -> Refused:
    """Too many calls; when to come again."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
