"""The list of commands, each built when it is asked for: a process that prints one figure does not build the other fifty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from fof.cli.usage import built_below, in_one_language
from models.text import Text

COMMANDS = {
    "init": "book:init",
    "seed": "book:seed",
    "template": "book:template",
    "import": "book:import_file",
    "export": "book:export",
    "performance": "performance:performance",
    "commitments": "performance:commitments",
    "statement": "statements:statement",
    "explain": "explained:explain",
    "overview": "office:overview",
    "fund": "office:fund",
    "positions": "office:positions",
    "journal": "journal:app",
    "reverse": "journal:reverse",
    "verify": "book:verify",
    "backup": "book:backup",
    "restore": "book:restore",
    "audit": "cards:audits",
    "rules": "audit:rules",
    "dispose": "audit:dispose",
    "set": "audit:set_parameter",
    "users": "users:app",
    "personal": "personal:app",
    "evaluation": "evaluation:app",
    "report": "report:app",
    "operations": "operations:app",
    "project": "project:app",
    "ui": "book:ui",
    "warmup": "book:warmup",
}
"""Name of a command or group of commands -> module of fof.cli and what it is called there. A module that
takes its options from fof.cli.asked and has a function of its own name is a command without a line here."""


EMPTY = Text("不能为空", "must not be empty")
EMPTY_IS_UNKNOWN = {"by", "stage", "city", "industry", "instrument"}
"""Parameters of `fof coverage` of which nothing is an answer: companies whose city is not known, the surface as one total."""


def command_names() -> list[str]:
    """Every command: those listed, and the modules that are one."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return [*COMMANDS, *(name for name in modules if name not in COMMANDS and is_command(name))]


def is_command(name: str) -> bool:
    """Whether a module of fof.cli is a command of its own name; it is read and not imported for that."""
    path = Path(__file__).with_name(f"{name}.py")
    text = path.read_text(encoding="utf-8") if name.isidentifier() and path.is_file() else ""
    return f"\ndef {name}(" in text and "\nfrom fof.cli.asked import " in text


class _Built(Mapping[str, Any]):
    """The commands by name, in the language of FOF_LANG."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            if name not in COMMANDS and not is_command(name):
                raise KeyError(name)
            module, attribute = COMMANDS.get(name, f"{name}:{name}").split(":")
            self._built[name] = _command(name, getattr(import_module(f"fof.cli.{module}"), attribute))
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(command_names())

    def __len__(self) -> int:
        return len(command_names())


class Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": None})
        self.commands = _Built()  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, without building them."""
        return command_names()


def _command(name: str, made: Any) -> Any:
    """One command, or a group of them, ready to be called."""
    from fof.cli.shared_options import all_speaking, speaking

    around = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    if isinstance(made, typer.Typer):
        _each_group(made, all_speaking)
        around.add_typer(made, name=name)
    else:
        around.command(name)(speaking(made))
    return ready(typer.main.get_group(around).commands[name])


def _each_group(group: typer.Typer, done: Callable[[Sequence[Any]], None]) -> None:
    """Do something with the commands of a group and of each group in it."""
    done(group.registered_commands)
    for below in group.registered_groups:
        if below.typer_instance is not None:
            _each_group(below.typer_instance, done)


def ready(command: Any) -> Any:
    """The command, and all that are built below it, in one language and reading its options plainly."""
    _read_plainly(in_one_language(command))
    _common_options_anywhere(command)
    return command


def _common_options_anywhere(command: Any) -> None:
    """Groups take the options that commands share before the command's name as well (`fof --lang en performance`)."""
    if isinstance(command, TyperGroup):
        command.parse_args = partial(_parsed, command.parse_args)  # type: ignore[method-assign]
    for below in built_below(command):
        _common_options_anywhere(below)


def _parsed(
    framework: Callable[[Any, list[str]], list[str]], context: Any, arguments: list[str]
) -> list[str]:
    if arguments and arguments[0].startswith("-"):
        from fof.cli.shared_options import past_the_command

        arguments = past_the_command(arguments)
    return framework(context, arguments)


def _read_plainly(command: Any) -> None:
    for parameter in command.get_params(typer.Context(command)):
        if hasattr(parameter, "type_descriptor"):
            parameter.process_value = partial(_processed, parameter, parameter.process_value)
    for below in built_below(command):
        _read_plainly(below)


def _processed(parameter: Any, framework: Callable[[Any, Any], Any], context: Any, value: Any) -> Any:
    """Nothing, text, a member of a list and what a parser of ours takes; whatever else is there the framework judges.

    The framework would import pydantic for each of them, a tenth of a second. Where a value is given and holds nothing (a variable
    of a script that is not set), the command is refused: it would answer for everything.
    """
    empty = value == "" or (isinstance(value, list | tuple) and "" in value)
    if empty and value != parameter.default and parameter.name not in EMPTY_IS_UNKNOWN:
        raise typer.BadParameter(str(EMPTY), context, parameter)
    if value is None and not parameter.required:
        read = () if parameter.multiple or parameter.nargs == -1 else None
    elif (read := _plain(parameter.type_descriptor, value)) is None:
        return framework(context, value)
    return read if parameter.callback is None else parameter.callback(context, parameter, read)


def _plain(described: Any, value: Any) -> Any:
    """The value where reading it needs nobody's help; None otherwise."""
    wanted, parser = described.annotation, described.parameter_info.parser
    if parser is not None:
        if not isinstance(value, str):
            return value  # what it is where it is left out
        with suppress(ValueError):
            return parser(value)
    elif isinstance(value, str) and wanted is str:
        return value
    elif isinstance(wanted, type) and issubclass(wanted, Enum):
        return next((m for m in wanted if value in (m, m.value)), None)
    return None
