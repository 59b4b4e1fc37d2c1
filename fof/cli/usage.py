"""Help in one language, and what is said of a command that is written wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from fof import words
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
    """What is wrong, and where to look; for Chinese readers in Chinese, then as the framework says it."""
    context = getattr(error, "ctx", None)
    path = "fof" if context is None else context.command_path
    sentence = _chinese(error)
    first = Text("" if sentence is None else f"{sentence}\n", "")
    message = error.format_message().replace(": Value error, ", ": ")
    return f"{first}{message}\n  {path} --help\n"


def _chinese(error: ClickException) -> str | None:
    """The commonest mistakes in Chinese; None where the framework's own sentence has to do."""
    name = type(error).__name__
    if name == "NoSuchOption":
        near = words.listed(getattr(error, "possibilities", None) or ())
        return f"没有选项 {getattr(error, 'option_name', '')}" + (f"；相近：{near}" if near else "")
    if name == "MissingParameter":
        parameter = getattr(error, "param", None)
        return "缺少参数" if parameter is None else f"缺少参数 {parameter.get_error_hint()}"
    if name in ("BadParameter", "WrongOption"):
        parameter = getattr(error, "param", None)
        hint = getattr(error, "param_hint", None)
        if hint is None and parameter is not None:  # an argument goes by what --help calls it
            opts = [name for name in parameter.opts if name.startswith("-")]
            hint = opts[-1] if opts else parameter.get_error_hint().strip("'")
        return None if hint is None else f"参数值不对：{hint}"
    if name == "UsageError" and "No such command" in error.format_message():
        return "没有这个命令"
    return None
