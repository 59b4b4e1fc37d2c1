"""Commands for users and roles."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli.asked import Asked, acting, asks, database, day_option, readable
from fof.cli.printed import print_sentence, printed
from fof.cli.usage import argument, both, helped, option
from fof.figures import journal_documents
from fof.figures.answers import Answer
from fof.words import today
from models.kinds import Role
from models.text import Text

if TYPE_CHECKING:
    from fof.ledger import Booked

app = typer.Typer(help=both("用户与权限。", "Users and roles: who may do what."), no_args_is_help=True)

Code = Annotated[str, argument("用户编号", "the user's code", metavar="USER")]
Roles = Annotated[list[Role], argument("角色", "roles", metavar="ROLE …")]
Since = Annotated[
    dt.date | None,
    day_option("--from", "起始日，缺省为今天", "first day, today if left out"),
]
Until = Annotated[
    dt.date | None,
    day_option("--until", "截止日，缺省为长期", "last day, none if left out"),
]
Document = Annotated[str | None, option("--document", "依据文件", "document it rests on")]


@app.command("add")
@helped(
    "登记用户：编号、系统登录名与角色。第一个用户须为管理员。",
    "Add a user: code, login at the operating system, roles. The first user must be an administrator.",
)
def add(
    code: Code,
    roles: Roles,
    login: Annotated[str, option("--login", "系统登录名", "login at the operating system")],
    name: Annotated[str, option("--name", "显示的姓名", "name shown")] = "",
    since: Since = None,
    until: Until = None,
    document: Document = None,
) -> None:
    from fof.users import add_user

    _say(add_user(database(), acting(), code, name, login, roles, since or today(), until, document))


@app.command("grant")
@helped("授予角色。", "Give a user roles.")
def grant(
    code: Code, roles: Roles, since: Since = None, until: Until = None, document: Document = None
) -> None:
    from fof.users import grant as use_case

    _say(use_case(database(), acting(), code, roles, since or today(), until, document))


@app.command("revoke")
@helped("收回角色；最后一个管理员不能收回。", "Take roles away; the last administrator stays.")
def revoke(code: Code, roles: Roles, since: Since = None, document: Document = None) -> None:
    from fof.users import revoke as use_case

    _say(use_case(database(), acting(), code, roles, since or today(), document))


@app.command("institutions")
@helped(
    "写明用户可查看哪些机构的跟投：机构编号，* 为全部，不写为不再可查看。",
    "State whose co-investment a user may see: codes, * for all, nothing for none any more.",
)
def institutions(
    code: Code,
    seen: Annotated[list[str] | None, argument("机构编号", "institutions", metavar="INSTITUTION …")] = None,
    since: Since = None,
    until: Until = None,
    document: Document = None,
) -> None:
    from fof.users import see_institutions

    _say(see_institutions(database(), acting(), code, seen or [], since or today(), until, document))


@app.command("list")
@helped("列出用户及其角色。", "List the users and their roles on a day.")
@asks("as_of known_at lang json")
def list_users(asked: Asked) -> None:
    from fof.ledger.users import EVERY_INSTITUTION
    from fof.users import users_of

    journal = readable()
    known = asked.known(journal)
    rows: list[dict[str, Any]] = [
        {
            "user": user.code,
            "name": user.name,
            "login": user.login,
            "roles": ", ".join(sorted(user.roles)),
            "institutions": EVERY_INSTITUTION
            if user.institutions is None
            else ", ".join(sorted(user.institutions)),
            "since": user.since,
            "until": user.until,
        }
        for user in users_of(journal.view(asked.day, known), asked.day)
    ]
    printed(Answer(journal_documents.USERS, rows, asked.day, known, None), asked)
    if not rows and not asked.json:
        owner = acting().name
        print_sentence(
            Text(
                f"账中没有用户：本机使用者（{owner}）可办理一切",
                f"the book has no users: whoever works on this machine ({owner}) may do everything",
            )
        )


def _say(done: Booked) -> None:
    for entry in done.entries:
        print_sentence(Text(f"已登记分录 {entry}", f"booked as entry {entry}"))
    if not done.entries:
        print_sentence(Text("账中已是如此，未写入", "the book says so already; nothing was written"))
