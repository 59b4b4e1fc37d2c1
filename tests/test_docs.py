"""The README and the pages under docs name what there is: files, modules, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main
from test_fof_cli_shared_options import every_command

from fof.cli import app
from fof.cli.lazy import ready

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r"`([^`\n]+)`")
FILE = re.compile(
    r"[\w./-]+\.(?:py|md|csv|toml|ipynb|json)|(?:fof|models|valuation|tests|docs|seeds|benchmarks)/[\w./-]+"
)
ROOMS = ("", "docs/", "fof/", "fof/book/", "fof/ui/", "fof/rules/", "fof/figures/")
OTHERS = {"F.toml", "SPEC.toml", "mapping.toml", "fof/shipped"}
"""Files of whoever reads the page, and where a wheel has what lies beside the packages."""


def _text(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    missing = []
    for named in NAMED.findall(_text(page)):
        if FILE.fullmatch(named) and "NOUN" not in named and named not in OTHERS:
            stem = named.rstrip("/")
            places = [ROOT / room / end for room in ROOMS for end in (stem, f"{stem}.py")]
            if not any(p.exists() for p in places) and not list(ROOT.glob(f"*/**/{Path(stem).name}")):
                missing.append(named)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in target and not (page.parent / target).exists():
            missing.append(target)
    assert missing == []


def test_every_module_of_the_map_exists() -> None:
    """Under the heading of its folder, or with the folder before it."""
    modules = {p.stem for p in ROOT.glob("fof/**/*.py")} | {
        p.stem for room in ("models", "valuation") for p in (ROOT / room).glob("*.py")
    }
    folders = {p.name for p in ROOT.glob("fof/**/") if p.is_dir()}
    text = (ROOT / "docs" / "map.md").read_text("utf-8")
    names = [Path(n).stem for n in NAMED.findall(text) if re.fullmatch(r"[\w/]+(?:\.py)?", n)]
    assert [n for n in names if n not in modules | folders | {"models", "valuation"}] == []


def test_every_command_of_the_readme_exists() -> None:
    """A name after the first of its row is one of the same group, or stands alone."""
    found = every_command(ready(typer.main.get_command(app)))
    every = {words[:n] for words in found for n in range(1, len(words) + 1)}
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme[readme.index("| commands | for |") : readme.index("Exit codes:")]
    missing, count = [], 0
    for row in table.splitlines()[2:]:
        group: tuple[str, ...] = ()
        for given in NAMED.findall(row.partition(" | ")[0]):
            words = tuple(re.sub(r"\[.*?\]|\[.*| -[-\w]+ ?[A-Z]?.*|\b[A-Z].*", "", given).split())
            if words[:1] == ("fof",):
                words, group = words[1:], words[1:-1]
            for last in words[-1].split("/") if words else ():
                own, count = (*words[:-1], last), count + 1
                if not {own, group + own, group[:1] + own} & every:
                    missing.append(own)
    assert missing == []
    assert count > 60
