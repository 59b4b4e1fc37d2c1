"""Help in one language, and what is said of a command that is written wrongly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from fof import words
from fof.cli.help_text import with_help
from models.text import Text

if TYPE_CHECKING:
    from typer._click.exceptions import ClickException

_BETWEEN = "\x1f"
"""Stands between the Chinese and the English of a help text until a run takes one of them."""

Command = TypeVar("Command", bound=Callable[..., Any])


def both(zh: str, en: str) -> str:
    """A help text in both languages: a command is described before the language of its run is known."""
    return f"{zh}{_BETWEEN}{en}"


def option(flag: str, zh: str, en: str, *short: str, **given: Any) -> Any:
    """An option of a command, with its help in both languages. given : what else the framework's Option takes."""
    return typer.Option(flag, *short, help=both(zh, en), **given)


def argument(zh: str, en: str, **given: Any) -> Any:
    """An argument of a command, with its help in both languages. given : what else the framework's Argument takes."""
    return typer.Argument(help=both(zh, en), **given)


def helped(zh: str, en: str) -> Callable[[Command], Command]:
    """What a command says of itself."""

    def described(command: Command) -> Command:
        command.__doc__ = both(zh, en)
        return command

    return described


def in_one_language(command: Any) -> Any:
    """The command, its options and all below it, with the half of each help text that is in the language of the run."""
    with_help(command)
    command.help = _half(command.help)
    command.short_help = _half(command.short_help or command.help)
    for parameter in command.params:
        if hasattr(parameter, "help"):
            parameter.help = _half(parameter.help)
    for below in built_below(command):
        in_one_language(below)
    return command


def built_below(command: Any) -> Iterable[Any]:
    """The commands of a group; those of the first group take their language when they are built (fof.cli.lazy)."""
    commands = getattr(command, "commands", {})
    return commands.values() if isinstance(commands, dict) else ()


def _half(text: str | None) -> str | None:
    if text is None or _BETWEEN not in text:
        return text
    chinese, _, rest = text.partition(_BETWEEN)
    return str(Text(chinese.strip(), rest.strip()))


def wrong_usage(error: ClickException) -> str:
    """What is wrong, and where to look; in Chinese for Chinese readers, and what has no Chinese as the framework says it."""
    context = getattr(error, "ctx", None)
    path = "fof" if context is None else context.command_path
    framework = error.format_message().replace(": Value error, ", ": ")
    if type(error).__name__ == "NoArgsIsHelpError":
        return f"{framework}\n"  # the help itself
    return f"{Text(_chinese(error, framework), framework)}\n  {path} --help\n"


def _chinese(error: ClickException, framework: str) -> str:
    """The mistakes in Chinese: what was written wrongly, then why, which the framework may only know in English."""
    name, sentence = type(error).__name__, _of_framework(framework)
    if sentence is not None:
        return sentence
    if name == "NoSuchOption":
        near = words.listed(getattr(error, "possibilities", None) or ())
        return f"没有选项 {getattr(error, 'option_name', '')}" + (f"；相近：{near}" if near else "")
    parameter = getattr(error, "param", None)
    if name == "MissingParameter":
        return "缺少参数" if parameter is None else f"缺少参数 {parameter.get_error_hint()}"
    if name in ("BadParameter", "WrongOption"):
        hint = getattr(error, "param_hint", None)
        if hint is None and parameter is not None:  # an argument goes by what --help calls it
            opts = [name for name in parameter.opts if name.startswith("-")]
            hint = opts[-1] if opts else parameter.get_error_hint().strip("'")
        reason = getattr(error, "message", "").replace("Value error, ", "")
        return framework if hint is None else f"参数值不对：{hint}：{_of_framework(reason) or reason}"
    return framework


_SENTENCES = {
    r"No such command '(.*?)'\. Did you mean (.*)\?": "没有命令 {0}；相近：{1}",
    r"No such command '(.*)'\.": "没有命令 {0}",
    r"Missing command\.": "缺少命令",
    r"Option '(.*)' requires an argument\.": "选项 {0} 后面缺少值",
    r"Option '(.*)' requires (\d+) arguments\.": "选项 {0} 后面要有 {1} 个值",
    r"Option '(.*)' does not take a value\.": "选项 {0} 不带值",
    r"Got unexpected extra argument\(?s?\)? \((.*)\)": "多余的参数：{0}",
    r"Value '?(.*?)'? is not a valid integer\.": "{0} 不是整数",
    r"Value '?(.*?)'? is not a valid float\.": "{0} 不是数",
    r"(?i:file|path|directory) '(.*)' does not exist\.": "没有文件 {0}",
    r"(?i:file|path) '(.*)' is a directory\.": "{0} 是文件夹",
    r"(?i:file|path) '(.*)' is not (?:readable|writable)\.": "没有读写文件 {0} 的权限",
    r"Input should be a valid integer.*": "要写整数",
    r"Input should be a valid number.*": "要写数",
    r"Input should be greater than or equal to (.*)": "不小于 {0}",
    r"Input should be less than or equal to (.*)": "不大于 {0}",
    r"Input should be greater than (.*)": "大于 {0}",
    r"Input should be less than (.*)": "小于 {0}",
    r"'(.*)' is not one of (.*)\.": "{0} 不在其中：{1}",
}
"""What the framework says, as a pattern -> the same in Chinese."""


def _of_framework(sentence: str) -> str | None:
    """A sentence of the framework in Chinese, None where it is none of those known."""
    for pattern, chinese in _SENTENCES.items():
        if (match := re.fullmatch(pattern, sentence)) is not None:
            return chinese.format(*match.groups())
    return None
