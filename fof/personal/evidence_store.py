"""Files of evidence, encrypted in a store of their own beside the book; the journal holds the digest of each.

A file is sealed as a whole by AES-256-GCM under a key derived from the key file's (HKDF-SHA256), with the ending of its name; book,
digest and key id are bound to it. Its digest is the SHA-256 of the plain file, as whoever has the paper can compute it: a file has
more in it than anybody could try.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fof.db import Database
from fof.errors import Problem, Refused
from fof.personal.keyring import Keyring
from fof.personal.sealing import derived_key, joined_parts
from fof.personal.store import book_identity, store_path
from fof.personal.store_file import StoreFile
from models.text import Text

_NONCE = 12
_PURPOSE = b"fof evidence seal 1"


class SealedFile(NamedTuple):
    """A file as the store holds it. digest: SHA-256 of the plain file, 64 hex digits; key: id of the key it is sealed under."""

    digest: str
    key: str
    nonce: bytes
    sealed: bytes


class EvidenceStore(StoreFile):
    """The files of one book, by digest. Every call is one transaction of its own; errors as of StoreFile."""

    what = Text("证据文件库", "store of evidence files")
    code = "evidence_store"
    suffix = ".evidence"
    tables = (
        "CREATE TABLE file (digest TEXT PRIMARY KEY, key TEXT NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL) STRICT",
    )

    def put(self, file: SealedFile) -> None:
        """Add a file, or put it in the place of the same one; on the disk when this returns."""
        with self._writing() as raw:
            raw.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?)", file)

    def file(self, digest: str) -> SealedFile | None:
        """One file; None where it is not in the store."""
        with self._reading() as raw:
            row = raw.execute("SELECT digest, key, nonce, sealed FROM file WHERE digest = ?", (digest,))
            held = row.fetchone()
        return None if held is None else SealedFile(*held)

    def keys(self) -> dict[str, str]:
        """Digest → id of the key, of every file."""
        with self._reading() as raw:
            return dict(raw.execute("SELECT digest, key FROM file ORDER BY digest"))

    def remove(self, digests: Collection[str]) -> int:
        """Delete files for good; how many were there."""
        with self._writing() as raw:
            return sum(raw.execute("DELETE FROM file WHERE digest = ?", (d,)).rowcount for d in digests)

    def reseal(self, anew: Callable[[SealedFile], SealedFile]) -> int:
        """Put another form of each file in its place, all or none of them, one in memory at a time; how many."""
        with self._writing() as raw:
            digests = [digest for (digest,) in raw.execute("SELECT digest FROM file ORDER BY digest")]
            for digest in digests:
                row = raw.execute("SELECT digest, key, nonce, sealed FROM file WHERE digest = ?", (digest,))
                file = anew(SealedFile(*row.fetchone()))
                statement = "UPDATE file SET key = ?, nonce = ?, sealed = ? WHERE digest = ?"
                raw.execute(statement, (file.key, file.nonce, file.sealed, digest))
        return len(digests)


def evidence_store_of(database: Database) -> EvidenceStore:
    """The store of a book, whether its file is there or not: beside the store of personal data."""
    path = store_path(database).with_suffix(EvidenceStore.suffix)
    return EvidenceStore(path, book_identity(database))


def digest_of_file(content: bytes) -> str:
    """SHA-256, 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def sealed_file(ring: Keyring, book: str, content: bytes, ending: str) -> SealedFile:
    """A file under the key in use. book: identity of the book; ending: of its name, ".pdf", "" for none."""
    digest, key, nonce = digest_of_file(content), ring.current, secrets.token_bytes(_NONCE)
    plain = joined_parts(ending) + content
    sealed = AESGCM(derived_key(ring.keys[key], _PURPOSE)).encrypt(
        nonce, plain, joined_parts(book, digest, key)
    )
    return SealedFile(digest, key, nonce, sealed)


def opened_file(ring: Keyring, book: str, file: SealedFile) -> tuple[bytes, str]:
    """Content and ending of a file; Refused where its key is not in the key file, or it is not what was sealed."""
    if file.key not in ring.keys:
        text = Text(
            f"密钥文件中没有密钥 {file.key}：请取回旧密钥文件",
            f"the key {file.key} is not in the key file: bring the older key file back",
        )
        raise Refused([Problem("personal_key_missing", text)], EvidenceStore.what)
    try:
        cipher = AESGCM(derived_key(ring.keys[file.key], _PURPOSE))
        plain = cipher.decrypt(file.nonce, file.sealed, joined_parts(book, file.digest, file.key))
    except (InvalidTag, ValueError):
        raise damaged_file(file.digest) from None
    length = int.from_bytes(plain[:4], "big")
    content = plain[4 + length :]
    if digest_of_file(content) != file.digest:
        raise damaged_file(file.digest)
    return content, plain[4 : 4 + length].decode()


def damaged_file(digest: str) -> Refused:
    """A file that does not open as what was sealed."""
    text = Text(
        f"证据文件 {digest[:12]} 已损坏或被改动", f"the evidence file {digest[:12]} is damaged or was changed"
    )
    return Refused([Problem("evidence_damaged", text)], EvidenceStore.what)
