"""Every finding of the stored books in full, to hold one state of the program against another.

    python tests/kept/findings.py record OUT.json.gz [sqlite:///BOOK …]    by the program on the path
    python tests/kept/findings.py differ BEFORE.json.gz AFTER.json.gz      exit code 1 where anything differs

Asked are the books of this folder and those named, each as of several days and known at several entries: the four audits
with every field of every finding (both languages, inputs, items, notes, versions, the verdict beside it), since when each
began, and the documents of figures. A book of an older revision is upgraded in a copy.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fof import audit
from fof.cli import main as command
from fof.db import Database
from fof.errors import FofError
from fof.ledger import Journal

HERE = Path(__file__).resolve().parent
DAYS = (dt.date(2026, 9, 30), dt.date(2024, 2, 29), dt.date(2021, 12, 31), dt.date(2018, 6, 30))
FIGURES = (
    "overview",
    "performance",
    "performance --by fund",
    "commitments",
    "commitments --by stake",
    "lookthrough",
    "coverage",
    "pools",
    "instruments",
    "positions",
    "audit guidance",
    "audit coinvest",
    "audit pools",
    "audit instruments",
)
"""Commands whose documents are held together too; with the as-of day of each question."""

Answers = dict[str, list[str]]


def _books(folder: Path, named: list[str]) -> Iterator[tuple[str, Path]]:
    stored = [(f"{p.parent.name}/{p.name.split('.')[0]}", p) for p in sorted(HERE.glob("*/*.sqlite.gz"))]
    for name, packed in stored:
        path = folder / f"{name.replace('/', '-')}.sqlite"
        path.write_bytes(gzip.decompress(packed.read_bytes()))
        yield name, path
    for address in named:
        path = folder / f"named-{Path(address).name}"
        shutil.copyfile(address.removeprefix("sqlite:///"), path)
        yield Path(address).stem, path


def _audits(book: Database, known_at: int, day: dt.date, since: bool) -> Iterator[tuple[str, list[str]]]:
    view = Journal(book).refresh().view(day, known_at)
    for name, ask in (
        ("guidance", lambda: audit.guidance(view)),
        ("guidance by today's rules", lambda: audit.guidance(view, DAYS[0])),
        ("coinvestment", lambda: audit.coinvestment(view)),
        ("pools", lambda: audit.pools(view)),
        ("instruments", lambda: audit.instruments(view)),
        *([("since", lambda: audit.with_since(view, audit.guidance(view)))] if since else []),
    ):
        try:
            made = ask()
            yield name, [*map(repr, made.findings), *made.unread]
        except FofError as error:
            yield name, [repr(error)]


def _documents(address: str, folder: Path, known_at: int, day: dt.date) -> Iterator[tuple[str, list[str]]]:
    os.environ |= {"FOF_DATABASE_URL": address, "FOF_DATA_DIR": str(folder), "FOF_LANG": "zh"}
    for figure in FIGURES:
        out = io.StringIO()
        asked = [*figure.split(), "--as-of", str(day), "--known-at", str(known_at), "--json"]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = command(asked)
        yield f"document of {figure}", [f"exit {code}", *out.getvalue().splitlines()]


def record(out: Path, named: list[str]) -> None:
    """Ask every book everything, and write the answers."""
    answers: Answers = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, path in _books(Path(folder), named):
            address = f"sqlite:///{path}"
            os.environ["FOF_DATABASE_URL"] = address
            with contextlib.redirect_stdout(io.StringIO()):
                assert command(["init"]) == 0, name
            book = Database(address)
            head = Journal(book).refresh().head
            for known_at in sorted({head, head * 4 // 5, head // 2}):
                for day in DAYS:
                    key = f"{name} @{known_at} {day}"
                    since = known_at == head and day == DAYS[0]
                    answers |= {f"{key} {what}": own for what, own in _audits(book, known_at, day, since)}
                    if known_at == head:
                        own = _documents(address, Path(folder), known_at, day)
                        answers |= {f"{key} {what}": lines for what, lines in own}
                print(name, known_at, len(answers), file=sys.stderr, flush=True)
            book.close()
    out.write_bytes(gzip.compress(json.dumps(answers, ensure_ascii=False).encode(), 3))


def differ(before: Path, after: Path) -> int:
    """Print what differs; how many answers do."""
    was, now = (json.loads(gzip.decompress(path.read_bytes())) for path in (before, after))
    wrong = sorted(was.keys() ^ now.keys())
    for key in wrong:
        print(f"{key}: asked of one of them alone")
    for key in sorted(was.keys() & now.keys()):
        if was[key] == now[key]:
            continue
        wrong.append(key)
        lost = [line for line in was[key] if line not in set(now[key])][:3]
        came = [line for line in now[key] if line not in set(was[key])][:3]
        print(f"{key}: {len(was[key])} lines, now {len(now[key])}", *(f"- {x}" for x in lost), sep="\n  ")
        print(*(f"+ {x}" for x in came), sep="\n  ")
    lines = sum(map(len, was.values()))
    print(f"{len(was)} answers of {lines} lines, {len(wrong)} differ")
    return len(wrong)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["record", out, *named]:
            record(Path(out), named)
        case ["differ", before, after]:
            sys.exit(bool(differ(Path(before), Path(after))))
        case _:
            sys.exit(__doc__)
