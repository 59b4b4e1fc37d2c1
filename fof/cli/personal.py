"""Commands for personal data: the key, what is stored (masked), opened with an entry, erased, shared numbers."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fof.cli.asked import Asked, acting, asks, database, readable
from fof.cli.printed import print_booked, print_sentence, printed
from fof.cli.usage import argument, both, helped, option
from fof.figures import journal_documents
from fof.figures.answers import Answer, Document
from models.kinds import PersonalField
from models.text import Text, counted

app = typer.Typer(
    help=both(
        "个人信息：账外加密库与密钥。", "Personal data: the encrypted store beside the book, and its key."
    ),
    no_args_is_help=True,
)

Person = Annotated[str, argument("人员编号", "the person's code", metavar="PERSON")]
Reason = Annotated[
    str,
    option("--reason", "原因，写入账本，不得含个人信息", "why; it enters the book, no personal data in it"),
]


@app.command("init")
@helped(
    "建立密钥文件（FOF_PERSONAL_KEY_FILE）与个人信息库；已有的不动。",
    "Make the key file (FOF_PERSONAL_KEY_FILE) and the store where they are not there.",
)
def init() -> None:
    from fof.audit.unmasking import set_up

    key, store = set_up(database(), acting())
    if key:
        print_sentence(
            Text(
                "已建立密钥文件：请另存副本，勿与账本备份放在一处",
                "the key file was made: keep a copy of it, apart from the backups of the book",
            )
        )
    if store:
        print_sentence(Text("已建立个人信息库", "the store of personal data was made"))
    if not key and not store:
        print_sentence(Text("密钥文件与个人信息库均已存在", "the key file and the store are there already"))


@app.command("rotate")
@helped(
    "换用新密钥，全部重新加密。",
    "Seal everything anew under a new key; older keys stay in the file unless dropped.",
)
def rotate(
    drop: Annotated[
        bool,
        option(
            "--drop",
            "从密钥文件中删去旧密钥（旧备份将打不开）",
            "leave the new key alone in the file; older backups no longer open",
        ),
    ] = False,
) -> None:
    from fof.audit.unmasking import rotate as use_case

    ring, number = use_case(database(), acting(), drop=drop)
    print_sentence(
        Text(
            f"{number} 项已用密钥 {ring.current} 重新加密，密钥文件中有 {len(ring.keys)} 个密钥",
            f"{counted(number, 'value')} sealed anew under the key {ring.current}; the key file holds {len(ring.keys)}",
        )
    )


@app.command("list")
@helped(
    "列出已存的个人信息：只显示掩码；没有密钥时只有编号。",
    "What is stored, masked; without the key codes alone.",
)
@asks("lang json")
def list_people(
    asked: Asked,
    institution: Annotated[
        str | None,
        option("--institution", "只看一家机构", "one institution only", metavar="CODE"),
    ] = None,
) -> None:
    from fof.audit.unmasking import personal_lines

    rows = [
        {
            "person": line.commitment.person,
            "institutions": ", ".join(line.institutions) or None,
            "field": line.commitment.field.value,
            "masked": line.mask,
            "state": line.state,
            "since": line.commitment.day,
            "entry": line.commitment.entry,
        }
        for line in personal_lines(database(), acting(), institution)
    ]
    _printed(journal_documents.PERSONAL, rows, asked)
    say_without_key()


@app.command("show")
@helped(
    "查看个人信息原值：先登记何人、何项、何故。仅审计人员可用。",
    "Open values of a person; who, which field and why is booked first. For auditors alone.",
)
@asks("lang json")
def show(
    asked: Asked,
    person: Person,
    fields: Annotated[
        list[PersonalField] | None,
        argument("项目，缺省为全部", "fields, all if left out", metavar="FIELD …"),
    ] = None,
    reason: Reason = "",
) -> None:
    from fof.audit.unmasking import unmask

    opened = unmask(database(), acting(), person, fields or (), reason)
    rows = [{"person": o.person, "field": o.field.value, "value": o.value, "entry": o.entry} for o in opened]
    _printed(journal_documents.PERSONAL_OPENED, rows, asked)


@app.command("erase")
@helped(
    "清除一人的个人信息：账本与承诺值保留，原值不可恢复。",
    "Erase what is stored of a person for good; the journal stays valid.",
)
def erase(person: Person, reason: Reason = "") -> None:
    from fof.audit.unmasking import erase as use_case

    print_booked(use_case(database(), acting(), person, reason))
    print_sentence(
        Text(
            f"{person} 的个人信息已清除；较早的备份仍含其密文，须另行销毁",
            f"personal data of {person} are erased; earlier backups still hold them, encrypted, and must be destroyed",
        )
    )


@app.command("duplicates")
@helped(
    "列出多人共用的证件号码与账号（按盲索引，不解密）。",
    "Identity and bank numbers that several people have, by the blind index; nothing is opened.",
)
@asks("lang json")
def duplicates(asked: Asked) -> None:
    from fof.audit.unmasking import shared_numbers

    rows = [
        {
            "group": number,
            "field": shared.field.value,
            "person": person,
            "institutions": ", ".join(firms) or None,
        }
        for number, shared in enumerate(shared_numbers(database(), acting()), 1)
        for person, firms in shared.people
    ]
    _printed(journal_documents.SHARED_NUMBERS, rows, asked)


def say_without_key() -> None:
    """Say that people stand by code alone, where there is no key."""
    from fof.personal.keyring import without_key

    if (sentence := without_key()) is not None:
        print_sentence(sentence)


def _printed(document: Document, rows: list[dict[str, Any]], asked: Asked) -> None:
    printed(Answer(document, rows, None, readable().head, None), asked)
