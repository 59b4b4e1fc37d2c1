"""Texts in the cells of a terminal, of which a Chinese character takes two."""

from __future__ import annotations

import unicodedata


def width_of(text: str) -> int:
    """Cells of a terminal: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


_CLOSING = "，。；：、！？）》」』”％"
"""Begin no line."""


def folded_text(text: str, width: int) -> list[str]:
    """The text in pieces that fit the width, parted between words where a piece has a blank."""
    if width_of(text) <= width:
        return [text]
    pieces, piece, used = [], "", 0
    for c in text:
        own = width_of(c)
        if used + own > width and piece:
            whole, blank, rest = piece.rpartition(" ")
            parted = bool(blank and whole.strip() and c != " ")
            if not parted and c in _CLOSING and len(piece) > 1:
                whole, rest, parted = piece[:-1], piece[-1], True
            pieces.append(whole if parted else piece)
            piece = rest if parted else ""
            used = width_of(piece)
        if piece or c != " ":
            piece, used = piece + c, used + own
    return [*pieces, piece]
