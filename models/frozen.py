"""A record: fields that are set once, by name and place, and never again.

It is what `dataclass(frozen=True, slots=True)` makes of a class, at a tenth of the price: that writes and compiles seven
functions for each class when its module is imported, of which a process that prints one figure calls few. Here the first
record of a class compiles how its records are made, and nothing else is compiled: records are compared, hashed and
printed by their fields. `dataclasses.fields`, `replace`, `asdict` and `is_dataclass` know records as they know dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

_Class = TypeVar("_Class", bound=type[Any])
_LEFT_OUT = object()


@overload
def frozen(kind: _Class) -> _Class: ...
@overload
def frozen(*, eq: bool) -> Callable[[_Class], _Class]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: Any = None, *, eq: bool = True) -> Any:
    """A class of records of the fields that its annotations name; `eq` False: each is equal to itself alone."""
    return (lambda given: _frozen(given, eq)) if kind is None else _frozen(kind, eq)


def _frozen(kind: type[Any], eq: bool) -> type[Any]:
    own: type[Any] = dataclass(init=False, repr=False, eq=False, slots=True)(kind)
    for name, method in {**_METHODS, **(_compared(own) if eq else {})}.items():
        if kind.__dict__.get(name) is None:
            setattr(own, name, method)
    return own


def _compared(own: type[Any]) -> dict[str, Any]:
    """Equal are records of one class of which all fields are."""
    names = [f.name for f in fields(own) if f.compare]
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed}


def _first(self: Any, *given: Any, **named: Any) -> None:
    """The first record of a class: from then on its class makes them by a function of its own."""
    own = next(kind for kind in type(self).__mro__ if kind.__dict__.get("__init__") is _first)
    making = _making(own)
    setattr(own, "__init__", making)  # noqa: B010 - mypy takes an assignment for one to an instance
    making(self, *given, **named)


def _making(own: type[Any]) -> Any:
    """A function that sets every field of a new record, written as its fields ask and compiled."""
    uses: dict[str, Any] = {"_LEFT_OUT": _LEFT_OUT}
    takes, does = ["self"], []
    for f in fields(own):
        uses[f"_set_{f.name}"] = getattr(own, f.name).__set__
        takes.append(f.name + _default(f, uses))
        made = f"{f.name} if {f.name} is not _LEFT_OUT else _made_{f.name}()"
        does.append(f"_set_{f.name}(self, {f.name if f.default_factory is MISSING else made})")
    if hasattr(own, "__post_init__"):
        does.append("self.__post_init__()")
    # S102: every name is that of a field, and values are handed in, not written out; dataclasses does the same
    exec(f"def __init__({', '.join(takes)}):\n " + "\n ".join(does or ["pass"]), uses)  # noqa: S102
    uses["__init__"].__qualname__ = f"{own.__qualname__}.__init__"
    return uses["__init__"]


def _default(f: Field[Any], uses: dict[str, Any]) -> str:
    if f.default_factory is not MISSING:
        uses[f"_made_{f.name}"] = f.default_factory
        return "=_LEFT_OUT"
    if f.default is not MISSING:
        uses[f"_default_{f.name}"] = f.default
        return f"=_default_{f.name}"
    return ""


@recursive_repr()
def _printed(self: Any) -> str:
    own = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{type(self).__qualname__}({own})"


def _fixed(self: Any, name: str, value: object = None) -> NoReturn:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, f.name) for f in fields(self)]


def _restore(self: Any, state: Sequence[Any]) -> None:
    for f, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, f.name, value)


_METHODS = {
    "__init__": _first,
    "__repr__": _printed,
    "__setattr__": _fixed,
    "__delattr__": _fixed,
    "__getstate__": _state,
    "__setstate__": _restore,
}
