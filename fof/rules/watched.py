"""What a rule reads while it judges: its facts are handed over watched, and every field that it asks for is noted.

A case file shows what a finding rests on. The rule itself says so: no second list of inputs could drift from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from functools import cached_property
from typing import Any, NamedTuple

Args = tuple[object, ...]
_WATCH: ContextVar[Callable[[str, Args], Args] | None] = ContextVar("watch", default=None)
_HOME = "fof.rules.facts"


class FieldRead(NamedTuple):
    """A field that a rule asked for: of which facts, and what it was given."""

    rule: str
    facts: object
    name: str
    value: Any


def handed_over(rule: str, args: Args) -> Args:
    """The facts as a rule gets them: watched where somebody watches."""
    watch = _WATCH.get()
    return args if watch is None else watch(rule, args)


def watched() -> bool:
    """Whether somebody watches."""
    return _WATCH.get() is not None


@contextmanager
def watching() -> Iterator[list[FieldRead]]:
    """Inside, every field that a rule reads is listed, once for each facts and name, in the order of reading."""
    reads: list[FieldRead] = []
    seen: set[tuple[str, int, str]] = set()

    def watch(rule: str, args: Args) -> Args:
        def note(facts: object, name: str, value: Any) -> None:
            if (rule, id(facts), name) not in seen:
                seen.add((rule, id(facts), name))
                reads.append(FieldRead(rule, facts, name, value))

        return tuple(_watched(fact, note) for fact in args)

    token = _WATCH.set(watch)
    try:
        yield reads
    finally:
        _WATCH.reset(token)


Note = Callable[[object, str, Any], None]


def _is_facts(value: object) -> bool:
    """Whether a value is facts of a subject; a flow or a year's figures is a part of them."""
    kind = type(value)
    own = is_dataclass(kind) or (issubclass(kind, tuple) and "code" in getattr(kind, "_fields", ()))
    return own and any(base.__module__.startswith(_HOME) for base in kind.__mro__)


def _watched(value: Any, note: Note) -> Any:
    """A value that tells what is asked of it; plain values as they are."""
    if _is_facts(value):
        return Watched(value, note)
    if type(value) is tuple and any(_is_facts(one) for one in value):
        return tuple(_watched(one, note) for one in value)
    return value


class Watched:
    """Facts under watch: they answer as themselves (also to isinstance), and each answer is noted."""

    __slots__ = ("_facts", "_note")

    def __init__(self, facts: Any, note: Note) -> None:
        object.__setattr__(self, "_facts", facts)
        object.__setattr__(self, "_note", note)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._facts)

    def __getattr__(self, name: str) -> Any:
        facts, note = self._facts, self._note
        of_class = getattr(type(facts), name, None)
        if isinstance(of_class, property) and of_class.fget is not None and not _is_field(facts, name):
            return of_class.fget(self)
        if isinstance(of_class, cached_property):
            return of_class.func(self)
        value = getattr(facts, name)
        if callable(value) and hasattr(value, "__func__"):
            return value.__func__.__get__(self)
        if _is_field(facts, name):
            note(facts, name, value)
        return _watched(value, note)

    def __iter__(self) -> Iterator[Any]:
        return (_watched(one, self._note) for one in self._facts)

    def __eq__(self, other: object) -> bool:
        return bool(self._facts == (other._facts if type(other) is Watched else other))

    def __hash__(self) -> int:
        return hash(self._facts)


def _is_field(facts: object, name: str) -> bool:
    kind = type(facts)
    return name in getattr(kind, "__dataclass_fields__", ()) or name in getattr(kind, "_fields", ())
