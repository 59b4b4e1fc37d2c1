"""What --help prints, in the language of the run: the framework's own words are English and it counts characters, not cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from typer._click.formatting import HelpFormatter

from fof.cli.text_width import folded_text, width_of
from models.text import Text

WORDS = {
    "Usage: ": "用法：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "Options": "选项",
    "Commands": "命令",
    "Arguments": "参数",
    "Show this message and exit.": "显示本说明",
    "default: ": "缺省：",
    "required]": "必填]",
    "(deprecated) ": "（不再使用）",
}
"""The framework's words -> Chinese."""
GAP = 2


class Help(HelpFormatter):
    """The framework's layout with our words; lines are folded by what they take on the screen."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that says how a command is written."""
        super().write_usage(prog, _worded(args), _worded(prefix or "Usage: "))

    def write_heading(self, heading: str) -> None:
        """The line above a list."""
        self.write(f"{' ' * self.current_indent}{_worded(heading)}{Text('：', ':')}\n")

    def write_text(self, text: str) -> None:
        """What a command says of itself, paragraph by paragraph."""
        before = " " * self.current_indent
        for paragraph in _worded(text).splitlines():
            for line in folded_text(paragraph.strip(), self.width - self.current_indent):
                self.write(f"{before}{line}".rstrip() + "\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = GAP) -> None:
        """Options or commands, each with what it is for beside it, or below where its name is long."""
        widest = min(max((width_of(name) for name, _ in rows), default=0), col_max)
        beside, before = widest + col_spacing, " " * self.current_indent
        for name, what_for in rows:
            lines = folded_text(_worded(what_for), max(self.width - self.current_indent - beside, 10))
            head = name + " " * (beside - width_of(name))
            if width_of(name) > widest:
                self.write(f"{before}{name}\n")
                head = " " * beside
            for line in lines:
                self.write(f"{before}{head}{line}".rstrip() + "\n")
                head = " " * beside


class HelpContext(typer.Context):
    """A call of a command whose help is written by Help."""

    formatter_class = Help


def with_help(command: Any) -> None:
    """Let a command write its help so."""
    command.context_class = HelpContext


def _worded(text: str) -> str:
    """A text of the framework, in the language of the run."""
    return str(Text(_in_chinese(text), text))


def _in_chinese(text: str) -> str:
    for english, chinese in WORDS.items():
        text = text.replace(english, chinese)
    return text
