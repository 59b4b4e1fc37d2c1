"""Column mappings: how a foreign table is read as one of our layouts. Drawn up once, kept, used again.

A mapping is data: it is stored in the journal as JSON, and shipped ones lie under seeds/mappings as TOML.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fof.errors import Problem, Refused, Where
from fof.importers.columns import Column, Layout, names_of
from fof.importers.layouts import LAYOUTS
from fof.importers.units import plain, unit_of


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variant(_Part):
    """One reading of each row of the file; several make several rows of ours out of one of theirs."""

    columns: dict[str, str] = {}
    """Our column → header of the file."""
    constants: dict[str, str] = {}
    """Our column → the text every row gets, as an office would type it."""


class Creation(_Part):
    """Parties that the column may name although they are not registered yet, and what is known of them."""

    kind: str
    code_prefix: str = ""
    facts: dict[str, str] = {}
    """Attribute → header of the file; of several rows the first that states it counts."""
    constants: dict[str, str] = {}
    """Attribute → text."""


class Mapping(_Part):
    """A foreign layout read as one of ours.

    units     column → unit of its amounts, where header and cells do not state it
    shares    column → whether its bare numbers are per cent or fractions
    words     column → text of the file → our word; "" for a text that states nothing
    skip      header → texts: rows that are left out (they are counted and told)
    ignore    headers that are deliberately not read; any other header that is not mapped is refused
    create    column → parties to be registered when the file names an unknown one
    source    where the foreign layout comes from, for the person who chooses a mapping
    """

    name: str = Field(min_length=1, max_length=80)
    layout: str
    source: str = ""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    units: dict[str, str] = {}
    shares: dict[str, Literal["percent", "fraction"]] = {}
    words: dict[str, dict[str, str]] = {}
    skip: dict[str, list[str]] = {}
    ignore: list[str] = []
    create: dict[str, Creation] = {}
    variants: list[Variant] = []

    @model_validator(mode="after")
    def _names_known(self) -> Mapping:
        layout = LAYOUTS.get(self.layout)
        if layout is None:
            raise ValueError(f"layout: one of {', '.join(LAYOUTS)}")
        known = {c.name for c in layout.columns}
        named = [set(p) for p in (self.columns, self.constants, self.units, self.shares, self.create)]
        for part in (*named, *(set(p) for v in self.variants for p in (v.columns, v.constants))):
            if unknown := sorted(part - known):
                raise ValueError(f"{self.layout} has no column {', '.join(unknown)}")
        if bad := sorted(u for u in self.units.values() if unit_of(u) is None):
            raise ValueError(f"unknown unit {', '.join(bad)}")
        return self

    @property
    def readings(self) -> list[Variant]:
        """The variants with what is common to all of them filled in; one where none is stated."""
        return [
            Variant(columns={**self.columns, **v.columns}, constants={**self.constants, **v.constants})
            for v in self.variants or [Variant()]
        ]

    def translated(self, column: str, text: str) -> str | None:
        """The word the mapping puts for a text of the file; None where it states nothing."""
        words = self.words.get(column)
        if words is None:
            return text
        found = _folded(words).get(plain(text).casefold(), text)
        return found or None

    def as_json(self) -> str:
        """The form kept in the journal."""
        return json.dumps(self.model_dump(exclude_defaults=True), ensure_ascii=False, sort_keys=True)


def _folded(words: Dict[str, str]) -> dict[str, str]:
    return {plain(k).casefold(): v for k, v in words.items()}


def mapping_from_json(text: str) -> Mapping:
    """A mapping as the journal keeps it. Refused names every field that is wrong."""
    return _validated(json.loads(text), "mapping")


def mapping_from_toml(text: str, name: str = "mapping") -> Mapping:
    """A mapping from a TOML file. Refused names every field that is wrong."""
    try:
        return _validated(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        problem = Problem("bad_mapping", "应为合规的 TOML", "well-formed TOML", str(error), Where(name))
        raise Refused([problem], name) from None


def _validated(data: object, name: str) -> Mapping:
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        problems = [
            Problem(
                "bad_mapping",
                "列映射有误",
                e["msg"],
                str(e.get("input"))[:60],
                Where(name, None, None, ".".join(str(p) for p in e["loc"]) or None),
            )
            for e in error.errors(include_url=False)
        ]
        raise Refused(problems, name) from None


def suggest(layout: Layout, headers: Sequence[str]) -> dict[str, str]:
    """For each column of ours the header of the file that most likely means it; columns without a likely one are left out.

    Each header is offered once, the likeliest pair first. A proposal for a person to confirm, never used unseen.
    """
    pairs = sorted(
        ((_likeness(column, header), column.name, header) for column in layout.columns for header in headers),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    found: dict[str, str] = {}
    for likeness, name, header in pairs:
        if likeness >= 0.6 and name not in found and header not in found.values():
            found[name] = header
    return found


def _likeness(column: Column, header: str) -> float:
    wanted = plain(header).casefold().replace("_", " ")
    best = 0.0
    for name in names_of(column):
        known = plain(name).casefold().replace("_", " ")
        score = difflib.SequenceMatcher(None, wanted, known).ratio()
        if known in wanted or wanted in known:
            score = max(score, 0.6 + 0.4 * min(len(known), len(wanted)) / max(len(known), len(wanted)))
        best = max(best, score)
    return best
