"""Text from outside (names, file names, addresses, errors) as text: no mark in it means anything to the page.

Headings, captions, messages and labels are read as Markdown by the framework, with directives, formulas, icons and links of
its own. Everything on a page that is not a cell of a table or a chart goes through `escaped`: fof.ui.say does it for messages,
fof.ui.widgets for headings and figures (a test of the house looks after that).
"""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u2060"
"""A word joiner: nothing to see, and no address, icon or arrow any more."""
_JOINED = re.compile(
    r"(?i)\b(?:https?|ftps?|mailto|xmpp)(?=:)|\bwww(?=\.)|(?<=[\w.+-])(?=@)"  # addresses, which become links by themselves
    r"|:(?=[\w+-])"  # directives, icons, emoji
    r"|(?<=[<>~-])(?=[->=])"  # what is made an arrow, a dash, a sign
)
_MARKS = re.compile(
    r"[\\`*\[\]<>$~|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)"
    r"|^\s*(?:#(?=#{0,5}(?:\s|$))|[+-](?=\s|$)|-(?=\s*-))|(?<=^\d)[.)](?=\s|$)|(?<=^\d\d)[.)](?=\s|$)"
)
"""What Markdown and its extensions read as more than a character, where it stands."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters that look like nothing: Hangul fillers, the empty braille pattern."""


def escaped(text: object, at_most: int | None = None) -> str:
    """The text for a place that reads Markdown: every mark escaped, addresses no links, on one line, control and direction marks
    shown as their code points."""
    plain_text = plain(text, at_most)
    return _MARKS.sub(lambda m: f"\\{m[0].lstrip()}", _JOINED.sub(lambda m: f"{m[0]}{_JOINER}", plain_text))


def lines(text: object) -> str:
    """A message of several lines (an error with its problems) for a place that reads Markdown, each line as text."""
    return "  \n".join(escaped(line) for line in str(text).splitlines())


def plain(text: object, at_most: int | None = None) -> str:
    """The text for a place that reads no Markdown: on one line, control and direction marks shown as their code points."""
    visible = "".join(
        _code(c) if c in _BLANKS or unicodedata.category(c) in _UNSEEN else c for c in str(text)
    )
    return visible if at_most is None or len(visible) <= at_most else f"{visible[:at_most]}…"


def file_name(text: object) -> str:
    """The text as (part of) the name of a file: nothing that a file system or a reader takes for a sign."""
    signs = "\\/:*?\"<>|=+@'"
    name = "".join("_" if c in signs or c.isspace() else c for c in plain(text, 80))
    return name.strip("._-") or "table"


def _code(character: str) -> str:
    return " " if character in "\n\r\t\u2028\u2029" else f"\\u{ord(character):04x}"
