"""Prints a document: one JSON document on stdout, or a table for people. Everything else goes to stderr.

A table that is not printed to a terminal is never folded: one line for each row, so that grep and awk can be used.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fof.figures.answers import Answer
from models.text import Text

if TYPE_CHECKING:
    from fof.cli.asked import Asked
    from fof.ledger import Booked


def printed(answer: Answer, asked: Asked, beside: Mapping[str, Any] | None = None) -> None:
    """Print the document as it was asked for; beside: what JSON has with it."""
    from fof.cli.document_text import lines

    if asked.json:
        document = {**answer.json(asked.language), **(beside or {})}
        written(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        return
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    written("".join(f"{line}\n" for line in lines(answer, asked, width, bold=terminal and _styled())))


def written(text: str) -> None:
    """Text on stdout. A reader that has gone away (`| head`) has what it wanted: the rest goes nowhere."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_booked(booked: Booked) -> None:
    """The entries a booking wrote, and those it had written before."""
    for entry in booked.entries:
        print_sentence(Text(f"已登记分录 {entry}", f"booked as entry {entry}"))
    for already in booked.already:
        print_sentence(Text(f"账中已有，分录 {already.entry}", f"already booked as entry {already.entry}"))


def print_sentence(text: str | Text) -> None:
    """A message for the person at the terminal."""
    sys.stderr.write(f"{text}\n")


def _styled() -> bool:
    """Whether the terminal may be sent a style (no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("", "dumb")


def placed(out: Path, content: bytes) -> None:
    """Never leaves a half-written file under the name that was asked for. Refused where it cannot be written."""
    with _beside(out) as temporary:
        temporary.write_bytes(content)
        temporary.replace(out)


def require_place(out: Path) -> None:
    """Refused where no file can be written, before the work that would fill it is done."""
    with _beside(out) as temporary:
        temporary.touch()
        temporary.unlink()


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A name in the same folder; what the system says against it is a refusal, and nothing is left of it."""
    temporary = out.with_name(f"{out.name}.{os.getpid()}.tmp")
    try:
        yield temporary
    except OSError as error:
        from fof.failures import unwritten

        with suppress(OSError):
            temporary.unlink()
        raise unwritten(str(out), Text("写入", "writing"), error) from error


def folder(path: Path) -> Path:
    """The folder, made where it is not there. Refused where it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        from fof.failures import unwritten

        raise unwritten(str(path), Text("写入", "writing"), error) from error
    return path


def write_file(out: Path, content: bytes) -> None:
    """Write the file and say so."""
    placed(out, content)
    size = len(content)
    print_sentence(Text(f"已写入：{out}（{size} bytes）", f"written: {out} ({size} bytes)"))
