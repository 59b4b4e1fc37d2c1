"""Rows of an entry as commands print them."""

from __future__ import annotations

from fof.book.contents import content_text

__all__ = ["content_text"]
