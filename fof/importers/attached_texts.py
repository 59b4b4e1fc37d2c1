"""What is written about a sheet without standing in a cell: notes on cells, and text boxes laid over it."""

from __future__ import annotations

import posixpath
import zipfile

from fof.importers.container import parse_part
from fof.importers.sheet_scan import targets

_KINDS = {"comments": "comment", "drawing": "txBody"}
"""Kind of part that belongs to a sheet → the element that holds one text."""
_LONGEST = 80
"""Signs of a text that states something of the whole table; a longer one tells a story of one cell."""
_AT_MOST = 1_000


def attached_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The short notes and text boxes of a sheet, given its part of the container."""
    folder, _, base = part.rpartition("/")
    relations = f"{folder}/_rels/{base}.rels"
    present = set(archive.namelist())
    if relations not in present:
        return []
    texts: list[str] = []
    for kind, path in targets(archive, relations, folder).values():
        if kind in _KINDS and posixpath.normpath(path) in present:
            texts += _texts(archive, path, _KINDS[kind])
    return [text for text in texts if 0 < len(text) <= _LONGEST]


def _texts(archive: zipfile.ZipFile, part: str, element: str) -> list[str]:
    notes: list[str] = []

    def begin(tag: str, _: dict[str, str]) -> None:
        if tag == element and len(notes) < _AT_MOST:
            notes.append("")
        elif tag == "p" and notes:
            notes[-1] += " "

    def add(content: str) -> None:
        if notes:
            notes[-1] = (notes[-1] + content).lstrip()[: _LONGEST + 1]

    parse_part(archive, part, begin, add)
    return [" ".join(text.split()) for text in notes]
