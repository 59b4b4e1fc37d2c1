"""The idempotency keys of a book and what each was used for: of a large book as digests in order, of which an import asks some
ten thousand; the newest as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from fof.ledger.journal_columns import LEAF, Ints32

AS_THEY_ARE = 50_000
"""Keys that wait to be put in order among the others: each takes a hundred times the memory."""
_DIGEST = 16
"""Bytes of a digest: that two keys of a book share one is as likely as that a leaf of the journal is forged by chance."""


class BookedKeys:
    """Keys of the entries read so far."""

    def __init__(self) -> None:
        self.done = 0
        """The last entry whose key was read."""
        self._newest: dict[str, int] = {}
        self._digests = np.empty((0, 2), np.uint64)
        self._entries: Ints32 = np.empty(0, np.int32)
        self._requests = bytearray(LEAF)
        """Digests of what was asked for under the keys, one after another by entry (place 0 is unused)."""
        self._short: dict[int, bytes] = {}
        """Those of another length than a digest's."""

    def read(self, cursor: Any, head: int) -> None:
        """Take up the keys of the entries up to `head`."""
        cursor.execute(
            f"SELECT key, id, request FROM entry WHERE id > {self.done} AND id <= {head} ORDER BY id"  # noqa: S608
        )
        self._requests += bytes((head + 1) * LEAF - len(self._requests))
        while block := cursor.fetchmany(AS_THEY_ARE):
            self._newest.update((key, entry) for key, entry, _ in block)
            for _, entry, request in block:
                if len(digest := bytes(request)) == LEAF:
                    self._requests[entry * LEAF : (entry + 1) * LEAF] = digest
                else:
                    self._short[entry] = digest
            if len(self._newest) >= AS_THEY_ARE:
                self._put_in_order()
        self.done = head

    def _put_in_order(self) -> None:
        digests = np.concatenate([self._digests, _digests(list(self._newest))])
        entries = np.concatenate([self._entries, np.fromiter(self._newest.values(), np.int32)])
        order = np.argsort(digests[:, 0], kind="stable")
        self._digests, self._entries, self._newest = digests[order], entries[order], {}

    def entry(self, key: str) -> int | None:
        """The entry that used a key; None where none did."""
        newest = self._newest.get(key)
        if newest is not None or not len(self._entries):
            return newest
        first, second = _digests([key])[0]
        at = int(np.searchsorted(self._digests[:, 0], first))
        while at < len(self._entries) and self._digests[at, 0] == first:
            if self._digests[at, 1] == second:
                return int(self._entries[at])
            at += 1
        return None

    def request(self, entry: int) -> bytes:
        """The digest of what was asked for by an entry."""
        short = self._short.get(entry)
        return bytes(self._requests[entry * LEAF : (entry + 1) * LEAF]) if short is None else short


def _digests(keys: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Two numbers for each key."""
    data = b"".join([hashlib.blake2b(key.encode(), digest_size=_DIGEST).digest() for key in keys])
    return np.frombuffer(data, np.uint64).reshape(-1, 2)
