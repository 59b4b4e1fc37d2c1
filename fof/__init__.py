"""What the office does: journal, use cases, commands, screens; and its face for programs, `fof.open`.

Importing it loads nothing else: what a book needs is imported when one is opened, pandas when a frame is asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing has it; importing that would be nine tenths of what importing this costs
if TYPE_CHECKING:
    from typing import Literal

    from fof.library import OpenBook

__all__ = ["open"]


def open(url: str | None = None, *, language: Literal["zh", "en"] | None = None) -> OpenBook:  # noqa: A001 - the module's word
    """Open a book for reading: `fof.open("sqlite:///office.sqlite").at(as_of="2026-09-30").performance().frame()`.

    url      : sqlite:///FILE or postgresql://…; the book of the settings (FOF_DATABASE_URL) where it is left out
    language : of labels, notes and reasons; that of the settings (FOF_LANG) where it is left out

    Opening never makes a book. NotReady where there is none or it is of another revision, Refused for an address that
    is neither, Unavailable where the database cannot be had.
    """
    from fof.library import open_book

    return open_book(url, language)
