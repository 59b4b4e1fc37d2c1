"""The canonical record of an entry, its leaf hash, and the Merkle root over all leaves (RFC 6962).

Record, version 1: b"fof1", then every field in fixed order as tag (1 byte), length (4 bytes, big endian; 0xFFFFFFFF
for a missing value) and UTF-8 bytes; integers as decimal digits, dates ISO. The postings of an entry are one field of
decimal numbers with separators, which no number can contain. Lengths keep a digit from moving from one field to the
next unseen. Records are never re-hashed in a newer form: a version 2 would start with b"fof2".
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from models.journal import ROW_TABLES

VERSION = b"fof1"
_MISSING = b"\xff\xff\xff\xff"
_TAGS = [(t.table.name, t.tag) for t in ROW_TABLES]
_TAG_OF = dict(_TAGS)
ENTRY_FIELDS = (
    "id",
    "kind",
    "effective_on",
    "recorded_at",
    "recorded_by",
    "approved_by",
    "key",
    "request",
    "source_digest",
    "source_name",
    "source_sheet",
    "source_row",
    "note",
    "reverses",
)


class EntryHead(NamedTuple):
    """The fields of an entry that enter its record, in order."""

    id: int
    kind: str
    effective_on: str
    recorded_at: str
    recorded_by: str
    approved_by: str | None
    key: str
    request: bytes
    source_digest: str | None
    source_name: str | None
    source_sheet: str | None
    source_row: int | None
    note: str | None
    reverses: int | None


def _field(tag: bytes, value: object) -> bytes:
    if value is None:
        return tag + _MISSING
    if type(value) is str:  # almost all of them
        data = value.encode()
    elif isinstance(value, bytes):
        data = value
    else:
        data = (value.isoformat() if isinstance(value, dt.date) else str(value)).encode()
    return tag + len(data).to_bytes(4, "big") + data


def _row(tag: bytes, row: tuple[Any, ...]) -> list[bytes]:
    """The fields of a row of a small table: how many, then each."""
    starts, missing = _starts(tag)
    fields = [_counted(tag, len(row))]
    for value in row:
        if value is None:
            fields.append(missing)
            continue
        if type(value) is not str:
            fields.append(_field(tag, value))
            continue
        data = value.encode()
        size = len(data)
        fields.append(starts[size] if size < _SHORT else tag + size.to_bytes(4, "big"))
        fields.append(data)
    return fields


_SHORT = 64


@lru_cache
def _starts(tag: bytes) -> tuple[list[bytes], bytes]:
    """Of a tag: what stands before a field of 0, 1, … `_SHORT` - 1 bytes, and the field of a missing value."""
    return [tag + size.to_bytes(4, "big") for size in range(_SHORT)], tag + _MISSING


@lru_cache
def _counted(tag: bytes, count: int) -> bytes:
    return _field(tag, count)


@lru_cache(maxsize=4096)
def _text(value: str | None) -> bytes:
    """A text field of an entry. Most of them (kind, day, person, document) are the same for many entries in a row."""
    return _field(b"E", value)


def _head(head: EntryHead) -> list[bytes]:
    (
        number,
        kind,
        effective_on,
        recorded_at,
        recorded_by,
        approved_by,
        key,
        request,
        *source,
        row,
        note,
        reverses,
    ) = head
    return [
        VERSION,
        _field(b"E", number),
        _text(kind),
        _text(effective_on),
        _text(recorded_at),
        _text(recorded_by),
        _text(approved_by),
        _field(b"E", key),
        _field(b"E", request),
        *map(_text, source),
        _field(b"E", row),
        _text(note),
        _field(b"E", reverses),
    ]


def postings_text(postings: Iterable[tuple[Any, ...]]) -> bytes:
    """All postings of an entry: numbers parted by commas, postings by semicolons, a dash for a missing number."""
    text = ";".join(["%d,%d,%d,%s,%s,%s,%d" % p for p in postings])  # noqa: UP031 - twice as fast as an f-string here
    return text.replace("None", "-").encode()


def record(head: EntryHead, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> bytes:
    """The canonical bytes of one entry and all its rows; `rows` by table name, in line order, without entry and line."""
    parts = _head(head)
    for name, tag in _TAGS if len(rows) > 1 else [(n, _TAG_OF[n]) for n in rows]:
        own_rows = rows.get(name)
        if not own_rows:
            continue
        if tag == b"P":
            parts.append(_field(tag, postings_text(own_rows)))
            continue
        for row in own_rows:
            parts += _row(tag, row)
    return b"".join(parts)


def leaf_hash(record_bytes: bytes) -> bytes:
    """SHA-256(0x00 ‖ record)."""
    return hashlib.sha256(b"\x00" + record_bytes).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root of the RFC 6962 tree over leaf hashes; SHA-256 of nothing for an empty log."""
    stack: list[tuple[int, bytes]] = []  # (size of a full subtree, its hash), sizes strictly falling
    for leaf in leaves:
        size, node = 1, leaf
        while stack and stack[-1][0] == size:
            _, left = stack.pop()
            node, size = hashlib.sha256(b"\x01" + left + node).digest(), 2 * size
        stack.append((size, node))
    if not stack:
        return hashlib.sha256(b"").digest()
    _, root = stack.pop()
    while stack:
        _, left = stack.pop()
        root = hashlib.sha256(b"\x01" + left + root).digest()
    return root


def request_digest(*parts: object) -> bytes:
    """Digest of what a caller asked for; the same key with another digest is a conflict."""
    return hashlib.sha256(b"".join(_field(b"R", part) for part in parts)).digest()
