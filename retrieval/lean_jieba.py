"""jieba's own code, without the modules that cutting never uses.

Of the 45 ms that `import jieba` takes after pkg_resources is left out, jieba's code takes 3. Here
its two modules run as a private copy, whose `import` statements are answered by `_import`.
`sys.modules` is never touched: who imports jieba elsewhere in the process gets the whole of it.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

VERSION = "0.42.1"  # its internals are relied upon: Tokenizer.FREQ, .total and .initialized


class _Idle:
    """Stands for a module that is named but not used: every attribute and every call is itself."""

    def __getattr__(self, _: str) -> _Idle:
        return self

    def __call__(self, *_: object) -> _Idle:
        return self


_IDLE = _Idle()
# finalseg guesses at unknown words, with HMM=True only; tempfile and hashlib serve the cache of
# Tokenizer.initialize, which is never called; logging tells of that alone.
_UNUSED = frozenset({"hashlib", "logging", "tempfile"})


def folder() -> Path:
    """Where jieba is installed."""
    return Path(_spec().origin or "").parent


def module() -> Any:
    """A new copy of jieba that can cut without HMM, and load a dictionary by `gen_pfdict`."""
    spec = _spec()
    compat = _run(PathFinder.find_spec("jieba._compat", spec.submodule_search_locations), {})
    jieba = _run(spec, {"_compat": compat, "": SimpleNamespace(finalseg=_IDLE)})
    if jieba.__version__ != VERSION:
        raise ImportError(f"jieba {VERSION} is needed, not {jieba.__version__}", name="jieba")
    return jieba


def _spec() -> ModuleSpec:
    # importlib.util.find_spec would do; importing importlib.util takes 4 ms
    spec = PathFinder.find_spec("jieba")
    if spec is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    return spec


def _run(spec: ModuleSpec | None, siblings: Mapping[str, Any]) -> Any:
    """A module of jieba, run with `siblings` for what it imports from its own package."""

    def _import(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        wanted: Sequence[str] = (),
        level: int = 0,
    ) -> Any:
        if level:
            return siblings[name]
        if name in _UNUSED:
            return _IDLE
        if name == "pkg_resources":  # 60 ms for a file name, which jieba finds without it as well
            raise ImportError(name)
        return builtins.__import__(name, globals_, locals_, wanted, level)

    if spec is None:
        raise ImportError(f"a jieba other than {VERSION}", name="jieba")
    made = ModuleType(spec.name)
    made.__file__ = spec.origin
    made.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import}
    exec(_code(spec), made.__dict__)
    return made


def _code(spec: ModuleSpec) -> CodeType:
    import warnings

    with warnings.catch_warnings():  # uncompiled, jieba's patterns warn of their escapes
        warnings.simplefilter("ignore")
        code: CodeType | None = spec.loader.get_code(spec.name)  # type: ignore[union-attr]
    if code is None:
        raise ImportError("jieba without its source", name="jieba")
    return code
