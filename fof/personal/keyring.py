"""The key file: one key a line, `id key`, the last one in use; older ones open what was sealed before the last rotation.

It is a file of mode 0600 that lies neither in the book's folder nor in its backups: who has book, store and key reads everything,
who lacks one of them reads codes.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fof.environment import Settings
from fof.errors import Problem, Refused, Where
from models.text import Text

_BYTES = 32
_WHAT = Text("个人信息密钥", "key of personal data")
_VARIABLE = "FOF_PERSONAL_KEY_FILE"


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Keys by id, oldest first; `current` is the id of the last one, by which values are sealed."""

    keys: Mapping[str, bytes]

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return list(self.keys)[-1]


def key_id(key: bytes) -> str:
    """The id of a key: it tells nothing about the key, and another key has another id."""
    return hashlib.sha256(b"fof personal key id\0" + key).hexdigest()[:16]


def key_file() -> Path | None:
    """Where the key file lies, whether it is there or not; None where nobody said."""
    named = Settings().personal_key_file
    return Path(named) if named else None


def keyring() -> Keyring | None:
    """The keys of the key file; None where none is named or it is not there: then everything works on codes.

    Refused for a file that is no key file, or that others may read.
    """
    path = key_file()
    if path is None or not path.is_file():
        return None
    return read_keys(path)


def required_keyring() -> Keyring:
    """The keys; Refused, with what to do, where there are none."""
    ring = keyring()
    if ring is None:
        raise no_key()
    return ring


def no_key() -> Refused:
    """What is said where something needs the key."""
    path = key_file()
    text = (
        Text(
            "未设置密钥文件：请用环境变量 FOF_PERSONAL_KEY_FILE 指明，再运行 fof personal init",
            "no key file is named: set FOF_PERSONAL_KEY_FILE, then run fof personal init",
        )
        if path is None
        else Text(
            f"没有密钥文件 {path.name}：请取回该文件；新账本可运行 fof personal init",
            f"there is no key file {path.name}: bring it back; for a new book run fof personal init",
        )
    )
    return _refused("no_personal_key", text)


def without_key() -> Text | None:
    """What pages and commands say where there is no key; None where there is one. Refused as in keyring."""
    if keyring() is not None:
        return None
    return Text(
        "未设置个人信息密钥（FOF_PERSONAL_KEY_FILE）：人员只以编号显示",
        "no key of personal data (FOF_PERSONAL_KEY_FILE): people stand by their codes alone",
    )


def read_keys(path: Path) -> Keyring:
    """The keys of a file. Refused where it is none of ours, empty, or readable by others."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _refused("key_unreadable", Text("密钥文件无法读取", "the key file cannot be read")) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        others = Text(
            f"密钥文件可被他人读取：请运行 chmod 600 {path.name}",
            f"others may read the key file: run chmod 600 {path.name}",
        )
        raise _refused("key_readable_by_others", others)
    keys = {}
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        try:
            key = base64.b64decode(parts[1], validate=True)
            if len(key) != _BYTES or key_id(key) != parts[0] or len(parts) != 2:
                raise ValueError
        except (ValueError, IndexError):
            wrong = Text("应为“密钥编号 密钥”", "a key's id and the key expected")
            raise _refused("key_damaged", wrong, number) from None
        keys[parts[0]] = key
    if not keys:
        raise _refused("key_damaged", Text("密钥文件中没有密钥", "the key file holds no key"))
    return Keyring(keys)


def new_key() -> bytes:
    """A key by chance."""
    return secrets.token_bytes(_BYTES)


def write_keys(path: Path, keys: Mapping[str, bytes]) -> Keyring:
    """Put a key file in its place, whole or not at all, readable by its owner alone; the file is on the disk when this returns."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    lines = [
        "# fof: keys of personal data; the last one is in use. Keep a copy apart from the backups of the book."
    ]
    lines += [f"{name} {base64.b64encode(key).decode()}" for name, key in keys.items()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _refused(
            "key_unwritable", Text("密钥文件无法写入", "the key file cannot be written")
        ) from error
    return Keyring(dict(keys))


def _refused(code: str, text: Text, row: int | None = None) -> Refused:
    return Refused([Problem(code, text, None, Where(row=row, field=_VARIABLE))], _WHAT)
