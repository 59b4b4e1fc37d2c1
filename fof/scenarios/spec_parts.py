"""What the parts of a specification are made of: rates, amounts, tables that know their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.money import fen_of

Rate = Annotated[float, Field(strict=True, ge=0.0, le=1.0)]
Growth = Annotated[float, Field(strict=True, gt=-1.0, le=1.0)]
Volatility = Annotated[float, Field(strict=True, ge=0.0, le=2.0)]

Flag = Annotated[bool, Field(strict=True)]
"""true or false as TOML writes them; numbers likewise: "12" and true are none."""


def _fen(value: object) -> object:
    """Yuan as text or a whole number -> fen; what is neither is left for the list of problems."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("yuan")
    return fen_of(str(value))


Yuan = Annotated[int, BeforeValidator(_fen), Field(ge=0)]
"""Whole fen; in the file yuan."""


class SpecPart(BaseModel):
    """A table of a specification: frozen, no other names than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def stated_defaults(part: Any, path: str = "") -> Iterator[str]:
    """Paths of what a table states although it is what stands there anyhow: it was typed, and has the table's source."""
    if isinstance(part, SpecPart):
        for name, declared in type(part).model_fields.items():
            if name not in part.model_fields_set:
                continue
            value, place = getattr(part, name), f"{path}.{name}" if path else name
            if _holds_parts(value):
                yield from stated_defaults(value, place)
            elif value not in (None, "", (), {}) and value == declared.default:
                yield place
    elif isinstance(part, Mapping):
        for key, own in part.items():
            yield from stated_defaults(own, f"{path}.{getattr(key, 'value', key)}")
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for n, own in enumerate(part, 1):
            yield from stated_defaults(own, f"{path}[{n}]")


def _holds_parts(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_parts, value.values()))
    if isinstance(value, tuple):
        return any(map(_holds_parts, value))
    return isinstance(value, SpecPart)


def as_stated(data: Any, part: Any, stated: frozenset[str], path: str = "") -> Any:
    """Plain values of a whole specification without the defaults that nobody stated. part: what was read of them."""
    if isinstance(data, dict) and isinstance(part, SpecPart):
        fields = type(part).model_fields
        left = {}
        for name, own in data.items():
            value, place = getattr(part, name), f"{path}.{name}" if path else name
            if _holds_parts(value):
                left[name] = as_stated(own, value, stated, place)
            elif place in stated or value != fields[name].default:
                left[name] = own
        return left
    if isinstance(data, dict) and isinstance(part, Mapping):
        by_key = {str(getattr(key, "value", key)): own for key, own in part.items()}
        return {key: as_stated(own, by_key[key], stated, f"{path}.{key}") for key, own in data.items()}
    if isinstance(data, list) and isinstance(part, tuple):
        pairs = enumerate(zip(data, part, strict=True), 1)
        return [as_stated(own, inner, stated, f"{path}[{n}]") for n, (own, inner) in pairs]
    return data
