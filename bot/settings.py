"""What the operator set: the only reader of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.errors import SettingsError
from corpus.record import record


@record
class Settings:
    """Where things are."""

    catalog: Path | None  # a folder of entries that stand over the shipped ones
    cache: Path  # what can be built again

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; unset ones take their defaults. SettingsError where one is bad."""
        catalog = environ.get("MLINFRA_CATALOG_DIR")
        if catalog and not Path(catalog).is_dir():
            raise SettingsError(
                [f"MLINFRA_CATALOG_DIR: {catalog} is no folder; make it or unset it"]
            )
        home = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or "/tmp") / ".cache"
        cache = environ.get("MLINFRA_CACHE_DIR") or Path(home) / "mlinfra"
        return cls(catalog=Path(catalog) if catalog else None, cache=Path(cache))
