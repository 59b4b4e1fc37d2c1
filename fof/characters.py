"""Characters that no code, name or figure may hold: what cannot be seen, looks blank, turns text round, or is a digit look-alike."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\uffff\U000110bd\U000110cd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""Controls, formats, surrogates, private use, non-characters, selectors, tags, and letters that look blank."""
_BREAK = re.compile(f"[{_BREAKS}]")
CODE_CHARACTERS = 120
"""The longest code."""
_PATH = re.compile(r"^[/\\~]|^[A-Za-z]:[/\\]|\\|(?:^|/)\.{1,2}(?:/|$)")


def unseen(text: str, *, breaks: bool = True) -> re.Match[str] | None:
    """The first character of a text that cannot be seen or looks blank, None where there is none.

    breaks : whether line breaks and tabs are allowed
    """
    match = _UNSEEN.search(text)
    if not breaks and (broken := _BREAK.search(text)) is not None:
        return broken if match is None or broken.start() < match.start() else match
    return match


def visible(text: str) -> str:
    """The text with what cannot be seen written by its number."""
    return _UNSEEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def look_alike(text: str) -> str | None:
    """The first character that stands for other characters (², ①, Ⅱ, 𝟏) or is a digit of another script; None where none does.

    Full-width forms are no look-alikes: they are made plain before this is asked.
    """
    if text.isascii():
        return None
    for sign in text:
        if sign.isascii() or sign == "〇":
            continue
        meant = unicodedata.normalize("NFKC", sign)
        if unicodedata.category(sign) in ("Nd", "No", "Nl") or (
            meant.isascii() and meant.isalnum() and len(meant) == 1
        ):
            return sign
    return None


def is_path(code: str) -> bool:
    """Whether a code reads as a path of a file: it begins at a root, goes up, or holds a backslash."""
    return _PATH.search(code) is not None
