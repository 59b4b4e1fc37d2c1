"""Citizens' identity numbers (公民身份号码, GB 11643): checked by themselves, and found inside other texts."""

from __future__ import annotations

import datetime as dt
import re

_IDENTITY_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_IDENTITY_DIGITS = "10X98765432"
_IDENTITY = re.compile(
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
_WITHIN = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


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
    """Whether an identity number stands anywhere in a text."""
    return len(text) >= 18 and any(is_identity_number(part.upper()) for part in _WITHIN.findall(text))
