"""Options that commands share stand before or after the command, and every command speaks the language asked for."""

from __future__ import annotations

from typing import Any

import pytest
import typer.main

from fof.cli import app, main
from fof.cli.lazy import ready
from fof.cli.shared_options import past_the_command


def every_command(command: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Each command that is no group, by its words."""
    below = getattr(command, "commands", None)
    if below is None:
        return {path: command}
    return {k: v for name in below for k, v in every_command(below[name], (*path, name)).items()}


def test_every_command_has_an_option_for_the_language():
    found = every_command(ready(typer.main.get_command(app)))
    assert len(found) > 60
    assert [path for path, one in found.items() if not any("--lang" in p.opts for p in one.params)] == []


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["--lang", "en", "init"], ["init", "--lang", "en"]),
        (["--lang=en", "--json", "fund", "F1", "--all"], ["fund", "--lang=en", "--json", "F1", "--all"]),
        (["--lang", "en", "fund", "F1", "--lang", "zh"], ["fund", "--lang", "en", "F1", "--lang", "zh"]),
        (["--unit", "元", "--help"], ["--help"]),
        (["--lang", "en"], []),
        (["--lang"], []),
        (["--none", "init"], ["--none", "init"]),
        (["--lang", "en", "--none", "init"], ["--none", "init"]),
        (["init", "--lang", "en"], ["init", "--lang", "en"]),
        ([], []),
    ],
)
def test_what_stands_before_the_command_is_read_after_it(given, read):
    assert past_the_command(given) == read


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        ("--lang en template nothing -o x.xlsx", 2, "nothing"),
        ("--lang en", 2, "Commands:"),
        ("--lang en --help", 0, "one exact, explainable book"),
        ("--lang zh --help", 0, "准确、可解释"),
        ("--lang en warmup --help", 0, "Prepare the kernels"),
        ("--lang zh warmup --help --lang en", 0, "Prepare the kernels"),
        ("--lang en audit --help", 0, "Usage: fof audit"),
        ("audit --lang en guidance --help", 0, "Usage: fof audit guidance"),
        ("project --lang en compare --help", 0, "Usage: fof project compare"),
        ("project --lang en nowhere.toml", 2, "nowhere.toml"),
        ("--json warmup", 2, "No such option: --json"),
        ("--lang fr warmup", 2, "fr"),
        ("--as-of 31.12.2020 --lang en performance", 2, "an ISO date like 2026-09-30"),
        ("--none warmup", 2, "No such option: --none"),
    ],
)
def test_calls_are_answered_in_the_language_that_stands_anywhere(capsys, call, code, said):
    assert main(call.split()) == code
    written = capsys.readouterr()
    assert said in written.out + written.err
