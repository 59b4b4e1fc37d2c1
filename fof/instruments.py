"""Whether every instrument has a place in every room: a place that was forgotten is named before anybody misses it.

An instrument is known by its attributes (models/facts.py says which one each came with). Its noun is the name of its
layout, its rules, its figure, its command and its page. `python -m fof.instruments` says what is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from fof.figures.answers import Document
from fof.figures.of_facts import figures_of_facts
from fof.importers.layouts import LAYOUTS
from fof.rules import catalogue  # noqa: F401 - every rule is registered by it
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import CompanyFacts, InvestorFacts, ManagerFacts
from fof.rules.registry import RULES
from models.facts import FACTS
from models.subjects import SubjectKind

_ROOT = Path(__file__).parent
_JUDGED = {f.name for kind in (FundFacts, CompanyFacts, InvestorFacts, ManagerFacts) for f in fields(kind)}


def missing_places() -> list[str]:
    """Every place that an instrument has not got, as "file: what is missing there"."""
    nouns = sorted({spec.instrument for spec in FACTS.values() if spec.instrument})
    return [place for noun in nouns for place in _of(noun)] + list(_strangers())


def require_places() -> None:
    """RuntimeError that names every forgotten place, where there is one."""
    if missing := missing_places():
        raise RuntimeError("\n".join(missing))


def _of(noun: str) -> Iterator[str]:
    own = [spec.name for spec in FACTS.values() if spec.instrument == noun]
    layout = LAYOUTS.get(noun)
    if layout is None:
        yield f"fof/importers/layouts/{noun}.py: no layout {noun!r}"
    else:
        stated = {column.fact for column in layout.facts}
        yield from (
            f"fof/importers/layouts/{noun}.py: no column {name!r}" for name in own if name not in stated
        )
    yield from (f"fof/rules/facts_parties.py: no field {name!r}" for name in own if name not in _JUDGED)
    if all(rule.judge.__module__ != f"fof.rules.{noun}" for rule in RULES.values()):
        yield f"fof/rules/{noun}.py: no rule"
    yield from _figure(noun)
    command = _ROOT / "cli" / f"{noun}.py"
    if not command.is_file() or f"\ndef {noun}(" not in command.read_text(encoding="utf-8"):
        yield f"fof/cli/{noun}.py: no command {noun!r}"
    if not (_ROOT / "ui" / "pages" / f"{noun}.py").is_file():
        yield f"fof/ui/pages/{noun}.py: no page"


def _figure(noun: str) -> Iterator[str]:
    """Its document, each figure of it in the register, and that those with a formula open."""
    place = f"fof/figures/{noun}.py"
    if find_spec(f"fof.figures.{noun}") is None:
        yield f"{place}: no figure"
        return
    module = import_module(f"fof.figures.{noun}")
    document = next((x for x in vars(module).values() if isinstance(x, Document) and x.name == noun), None)
    if document is None:
        yield f"{place}: no document {noun!r}"
        return
    opened = False
    for name in (*document.rows, *document.head):
        try:
            formula = document.figure(name).formula
        except KeyError:
            yield f"fof/figures/register.csv: no figure {name!r} of {place}"
            continue
        if formula is not None and name in getattr(module, "OPENS", {}):
            opened = True
    if not opened:
        yield f"{place}: OPENS names no figure of it with a formula in fof/figures/register.csv"


def _strangers() -> Iterator[str]:
    """What a layout of parties' attributes states that belongs to no instrument, or to another."""
    for layout in LAYOUTS.values():
        own = layout.subject and layout.of is SubjectKind.PARTY and not layout.register
        for column in layout.facts if own else ():
            if (of := FACTS[column.fact or ""].instrument) != layout.name:
                yield f"models/facts.py: {column.fact!r} belongs to instrument {of!r}, not {layout.name!r}"
    for name, made in figures_of_facts().items():
        yield from (f"models/facts.py: no attribute {t!r} of {name!r}" for t in made.terms if t not in FACTS)


if __name__ == "__main__":
    lacking = missing_places()
    sys.stdout.write("".join(f"{place}\n" for place in lacking))
    sys.exit(1 if lacking else 0)
