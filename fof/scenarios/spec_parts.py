"""What the parts of a specification are made of: rates, amounts, tables that know their names."""

from __future__ import annotations

from typing import Annotated

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
