"""What commands share: their common options may stand before the command too, and each speaks the language asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from fof.cli import asked
from models.text import use

if TYPE_CHECKING:
    from typer.models import CommandInfo


def past_the_command(arguments: Sequence[str]) -> list[str]:
    """The words of a call with the common options that stand before the command put right after it.

    What the command itself is given stands later then, and counts where both say something. Anything else before the
    command stays where it is: it is the group's own, or nobody's and refused as before.
    """
    takes_value, moved, place = _common(), list[str](), 0
    while place < len(arguments):
        name, joined, _ = arguments[place].partition("=")
        if name not in takes_value:
            break
        words = 1 if joined or not takes_value[name] else 2
        moved += arguments[place : place + words]
        place += words
    rest = list(arguments[place:])
    if rest[:1] == ["--help"]:
        return ["--help"]  # the language of the help was taken from the call before
    if not rest or rest[0].startswith("-"):
        return rest
    return [rest[0], *moved, *rest[1:]]


def _common() -> dict[str, bool]:
    """Each common option as it is written, and whether a value follows it."""
    parts = [get_args(declared) for declared, _default in asked.COMMON.values()]
    return {
        option.default: kind is not bool for kind, option in parts
    }  # the framework's name for what is written first


def speaking(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with an option for the language, where it has none of its own."""
    given = signature(command)
    if "lang" in given.parameters:
        return command

    @wraps(command)
    def called(lang: asked.Language | None = None, **rest: Any) -> Any:
        if lang is not None:
            use(lang.value)
        return command(**rest)

    types = get_type_hints(command, include_extras=True)
    own = [p.replace(annotation=types[name]) for name, p in given.parameters.items()]
    own.append(Parameter("lang", Parameter.KEYWORD_ONLY, default=None, annotation=asked.Lang))
    called.__signature__ = given.replace(parameters=own)  # type: ignore[attr-defined]
    called.__annotations__ = {p.name: p.annotation for p in own}
    del called.__wrapped__
    return called


def all_speaking(commands: Sequence[CommandInfo]) -> None:
    """Give every command of a group its option for the language."""
    for one in commands:
        if one.callback is not None:
            one.callback = speaking(one.callback)
