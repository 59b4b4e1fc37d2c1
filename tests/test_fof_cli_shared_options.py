"""Options that commands share stand before or after the command, and every command speaks the language asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
import typer.main

from fof.cli import app, main
from fof.cli.lazy import ready
from fof.cli.shared_options import past_the_command
from fof.cli.text_width import width_of


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


FRAMEWORK = re.compile(
    r"Usage|Options|Commands|Arguments|\bargument|Show this|default:|required|OPTIONS|COMMAND|ARGS"
)


def helped(path: tuple[str, ...], language: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What --help prints of a command or group."""
    assert main([*path, "--help", "--lang", language]) == 0
    return capsys.readouterr().out


def test_help_is_in_one_language_with_the_words_of_the_framework(capsys):
    """Options may be named by words of the office (a rating, a code); what surrounds them is not in two languages."""
    paths = sorted({path[:n] for path in every_command(ready(typer.main.get_command(app))) for n in range(4)})
    assert len(paths) > 80
    for path in paths:
        chinese, english = helped(path, "zh", capsys), helped(path, "en", capsys)
        assert "用法：fof" in chinese, path
        assert "显示本说明" in chinese, path
        assert FRAMEWORK.search(re.sub(r"<[^>]*>", "", chinese)) is None, (path, chinese)
        assert (
            re.search(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]", re.sub("[万亿]?元", "", english)) is None
        ), path


def test_lines_of_help_fit_the_screen_and_none_begins_with_a_closing_sign(capsys, monkeypatch):
    """A Chinese character takes two cells, which the framework does not count."""
    monkeypatch.setenv("COLUMNS", "80")
    for path in ((), ("audit",), ("pools",), ("performance",)):
        for line in helped(path, "zh", capsys).splitlines():
            assert width_of(line) <= 80, line
            assert line.lstrip()[:1] not in tuple("，。；：、！？）》"), line


@pytest.mark.parametrize(
    ("call", "chinese", "english"),
    [
        ("bogus", "没有命令 bogus", "No such command 'bogus'."),
        ("perfomance", "没有命令 perfomance；相近：'performance'", "Did you mean 'performance'?"),
        ("performance --bogus", "没有选项 --bogus", "No such option: --bogus"),
        ("performance --as-of", "选项 --as-of 后面缺少值", "Option '--as-of' requires an argument."),
        ("performance --json=3", "选项 --json 不带值", "Option '--json' does not take a value."),
        ("performance extra", "多余的参数：extra", "Got unexpected extra argument(s) (extra)"),
        ("operations call --fund X", "缺少参数 '--part'", "Missing option '--part'."),
        ("import nowhere.xlsx", "没有文件 nowhere.xlsx", "file 'nowhere.xlsx' does not exist."),
        ("import .", "文件夹", "is a directory"),
        ("journal show x", "参数值不对：entry：要写整数", "valid integer"),
        ("commitments --unit 角", "角 不在其中：'元', '万元', '亿元'", "'角' is not one of"),
        ("performance --as-of 2026-13-01", "参数值不对：--as-of：'2026-13-01'：日期写作", "an ISO date like"),
    ],
)
def test_wrong_usage_is_said_in_the_language_of_the_run(capsys, call, chinese, english):
    for language, sentence, other in (("zh", chinese, english), ("en", english, chinese)):
        assert main(["--lang", language, *call.split()]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert sentence in err
        assert other not in err
        assert err.rstrip().endswith("--help")


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
        ("--help --lang en", 0, "one exact, explainable book"),
        ("--help --json", 0, "准确、可解释"),
        ("--lang en warmup --help", 0, "Prepare the kernels"),
        ("--lang zh warmup --help --lang en", 0, "Prepare the kernels"),
        ("--lang en audit --help", 0, "Usage: fof audit"),
        ("audit --lang en guidance --help", 0, "Usage: fof audit guidance"),
        ("project --lang en compare --help", 0, "Usage: fof project compare"),
        ("project --lang en nowhere.toml", 2, "nowhere.toml"),
        ("--json warmup", 2, "没有选项 --json"),
        ("--lang fr warmup", 2, "fr"),
        ("--as-of 31.12.2020 --lang en performance", 2, "an ISO date like 2026-09-30"),
        ("--none warmup", 2, "没有选项 --none"),
        ("--lang en --none warmup", 2, "No such option: --none"),
    ],
)
def test_calls_are_answered_in_the_language_that_stands_anywhere(capsys, call, code, said):
    assert main(call.split()) == code
    written = capsys.readouterr()
    assert said in written.out + written.err
