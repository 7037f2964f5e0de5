"""Tokens of workspaces as they lie in the database: under a key that is not there."""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "aes1:"
NONCE = 12


class Keeper:
    """Hides and shows tokens; without a key it keeps them as they are."""

    def __init__(self, key: str | None) -> None:
        self._cipher = AESGCM(hashlib.sha256(key.encode()).digest()) if key else None

    def hide(self, token: str | None) -> str | None:
        """A token as it is kept."""
        if not token or self._cipher is None:
            return token
        nonce = secrets.token_bytes(NONCE)
        hidden = nonce + self._cipher.encrypt(nonce, token.encode(), None)
        return MARK + base64.b64encode(hidden).decode()

    def show(self, kept: str | None) -> str | None:
        """The token that was kept, in the clear too; None where the key is another."""
        if not kept or not kept.startswith(MARK):
            return kept
        hidden = base64.b64decode(kept.removeprefix(MARK))
        if self._cipher is None:
            return None
        try:
            return self._cipher.decrypt(hidden[:NONCE], hidden[NONCE:], None).decode()
        except InvalidTag:
            return None
