"""Text from outside (names, file names, addresses, errors) as text: no mark in it means anything to the page.

Headings, captions, messages and labels are read as Markdown by the framework; everything foreign in them goes through `said`.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(
    r"[\\`*\[\]<>$~|]|(?<!\w)_|_(?!\w)|:(?=\S)|&(?=#?\w+;)|^\s*[#+\-=>]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"
)
"""What Markdown, its extensions and the framework's own directives read as more than a character, where it stands."""
_LINKS = re.compile(r"(?i)\b(?:https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)|(?<=\w)(?=@)")
"""Where an address begins that would become a link by itself."""
_JOINER = "\u2060"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def said(text: object, at_most: int | None = 300) -> str:
    """The text for a place that reads Markdown: every mark escaped, addresses no links, on one line, control and direction marks
    shown as their code points."""
    shown = plain(text, at_most)
    return _MARKS.sub(lambda m: f"\\{m[0].lstrip()}", _LINKS.sub(lambda m: f"{m[0]}{_JOINER}", shown))


def lines(text: object) -> str:
    """A message of several lines (an error with its problems) for a place that reads Markdown, each line as text."""
    return "  \n".join(said(line, None) for line in str(text).splitlines())


def plain(text: object, at_most: int | None = None) -> str:
    """The text for a place that reads no Markdown: on one line, control and direction marks shown as their code points."""
    told = "".join(c if unicodedata.category(c) not in _UNSEEN else _code(c) for c in str(text))
    return told if at_most is None or len(told) <= at_most else f"{told[:at_most]}…"


def file_name(text: object) -> str:
    """The text as (part of) the name of a file: nothing that a file system or a reader takes for a sign."""
    return (
        "".join("_" if c in "\\/:*?\"<>|=+@'" or c.isspace() else c for c in plain(text, 80)).strip("._")
        or "table"
    )


def _code(character: str) -> str:
    return " " if character in "\n\r\t\u2028\u2029" else f"\\u{ord(character):04x}"
