"""Citizens' identity numbers (公民身份号码, GB 11643): checked by themselves, and found inside other texts."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

_IDENTITY_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_IDENTITY_DIGITS = "10X98765432"
_IDENTITY = re.compile(
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
_GAP = r"[ \u00a0\-·.]?"
_WITHIN = re.compile(rf"(?<![0-9A-Za-z])[0-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9A-Za-z])")
"""Eighteen characters in a row, or with one blank, hyphen or point between some, as people write them in groups."""
_PAPERS_SINCE = 2011
"""Nobody who was born in this year or later works in an office, and no paper of a book is older."""


def identity_check(body: str) -> str:
    """The 18th character of a citizen's identity number from its first 17 digits. ValueError where they are none.

    Source: GB 11643-1999 (ISO 7064 MOD 11-2): digits weighted by 2 to the power of the places behind them, modulo 11.
    """
    if re.fullmatch("[0-9]{17}", body) is None:
        raise ValueError("seventeen digits expected")
    total = sum(int(digit) * weight for digit, weight in zip(body, _IDENTITY_WEIGHTS, strict=True))
    return _IDENTITY_DIGITS[total % 11]


def is_identity_number(text: str) -> bool:
    """Whether the text is an identity number of 18 characters: region, a day of birth that exists, the right check character."""
    if _IDENTITY.fullmatch(text) is None or identity_check(text[:17]) != text[17]:
        return False
    try:
        dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return True


def holds_identity_number(text: str) -> bool:
    """Whether an identity number stands anywhere in a text, in full-width characters or groups too."""
    if len(text) < 18:
        return False
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return any(
        _is_in_groups(part) if len(part) > 18 else is_identity_number(part.upper()) for part in _runs(plain)
    )


def _is_in_groups(text: str) -> bool:
    """Whether groups make an identity number. Numbers of papers have groups too, with the day of the paper where one of birth stands."""
    number = re.sub(_GAP, "", text).upper()
    return is_identity_number(number) and int(number[6:10]) < _PAPERS_SINCE


def _runs(text: str) -> Iterator[str]:
    """Every run of eighteen that could be one, of runs that lie over each other too: another number may stand before it."""
    place = 0
    while (match := _WITHIN.search(text, place)) is not None:
        yield match.group()
        place = match.start() + 1
