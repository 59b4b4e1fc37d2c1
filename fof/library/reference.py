"""Writes the library's part of docs/api.md from its docstrings: `python -m fof.library.reference docs/api.md`."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fof
from fof.library import Figures, FigureView, OpenBook

BEGIN = "<!-- from docstrings: python -m fof.library.reference docs/api.md -->"
END = "<!-- end of what docstrings say -->"


def with_reference(text: str) -> str:
    """The page with what docstrings say between its two marks. ValueError where it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


def reference() -> str:
    """The face of the library in Markdown."""
    return "\n".join(
        [
            *_callable("fof.open", fof.open),
            *_class("OpenBook", "book", OpenBook),
            *_class("FigureView", "view", FigureView),
            *_class("Figures", "figures", Figures),
        ]
    )


def _class(title: str, variable: str, of: type) -> Iterator[str]:
    yield f"#### {title}"
    yield ""
    yield from _docstring(of)
    for declared in of.__mro__[:-1]:
        for name, member in vars(declared).items():
            if inspect.isfunction(member) and not name.startswith("_"):
                yield from _callable(f"{variable}.{name}", member)


def _callable(name: str, made: Callable[..., Any]) -> Iterator[str]:
    signature = inspect.signature(made)
    given, named = [], False
    for p in signature.parameters.values():
        if p.name == "self":
            continue
        if p.kind is p.KEYWORD_ONLY and not named:
            given.append("*")
            named = True
        default = "" if p.default is p.empty else f" = {p.default!r}"
        given.append(f"{p.name}: {p.annotation}{default}")
    yield f"`{name}({', '.join(given)}) -> {signature.return_annotation}`"
    yield ""
    yield from _docstring(made)


def _docstring(of: Any) -> Iterator[str]:
    """A docstring: its paragraphs as text, its lists of names (`name : what`) as lists."""
    for paragraph in (inspect.getdoc(of) or "").split("\n\n"):
        listed = re.split(r"\n(?=[a-z_]+(?:, ?[a-z_]+)* *: )", paragraph)
        if re.match(r"[a-z_]+(?:, ?[a-z_]+)* *: ", paragraph):
            for item in listed:
                names, _, what = item.partition(":")
                yield f"- `{names.strip()}`: {' '.join(what.split())}"
        else:
            yield " ".join(paragraph.split())
        yield ""


def main() -> None:
    """Write the page given."""
    page = Path(sys.argv[1])
    page.write_text(with_reference(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
