"""Commands for the files of evidence: put into the encrypted store, opened with an entry, erased."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fof.cli.asked import acting, database
from fof.cli.printed import placed, print_booked, print_sentence, require_place
from fof.cli.usage import argument, both, helped, option
from models.text import Text

evidence_files = typer.Typer(
    help=both("证据文件：加密存放、打开、清除", "files of evidence: stored encrypted, opened, erased"),
    no_args_is_help=True,
)

EvidenceCode = Annotated[
    str,
    argument("证据文件编号", "code of the document of evidence", metavar="EVIDENCE"),
]
FileReason = Annotated[
    str,
    option("--reason", "原因，写入账本，不得含个人信息", "why; it enters the book, no personal data in it"),
]


@evidence_files.command("store")
@helped(
    "把证据文件存入加密库：与登记的摘要值不符的拒收。",
    "Put the file of a document into the encrypted store; refused where it is not the file whose digest is recorded.",
)
def store(
    evidence: EvidenceCode,
    file: Annotated[
        Path,
        argument("文件", "the file", metavar="FILE", exists=True, readable=True, dir_okay=False),
    ],
) -> None:
    from fof.audit.casefile.evidence_files import FILE_BYTES, store_file

    with file.open("rb") as opened:
        content = opened.read(FILE_BYTES + 1)
    booked = store_file(database(), acting(), evidence, content, file.name)
    print_booked(booked)
    if not booked.entries:
        print_sentence(Text("库中已有此文件", "the file is in the store already"))


@evidence_files.command("open")
@helped(
    "打开证据文件：先登记何人、何件、何故，再写出。仅审计人员可用。",
    "Open a file; who, which and why is booked first. For auditors alone.",
)
def open_evidence(
    evidence: EvidenceCode,
    out: Annotated[Path, option("-o", "写到此文件", "the file to write", "--out", metavar="FILE")],
    reason: FileReason = "",
) -> None:
    from fof.audit.casefile.evidence_files import open_file

    require_place(out)
    opened = open_file(database(), acting(), evidence, reason)
    placed(out, opened.content)
    print_sentence(
        Text(f"已登记分录 {opened.entry}，已写入 {out}", f"booked as entry {opened.entry}; wrote {out}")
    )


@evidence_files.command("erase")
@helped(
    "清除证据文件：账本与摘要值保留，文件不可恢复。",
    "Erase a file for good; the journal and its digest stay.",
)
def erase_evidence(evidence: EvidenceCode, reason: FileReason = "") -> None:
    from fof.audit.casefile.evidence_files import erase_file

    print_booked(erase_file(database(), acting(), evidence, reason))
    print_sentence(
        Text(
            f"{evidence} 的文件已清除；较早的备份仍含其密文，须另行销毁",
            f"the file of {evidence} is erased; earlier backups still hold it, encrypted, and must be destroyed",
        )
    )
