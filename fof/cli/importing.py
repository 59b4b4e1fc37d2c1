"""What an import says: problems of one kind together with their rows, the full list in a workbook of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fof.cli.asked import Asked, database
from fof.cli.printed import print_sentence, printed, write_file
from models.text import Text, counted

if TYPE_CHECKING:
    from fof.db import Database
    from fof.importers.mapping import Mapping
    from fof.intake import Preview

FOLDED_AT_MOST = 20
"""Problems told only by their rows; where there are more, all of them go into a workbook."""


def mapping_asked(book: Database, name: str | None) -> Mapping | None:
    """A mapping by the name under which the book keeps it, or from a .toml file. Unknown, or Refused with what is wrong."""
    if name is None:
        return None
    from fof import ledger
    from fof.importers.mapping import mapping_from_file
    from fof.intake import mapping_named

    path = Path(name)
    if name.endswith(".toml"):
        if not path.is_file():
            from fof.errors import Unknown

            raise Unknown(Text("映射文件", "mapping file"), name)
        return mapping_from_file(path)
    return mapping_named(ledger.read(book).view(), name)


def pointed_out(read: Preview) -> None:
    """Before booking: what looks like something booked already, and what is out of line with a fund's own history."""
    for p in [*read.duplicates, *(w for w in read.warnings if w.code == "implausible")]:
        print_sentence(p.text())


def previewed(read: Preview, asked: Asked, booked: list[int] | None, to: Path | None) -> None:
    """Print what a file would do or did; `to`: a workbook for every problem, one a row."""
    from fof import ledger
    from fof.figures.import_document import import_document, problem_groups

    if not read.ok:
        number = len(read.problems)
        print_sentence(
            Text(
                f"{read.file}：{number} 处问题，未写入任何内容",
                f"{read.file}: {counted(number, 'problem')}, nothing was written",
            )
        )
    if to is None and len(read.problems) - len(problem_groups(read)["problem"]) > FOLDED_AT_MOST:
        to = _folder() / f"{Path(read.file).stem}-{read.digest[:8]}.xlsx"
    if to is not None and read.problems:
        _write_list(read, to, asked.language)
    printed(import_document(read, booked, ledger.read(database()).head), asked)


def _folder() -> Path:
    """Where full lists go that nobody asked for by name."""
    from fof.environment import Settings

    folder = Settings().data_dir / "problems"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_list(read: Preview, to: Path, language: str) -> None:
    from fof.intake.grouped import problem_list

    write_file(to, problem_list(read.file, read.problems, language))
