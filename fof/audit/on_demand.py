"""Facts gathered when a rule first asks for them, and then kept: what nobody asks for costs nothing.

An audit of one day asks for nearly all. Looking back for the quarter in which a breach began asks for a few fields of
a few funds on many days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fof.pausing import may_pause


class _Field:
    """A field that is worked out at the first look. Not a data descriptor: afterwards the instance answers by itself."""

    def __init__(self, name: str, gather: Callable[[Any], Any]) -> None:
        self.name, self.gather = name, gather

    def __get__(self, facts: Any, owner: type | None = None) -> Any:
        if facts is None:
            return self
        may_pause()
        answer = facts.__dict__[self.name] = self.gather(facts)
        return answer


class _Together:
    """One of several fields that are all worked out at the first look at any of them."""

    def __init__(self, name: str, gather: Callable[[Any], Mapping[str, Any]]) -> None:
        self.name, self.gather = name, gather

    def __get__(self, facts: Any, owner: type | None = None) -> Any:
        if facts is None:
            return self
        facts.__dict__.update(self.gather(facts))
        return facts.__dict__[self.name]


def gathered(
    kind: type[Any],
    fields: Mapping[str, Callable[[Any], Any]],
    together: tuple[Iterable[str], Callable[[Any], Mapping[str, Any]]] = ((), dict),
) -> type[Any]:
    """A subclass of a dataclass of facts: `fields` are worked out from the instance when asked for; `together`: names of
    fields, and what gives the values of all of them.

    An instance is made by `begin`; what is neither begun with nor among the fields has its default.
    """
    names, values = together
    looked_up: dict[str, Any] = {name: _Together(name, values) for name in names}
    looked_up |= {name: _Field(name, how) for name, how in fields.items()}
    return type(f"Gathered{kind.__name__}", (kind,), looked_up)


def begin(kind: type[Any], /, **known: Any) -> Any:
    """An instance that knows some of its fields, and whatever its other fields are gathered from."""
    facts = object.__new__(kind)
    facts.__dict__.update(known)
    return facts
