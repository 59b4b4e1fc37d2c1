"""The command line: everything a page shows, as a table or with --json. Exit codes: 0 done, 1 a breach under --strict,
2 refused input, 3 our own fault, 4 a database that cannot be had. Results on stdout, messages on stderr.

Commands import what they need when they run, so that --help is quick.
"""

from __future__ import annotations

import gc
import os
import sys
from contextvars import copy_context
from typing import TYPE_CHECKING

import typer

from fof.cli.lazy import Commands, ready
from fof.cli.usage import both
from models.text import LANGUAGES, Text, use

if TYPE_CHECKING:
    from fof.errors import FofError

app = typer.Typer(
    cls=Commands,
    name="fof",
    help=both(
        "省创业投资母基金管理：一本准确、可解释的账。",
        "A provincial fund-of-funds: one exact, explainable book.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _every_command() -> None:
    """What all commands share: nothing is done before the one that was asked for."""


DONE, REFUSED, OUR_FAULT, NO_DATABASE = 0, 2, 3, 4


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code (the console script passes it on)."""
    answer = copy_context().run(_run, arguments)
    if arguments is None:  # the process ends here: nothing is looked through for garbage once more
        gc.freeze()
    return answer


def _run(arguments: list[str] | None) -> int:
    from fof.errors import FofError

    if arguments is None:  # a program that ends by itself soon: what it reads is not garbage
        gc.set_threshold(200_000, 50, 100)
    use(_language(arguments))
    command = ready(typer.main.get_command(app))
    try:
        answer = command(args=arguments, prog_name="fof", standalone_mode=False)
    except FofError as error:
        return _print_error(error)
    except typer.Exit as left:
        return left.exit_code
    except typer.Abort:
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return DONE
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # how the framework answers a reader that went away
            return DONE
        raise
    except Exception as error:
        return _failed(error)
    return answer if isinstance(answer, int) else DONE


def _language(arguments: list[str] | None) -> str:
    """The language a call asks for, whatever became of it: the last --lang, else FOF_LANG."""
    given = sys.argv[1:] if arguments is None else arguments
    asked = None
    for place, word in enumerate(given):
        if word == "--lang":
            asked = given[place + 1] if place + 1 < len(given) else "zh"
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
    if asked is not None:
        return asked
    own = os.environ.get("FOF_LANG", "zh")
    return own if own in LANGUAGES else "en"


def _print_error(error: FofError) -> int:
    """What the user can do something about; where it is the database, which one."""
    from fof.errors import OF_THE_DATABASE, BadEntry

    sys.stderr.write(f"{error.text()}\n")
    if isinstance(error, BadEntry):
        return OUR_FAULT
    if not isinstance(error, OF_THE_DATABASE):
        return REFUSED
    from fof.db import Database
    from fof.environment import Settings

    sys.stderr.write(f"  {Text('账本：', 'book: ')}{Database(Settings().url).name}\n")
    return NO_DATABASE


def _failed(error: Exception) -> int:
    """Wrong usage is the user's; what a driver or the system says is told as what it is; the rest is ours, with its trace."""
    from typer import _click as click

    from fof.failures import explained_failure

    if (known := explained_failure(error)) is not None:
        return _print_error(known)

    if isinstance(error, click.exceptions.ClickException):
        from fof.cli.usage import wrong_usage

        sys.stderr.write(wrong_usage(error))
        return REFUSED
    if _by_hand():
        sys.stderr.write(f"{Text('因上述分录无法回答', 'these entries stand in the way of an answer')}\n")
        return OUR_FAULT
    import traceback

    traceback.print_exception(error)
    fault = Text("内部错误，账本未因此改变；请把以上内容交给维护者", "our own fault; please report the above")
    sys.stderr.write(f"{fault}\n")
    return OUR_FAULT


def _by_hand() -> bool:
    """Whether the book holds entries that were written past this program, which may be why it failed; they are logged."""
    from fof import ledger
    from fof.db import open_database
    from fof.environment import Settings
    from fof.errors import FofError
    from fof.ledger.doubts import every_doubt

    try:
        book = open_database(Settings().url)
        head = ledger.read(book).head
        with book.cursor() as cursor:
            return bool(every_doubt(cursor, head))
    except FofError:
        return False
