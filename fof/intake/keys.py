"""Idempotency keys of what comes in by file: from the content, so that a file sent again books nothing again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from fof.importers.cells import Amount, Value
from fof.ledger import BookedKey, View, request_digest

NOT_CONTENT = frozenset({"unit", "restated", "received_on", "source"})
"""Columns that say how to read a row, when it arrived or where it was read first, not what it states."""


_MARKED = (("%", "%25"), ("/", "%2F"), ("~", "%7E"))


def key(kind: str, *parts: object) -> str:
    """A readable key: `call/F-01/2024-01`. A slash inside a part is marked, so that two keys never coincide."""
    return "/".join([kind, *(_marked(_text(p)) for p in parts)])


def revision_of(text: str, number: int) -> str:
    """The key under which something is booked again after its entry was reversed; the first is the key itself."""
    return text if number == 1 else f"{text}~{number}"


def live(view: View, text: str) -> BookedKey | None:
    """What a key is booked for, under whichever revision is not reversed; None where nothing is."""
    revision = 1
    while (booked := view.booked(revision_of(text, revision))) is not None:
        if booked.reversed_by is None:
            return booked
        revision += 1
    return None


def parts(text: str) -> list[str]:
    """The parts of a key, its kind first, without the revision: parts(key(*p)) gives p as text."""
    pieces = text.partition("~")[0].split("/")
    for sign, mark in reversed(_MARKED):
        pieces = [part.replace(mark, sign) for part in pieces]
    return pieces


def _marked(text: str) -> str:
    for sign, mark in _MARKED:
        text = text.replace(sign, mark)
    return text


def content(stated: Mapping[str, Value]) -> bytes:
    """Digest of what a row states: column names and values, whatever their order, unit or place in the file.

    An amount of zero is no amount: nothing is booked for it.
    """
    flat: list[str] = []
    for name in sorted(stated):
        value = stated[name]
        if name not in NOT_CONTENT and not (isinstance(value, Amount) and value.fen == 0):
            flat += [name, _text(value)]
    return request_digest(json.dumps(flat, ensure_ascii=False))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Amount):
        return f"{value.fen} {value.currency}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return ",".join(sorted(str(v) for v in value))
    return str(value)


def documents(named: Iterable[str | None]) -> str | None:
    """The documents of the rows of one entry, as its note."""
    return "；".join(sorted({name for name in named if name})) or None
