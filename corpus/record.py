"""Frozen values with slots, as `@dataclass(frozen=True, slots=True)` makes them, ten times as fast.

A start makes fifty of them. With dataclasses that took 40 ms, a third of a first answer: six
functions compiled for each class, and `inspect` imported. Here only `__init__` is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """The class with its annotations as fields; it is made anew, for slots cannot be added."""
    space = dict(vars(cls))
    names = tuple(space["__annotations__"])
    defaults = {name: space.pop(name) for name in names if name in space}
    for own in ("__dict__", "__weakref__"):
        space.pop(own, None)
    made = type(
        cls.__name__,
        cls.__bases__,
        {
            **_METHODS,
            **space,
            "__match_args__": names,
            "__qualname__": cls.__qualname__,
            "__slots__": names,
            "_values": attrgetter(*names),
        },
    )
    made.__init__ = _init(made, names, defaults)  # type: ignore[misc]
    return cast(type[T], made)


def fields(value: object) -> dict[str, Any]:
    """The fields of a value by name."""
    names: Sequence[str] = value.__match_args__  # type: ignore[attr-defined]
    return {name: getattr(value, name) for name in names}


def replace(value: T, **changes: object) -> T:
    """The value with some fields changed."""
    return type(value)(**fields(value) | changes)


def _init(made: type, names: Sequence[str], defaults: Mapping[str, object]) -> Callable[..., None]:
    """The function that sets the fields, which nothing can set later."""
    taken = ", ".join(f"{name}=_{name}" if name in defaults else name for name in names)
    lines = [f"    _set_{name}(self, {name})" for name in names]
    space: dict[str, Any] = {f"_{name}": default for name, default in defaults.items()}
    space |= {f"_set_{name}": getattr(made, name).__set__ for name in names}
    exec("\n".join([f"def __init__(self, {taken}):", *lines]), space)
    return cast(Callable[..., None], space["__init__"])


def _refuse(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")


def _equal(self: Any, other: Any) -> Any:
    if self.__class__ is not other.__class__:
        return NotImplemented
    return self._values(self) == self._values(other)


def _hash(self: Any) -> int:
    return hash((type(self), self._values(self)))


def _shown(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({fields})"


def _reduced(self: Any) -> tuple[type, tuple[object, ...]]:
    """For copy and pickle, which could not set the fields either."""
    return type(self), tuple(getattr(self, name) for name in self.__match_args__)


_METHODS = {
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
    "__reduce__": _reduced,
}
