"""The kept book's answers: asking a book, comparing two sets of answers, and the list of what may differ.

    python tests/kept/answers.py record sqlite:///BOOK tests/kept/0001      once, at the release that made the book
    python tests/kept/answers.py differ                                     what today's program answers otherwise
    python tests/kept/answers.py move REASON.csv "why" DOCUMENT PLACE …     permit differences whose document and place
                                                                            fit a pair of patterns (* and ?)

A document is flattened to places: `rows[fund|A-1].nav`. A place that was recorded must still be there with the same
value; what was not recorded may come (documents grow by adding), except a new row in a list that was recorded. Of
sentences only their presence is compared: wording may improve.
"""

from __future__ import annotations

import contextlib
import csv
import fnmatch
import gzip
import io
import json
import math
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
BOOK = HERE / "0001"
MOVED = BOOK / "moved"
HEAD, CLOSED = 213, 188
"""The book's last entry; its quarter close."""

Answers = dict[str, Any]
"""Command -> the document it printed."""
Places = dict[str, Any]
"""Flattened document: place -> value."""


class Difference(NamedTuple):
    document: str
    place: str
    was: str
    now: str


# -- what is asked ------------------------------------------------------------------------------------------------

_EACH = """
performance --by fund --portfolio GF-1
performance --by fund --portfolio PF-1
performance --by fund --portfolio PF-X
performance --by vintage,strategy --portfolio PF-1
performance --by investor --portfolio PF-1
performance --fund V-2 --portfolio PF-1
commitments --by fund --portfolio GF-1
commitments --by fund --portfolio PF-1
commitments --by stake --portfolio PF-1
commitments --by investor --portfolio PF-X
commitments --look-through --portfolio PF-1
commitments --look-through --base paid_in --portfolio GF-1
lookthrough GOV-P --all
lookthrough Q-2 --owners
lookthrough Q-5 --owners --base paid_in
statement A-1 --from 2017-12-31
statement A-1 --investor GF-1
statement A-1 --investor SV-1 --from 2016-12-31
statement A-1 --investor SO-2 --from 2016-12-31
statement V-1 --from 2017-12-31
statement V-1 --investor SO-2 --from 2017-12-31
statement V-2 --investor PF-1
statement V-3 --investor SO-2
statement U-1 --investor PF-X
explain tvpi --fund A-1 --portfolio PF-1
explain irr --fund V-2 --portfolio PF-1
explain nav --by stake --key V-1|SO-1
explain exposure_cost --of Q-2 --owner GF-1
overview --portfolio PF-1
fund V-2 --all
fund A-1 --all
operations chase --all
operations clocks --portfolio PF-1
operations fees --fund V-1
evaluation losses --deals
evaluation reinvestment
positions
"""
_AT = (("2020-12-31", HEAD), ("2022-12-31", CLOSED), ("2022-12-31", HEAD), ("2026-09-30", HEAD))
_AUDIT = "audit guidance --verdict all"
_ONCE = f"""
operations quarter --end 2022-12-31 --portfolio GF-1 --known-at {CLOSED}
operations quarter --end 2022-12-31 --portfolio GF-1 --roll-forward --known-at {CLOSED}
operations quarter --end 2020-12-31 --portfolio GF-1 --roll-forward --known-at {HEAD}
evaluation score --as-of 2026-09-30 --known-at {HEAD}
evaluation score --fund V-1 --as-of 2026-09-30 --known-at {HEAD}
evaluation register --year 2021 --as-of 2026-09-30 --known-at {HEAD}
positions --every-day --as-of 2026-09-30 --known-at {HEAD}
journal list --known-at {HEAD}
journal list --live --kind valuation --known-at {HEAD}
journal changes --from {CLOSED} --to {HEAD} --as-of 2026-09-30
"""
_SHOWN = (1, 11, 40, 63, 110, 112, 165, 181, CLOSED, 190, 196, 200, 211, HEAD)


def questions() -> list[str]:
    """Every command whose answer is kept."""
    each = [
        f"{line} --as-of {day} --known-at {head}" for day, head in _AT for line in _EACH.strip().splitlines()
    ]
    each += [f"{_AUDIT} --as-of {day} --known-at {head}" for day, head in _AT[1:]]
    return [*each, *_ONCE.strip().splitlines(), *(f"journal show {n}" for n in _SHOWN)]


def answers(url: str, folder: Path) -> Answers:
    """What the program answers over a book. A command that is refused answers with its exit code and message.

    folder: for the copy beside a book on PostgreSQL; not the user's own.
    """
    from fof.cli import main

    environment = {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": str(folder), "FOF_LANG": "zh"}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    found: Answers = {}
    try:
        for question in questions():
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main([*question.split(), "--json"])
            found[question] = json.loads(out.getvalue()) if code == 0 else {"exit": code}
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    return found


# -- comparing ----------------------------------------------------------------------------------------------------

_IDENTITY = (
    "by",
    "key",
    "family",
    "rule",
    "subject",
    "holder",
    "fund",
    "investor",
    "number",
    "clock",
    "block",
    "indicator",
    "part",
    "table",
    "entry",
    "line",
    "what",
    "code",
    "name",
    "check",
    "owner",
    "path",
    "start",
    "end",
    "day",
    "kind",
    "event_on",
)
"""Fields by which a row is known again, where it has them."""
_SENTENCES = frozenset(
    {
        "label",
        "note",
        "says",
        "detail",
        "title",
        "formula",
        "kind_label",
        "nav_note",
        "reason",
        "follows",
        "basis",
        "why",
    }
)
_LEFT_OUT = frozenset({"recorded_at"})
"""Differs between the two engines' books; it is in their leaves."""
HERE_NOW, GONE, NO_FIELD = "row", "no row", "no such field"


def flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """(place, value) of everything in a document; a list and each of its rows have a place of their own."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in _LEFT_OUT:
                continue
            if name in _SENTENCES or name.endswith("_reason"):
                part = None if part is None else "text"
            yield from flat(part, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        yield place, "list"
        seen: dict[str, int] = {}
        for n, part in enumerate(value):
            name = _name(part, n)
            seen[name] = seen.get(name, 0) + 1
            here = f"{place}[{name}]" if seen[name] == 1 else f"{place}[{name}#{seen[name]}]"
            yield here, HERE_NOW
            if isinstance(part, dict | list):
                yield from flat(part, here)
            else:
                yield f"{here}.value", part
    else:
        yield place, value


def _name(row: Any, n: int) -> str:
    """By what a row is known again: its identifying fields, else its place."""
    if not isinstance(row, dict):
        return str(n)
    parts = [str(row[f]) for f in _IDENTITY if isinstance(row.get(f), str | int)]
    return "|".join(parts) or str(n)


def differences(recorded: Answers, today: Answers) -> list[Difference]:
    """Every place that differs, in the order of the documents."""
    found: list[Difference] = []
    for document, then in recorded.items():
        was, now = dict(flat(then)), dict(flat(today.get(document, {"exit": None})))
        if ("exit" in was) != ("exit" in now):  # refused, and the other not
            said = [f"exit {places['exit']}" if "exit" in places else "an answer" for places in (was, now)]
            found.append(Difference(document, "exit", *said))
            continue
        for place, value in was.items():
            if place in now:
                if not _same(value, now[place]):
                    found.append(Difference(document, place, _text(value), _text(now[place])))
            elif place == _row(place) or _row(place) in now:  # of a row that is gone, one line says so
                found.append(
                    Difference(document, place, _text(value), GONE if value == HERE_NOW else NO_FIELD)
                )
        for place, value in now.items():
            if value == HERE_NOW and place not in was and place[: place.rindex("[")] in was:
                found.append(Difference(document, place, GONE, HERE_NOW))
    return found


def _row(place: str) -> str:
    """The outermost row a place lies in; the place itself where it lies in none."""
    inside = re.match(r"[^\[]*\[.*?\](?=\.|$)", place)
    return inside[0] if inside else place


_COMPUTED = re.compile(r"-?\d+\.\d{12,}(e[-+]\d+)?")
"""A rate in all its digits: where it is printed as text, the last of them may depend on the processor as those of a number do."""


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, str) and isinstance(b, str) and _COMPUTED.fullmatch(a) and _COMPUTED.fullmatch(b):
        a, b = float(a), float(b)
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-10, abs_tol=1e-12)
    return type(a) is type(b) and bool(a == b)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# -- what may differ ----------------------------------------------------------------------------------------------


def permitted() -> dict[Difference, str]:
    """Every permitted difference with its reason. One file a reason: its first line says why, the rest are the places.

    ValueError where a place stands in two files.
    """
    found: dict[Difference, str] = {}
    places: set[tuple[str, str]] = set()
    for path in sorted(MOVED.glob("*.csv")):
        why, *lines = path.read_text(encoding="utf-8").splitlines()
        if not why.startswith("# ") or len(why) < 12:
            raise ValueError(f"{path.name}: the first line says why, after '# '")
        for row in csv.reader(lines):
            line = Difference(*row)
            if line[:2] in places:
                raise ValueError(f"{path.name}: stands in another list, too: {line.document}: {line.place}")
            places.add(line[:2])
            found[line] = why.removeprefix("# ")
    return found


def move(name: str, why: str, patterns: list[tuple[str, str]], found: list[Difference]) -> int:
    """Put the differences that fit a pattern and are not listed yet into one list; a line that says of the same place
    what is no longer so goes. Returns how many were taken.
    """
    listed = permitted()
    chosen = [
        d
        for d in found
        if d not in listed
        and any(fnmatch.fnmatch(d.document, a) and fnmatch.fnmatch(_plain(d.place), b) for a, b in patterns)
    ]
    taken = {d[:2] for d in chosen}
    MOVED.mkdir(exist_ok=True)
    own = MOVED / name
    for path in MOVED.glob("*.csv"):
        first, *lines = path.read_text(encoding="utf-8").splitlines()
        rows = [Difference(*row) for row in csv.reader(lines)]
        kept = [row for row in rows if row[:2] not in taken]
        if path == own:
            chosen = [*kept, *chosen]
        elif len(kept) < len(rows):
            _write(path, first, kept)
    _write(own, f"# {why}", chosen)
    return len(taken)


def _plain(place: str) -> str:
    return place.replace("[", "(").replace("]", ")")  # brackets mean something in a pattern


def _write(path: Path, first: str, rows: list[Difference]) -> None:
    if not rows:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"{first}\n")
        csv.writer(stream, lineterminator="\n").writerows(rows)


# -- recording and the command line -------------------------------------------------------------------------------


def recorded() -> Answers:
    """The answers of the release that made the book."""
    found: Answers = json.loads(gzip.decompress((BOOK / "answers.json.gz").read_bytes()))
    return found


def unpacked(folder: Path) -> str:
    """Address of a copy of the SQLite book, upgraded to this program's revision."""
    from fof.db import Database

    path = folder / "book.sqlite"
    with gzip.open(BOOK / "book.sqlite.gz") as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    database = Database(f"sqlite:///{path}")
    database.init()
    database.close()
    return database.address


def main(arguments: list[str]) -> None:
    what = arguments[0] if arguments else ""
    with tempfile.TemporaryDirectory() as folder:
        if what == "record":
            found = answers(arguments[1], Path(folder))
            text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
            (Path(arguments[2]) / "answers.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
            refused = [question for question, document in found.items() if "exit" in document]
            print(f"{len(found)} answers, refused: {refused}")
            return
        if what not in ("differ", "move"):
            raise SystemExit(__doc__)
        found_now = differences(recorded(), answers(unpacked(Path(folder)), Path(folder)))
    if what == "move":
        pairs = list(zip(arguments[3::2], arguments[4::2], strict=True))
        print(f"{move(arguments[1], arguments[2], pairs, found_now)} differences moved to {arguments[1]}")
    listed = permitted()
    for difference in found_now:
        if difference not in listed:
            print(" · ".join(difference))
    for stale in set(listed) - set(found_now):
        print("listed, but no longer so:", " · ".join(stale))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1]))
    main(sys.argv[1:])
