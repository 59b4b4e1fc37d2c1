"""A value as a record: encrypted, committed to, and findable among equals without being opened.

seal        AES-256-GCM under a key derived from the file's (HKDF-SHA256); what is sealed is a random salt and the value, filled up to
            a multiple of 64 bytes, so that its length tells little. Book, person, field, commitment and key id are bound to it:
            a record that is laid under another person does not open.
commitment  HMAC-SHA256 of the value under the salt. An identity number has some ten thousand likely values for a known birthday;
            without the salt, which lies sealed, none of them can be tried.
blind index HMAC-SHA256 of the normalised number under another derived key: equal numbers have equal indexes, whatever institution
            brought them; without the key no number can be tried.
"""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from functools import cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fof.errors import Problem, Refused
from fof.personal.keyring import Keyring
from models.kinds import PersonalField
from models.text import Text

_SALT, _NONCE, _BLOCK = 32, 12, 64
INDEXED = frozenset({PersonalField.IDENTITY_NUMBER, PersonalField.BANK_NUMBER})
"""Fields of which equals are looked for. Names are none: many people share one."""


class SealedRecord(NamedTuple):
    """One value of one person as the store holds it.

    commitment : 64 hex digits, the record's name in the journal
    key        : id of the key it is sealed under
    blind      : of INDEXED fields, None of the others
    """

    commitment: str
    person: str
    field: str
    key: str
    nonce: bytes
    sealed: bytes
    blind: bytes | None


def normalised(field: PersonalField, value: str) -> str:
    """A value as it is kept and compared: one form of every character, no blanks inside numbers."""
    text = unicodedata.normalize("NFKC", value).strip()
    if field in INDEXED:
        return re.sub(r"[\s\-·.]", "", text).upper()
    return re.sub(r"\s+", " ", text)


def masked(field: PersonalField, value: str) -> str:
    """What is shown in place of a value."""
    if field is PersonalField.NAME:
        return value[:1] + "*" * max(len(value) - 1, 1)
    if field is PersonalField.IDENTITY_NUMBER:
        return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"
    if field is PersonalField.BANK_NUMBER and len(value) > 8:
        return f"{'*' * (len(value) - 4)}{value[-4:]}"
    return "***"


def commitment_of(salt: bytes, person: str, field: str, value: str) -> str:
    """The commitment to a value, 64 hex digits."""
    return hmac.digest(salt, joined_parts("fof personal commitment 1", person, field, value), "sha256").hex()


def sealed_record(
    ring: Keyring, book: str, person: str, field: PersonalField, value: str, salt: bytes | None = None
) -> SealedRecord:
    """A normalised value as a record under the key in use.

    book : identity of the book
    salt : that of the record which is sealed anew, so that its commitment stays; None: a new one
    """
    salt = salt or secrets.token_bytes(_SALT)
    commitment, key = commitment_of(salt, person, field.value, value), ring.current
    text = value.encode()
    plain = salt + len(text).to_bytes(4, "big") + text
    plain += bytes(-len(plain) % _BLOCK)
    nonce = secrets.token_bytes(_NONCE)
    bound = joined_parts(book, person, field.value, commitment, key)
    sealed = AESGCM(derived_key(ring.keys[key], b"fof personal seal 1")).encrypt(nonce, plain, bound)
    blind = blind_index(ring, field, value) if field in INDEXED else None
    return SealedRecord(commitment, person, field.value, key, nonce, sealed, blind)


def opened_record(ring: Keyring, book: str, record: SealedRecord) -> tuple[bytes, str]:
    """Salt and value of a record; Refused where its key is not in the file, or it is not what was sealed, or not what was
    committed to."""
    if record.key not in ring.keys:
        text = Text(
            f"密钥文件中没有密钥 {record.key}：请取回旧密钥文件",
            f"the key {record.key} is not in the key file: bring the older key file back",
        )
        raise Refused([Problem("personal_key_missing", text)], Text("个人信息", "personal data"))
    bound = joined_parts(book, record.person, record.field, record.commitment, record.key)
    try:
        cipher = AESGCM(derived_key(ring.keys[record.key], b"fof personal seal 1"))
        plain = cipher.decrypt(record.nonce, record.sealed, bound)
    except (InvalidTag, ValueError):
        raise damaged(record) from None
    salt, length = plain[:_SALT], int.from_bytes(plain[_SALT : _SALT + 4], "big")
    value = plain[_SALT + 4 : _SALT + 4 + length].decode()
    if commitment_of(salt, record.person, record.field, value) != record.commitment:
        raise damaged(record)
    return salt, value


def damaged(record: SealedRecord) -> Refused:
    """A record that does not open as what was sealed."""
    text = Text(
        f"{record.person} 的记录 {record.commitment[:12]} 已损坏或被改动",
        f"the record {record.commitment[:12]} of {record.person} is damaged or was changed",
    )
    return Refused([Problem("personal_damaged", text)], Text("个人信息", "personal data"))


def blind_index(ring: Keyring, field: PersonalField, value: str) -> bytes:
    """The blind index of a normalised number under the key in use."""
    key = derived_key(ring.keys[ring.current], b"fof personal index 1")
    return hmac.digest(key, joined_parts(field.value, value), "sha256")


def keyed_digest(ring: Keyring, digest: str) -> str:
    """The digest of a file that holds personal data as the journal keeps it: of a short list of people the plain one could be tried."""
    key = derived_key(ring.keys[ring.current], b"fof personal source 1")
    return "keyed:" + hmac.digest(key, digest.encode(), "sha256").hex()


@cache
def derived_key(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose from a key of the file."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def joined_parts(*parts: str) -> bytes:
    """Texts one behind the other, each with its length, so that no two lists give the same bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
