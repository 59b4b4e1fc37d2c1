"""Codes that can be checked by themselves: unified social credit codes and industry codes."""

from __future__ import annotations

import re

_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_BODY = re.compile(rf"[{_USCC_DIGITS}]{{2}}[0-9]{{6}}[{_USCC_DIGITS}]{{9}}")
_INDUSTRY = re.compile(r"([A-T])([0-9]{2}[0-9]{0,2})?")

_DIVISIONS = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}
"""First and last division (two digits) of each section. Source: GB/T 4754-2017."""


def uscc_check(body: str) -> str:
    """The 18th character of a unified social credit code from its first 17. ValueError where they cannot be one.

    Source: GB 32100-2015: character values weighted by 3 to the power of their place, modulo 31.
    """
    if _USCC_BODY.fullmatch(body) is None:
        raise ValueError(f"not the first 17 characters of a credit code: {body!r}")
    total = sum(_USCC_DIGITS.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return _USCC_DIGITS[-total % 31]


def is_uscc(text: str) -> bool:
    """Whether the text is a unified social credit code with the right check character."""
    return (
        len(text) == 18 and _USCC_BODY.fullmatch(text[:17]) is not None and uscc_check(text[:17]) == text[17]
    )


def is_industry(text: str, *, section_alone: bool = False) -> bool:
    """Whether the text is a GB/T 4754-2017 code: section letter and 2 to 4 digits of one of its divisions.

    Groups and classes inside a division are not looked up. section_alone: a bare letter will do.
    """
    match = _INDUSTRY.fullmatch(text)
    if match is None:
        return False
    letter, digits = match.groups()
    if digits is None:
        return section_alone
    first, last = _DIVISIONS[letter]
    return first <= int(digits[:2]) <= last
