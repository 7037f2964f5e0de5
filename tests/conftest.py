"""What every test stands on: the warnings of others that are not ours to mend, by name."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # jieba's source has escapes that a fresh Python complains of while it compiles it.
    warnings.simplefilter("ignore", SyntaxWarning)
    import jieba  # noqa: F401
