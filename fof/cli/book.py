"""Commands for the book itself: make it, fill it, take files in and out, verify it, serve the screens."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fof.cli.asked import Asked, TableUnit, Why, acting, asks, database
from fof.cli.printed import print_sentence, printed, require_place, write_file
from fof.cli.usage import argument, both, helped, option
from fof.figures import journal_documents
from fof.figures.answers import Answer
from fof.words import today
from models.text import Text, counted, language

if TYPE_CHECKING:
    from fof.db import Database
    from fof.ledger.backup import Stored
    from fof.seeding import Seeded

seed = typer.Typer(
    help=both("载入示例或真实数据。", "Load the demo office or real positions."), no_args_is_help=True
)
Row = dict[str, Any]
IfEmpty = Annotated[
    bool,
    option("--if-empty", "账本已有内容时不载入", "do nothing where the book holds something already"),
]


@helped("建立或升级账本。", "Create or upgrade the book.")
def init() -> None:
    from fof.db import REVISION, open_database
    from fof.environment import Settings

    settings = Settings()
    opened = open_database(settings.url)
    before = opened.init(settings.owner_url or None)
    print_sentence(Text(f"账本就绪：{opened.name}", f"the book is ready: {opened.name}"))
    if before is not None and before != REVISION:
        _proved(opened, before)


def _proved(book: Database, before: str) -> None:
    """After an upgrade the whole book is verified; what is wrong was wrong before, for an upgrade changes no entry."""
    from fof.ledger.verify import verify as use_case

    verification = use_case(book)
    print_sentence(
        Text(
            f"已由版本 {before} 升级，各分录未变，现核验全账",
            f"upgraded from {before}, no entry changed; the book is verified",
        )
    )
    wrong = [
        check for check in verification.problems if check.name != "durability"
    ]  # how a server writes, not what
    for check in wrong:
        print_sentence(check.text)
    if wrong:
        raise typer.Exit(3)


@seed.command("demo")
@helped("载入虚构的示例办公室。", "Load the invented provincial office.")
@asks("json")
def seed_demo(asked: Asked, if_empty: IfEmpty = False) -> None:
    from fof import ledger
    from fof.access import SEED
    from fof.seeding import seed_demo as use_case

    book = database()
    if if_empty and ledger.read(book).head:
        print_sentence(
            Text(
                "账本已有内容，未载入示例",
                "the book holds something already; the demo office was not loaded",
            )
        )
        _seeded(book, [], asked)
        return
    print_sentence(Text("正在载入示例办公室（虚构）……", "loading the invented demo office …"))
    _seeded(book, use_case(book, SEED), asked)


@seed.command("pensions")
@helped("载入养老金真实披露的持仓。", "Load positions that pension systems disclose.")
@asks("json")
def seed_pensions(
    asked: Asked,
    file: Annotated[
        Path | None,
        option(
            "--from",
            "披露文件；缺省用随附的两家养老金",
            "a disclosure file; the shipped one if left out",
            exists=True,
            dir_okay=False,
            metavar="FILE",
        ),
    ] = None,
    if_empty: IfEmpty = False,
) -> None:
    from fof.access import SEED
    from fof.seeding import seed_pensions as use_case

    book = database()
    if if_empty and not _only_demo(book):
        print_sentence(
            Text(
                "账本已有披露持仓或自己的内容，未载入",
                "the book holds positions or something of its own; nothing was loaded",
            )
        )
        _seeded(book, [], asked)
        return
    _seeded(book, use_case(book, SEED, file), asked)


def _only_demo(book: Database) -> bool:
    """Whether the book is empty or began with the demo office, and holds no disclosed position yet."""
    import hashlib

    from fof import ledger
    from fof.seeding import SEEDS

    view = ledger.read(book).view()
    if view.known_at == 0:
        return True
    digests = {hashlib.sha256(p.read_bytes()).hexdigest() for p in (SEEDS / "demo").glob("*.xlsx")}
    return view.entry(1).source_digest in digests and not view.positions


def _seeded(book: Database, seeded: list[Seeded], asked: Asked) -> None:
    from fof import ledger

    for s in seeded:
        print_sentence(
            Text(
                f"{s.file}：新增 {s.entries} 条分录，已有 {s.already} 条",
                f"{s.file}: {counted(s.entries, 'entry')}, {s.already} already there",
            )
        )
    if asked.json:
        rows = [{"level": "entries", "sheet": s.file, "count": s.entries} for s in seeded]
        head = {
            "booked": bool(seeded),
            "entries": sum(s.entries for s in seeded),
            "already": sum(s.already for s in seeded),
        }
        printed(Answer(journal_documents.IMPORT, rows, None, ledger.read(book).head, "CNY", head), asked)


@helped("空白工作簿，附逐列说明与下拉。", "An empty workbook with explanations and drop-downs.")
@asks("lang")
def template(
    asked: Asked,
    layout: Annotated[
        str,
        argument("版式，可用逗号列出多个，all 为全部", "layouts, separated by commas, or all"),
    ],
    out: Annotated[Path, option("--out", "写到", "file to write", "-o", metavar="FILE")],
    unit: Annotated[TableUnit, option("--unit", "金额列的单位", "unit of amount columns")] = TableUnit.YUAN,
) -> None:
    from fof.errors import one_of
    from fof.importers.layouts import LAYOUTS
    from fof.importers.template import template as write

    names = list(LAYOUTS) if layout == "all" else layout.split(",")
    for name in names:
        one_of(name, [*LAYOUTS, "all"], "layout")
    content = write([LAYOUTS[n] for n in names], unit=str(unit), language=asked.language)
    write_file(out, content)


@helped("导入工作簿或 csv：有一处问题就什么都不写。", "Import a file: whole or not at all.")
@asks("lang json")
def import_file(
    asked: Asked,
    file: Annotated[Path, argument("xlsx 或 csv", "xlsx or csv", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, option("--dry-run", "只预览，不入账", "preview only")] = False,
    layout: Annotated[str | None, option("--layout", "全部工作表的版式", "layout of every sheet")] = None,
    mapping: Annotated[
        str | None,
        option(
            "--mapping",
            "列映射：账中保存的名称，或 .toml 文件（入账时保存）",
            "a saved mapping's name, or a .toml file to use and keep",
        ),
    ] = None,
    why: Why = None,
    problems: Annotated[
        Path | None,
        option(
            "--problems",
            "问题逐条写入此工作簿",
            "write every problem into this workbook, one a row",
            metavar="FILE",
            dir_okay=False,
        ),
    ] = None,
) -> None:
    from fof.cli.importing import mapping_asked, pointed_out, previewed
    from fof.errors import Refused
    from fof.intake import Preview, book, import_with_mapping, preview

    target = database()
    try:
        chosen = mapping_asked(target, mapping)
    except Refused as refused:
        previewed(Preview(str(refused.what), "", problems=list(refused.problems)), asked, None, problems)
        raise typer.Exit(2) from None
    read = preview(target, file, layout=layout, mapping=chosen)
    if read.late and not dry_run and not (why or "").strip():
        read.problems += read.late
        read.late = []
    if dry_run or not read.ok:
        previewed(read, asked, None, problems)
        if not read.ok:
            raise typer.Exit(2)
        return
    pointed_out(read)
    if chosen is not None and mapping is not None and mapping.endswith(".toml"):
        done = import_with_mapping(target, acting(), file, chosen, today(), why=why, digest=read.digest)
    else:
        done = book(target, acting(), file, layout=layout, mapping=chosen, digest=read.digest, why=why)
    print_sentence(
        Text(
            f"{read.file}：新增 {len(done.entries)} 条分录，已有 {len(done.already)} 条",
            f"{read.file}: {counted(len(done.entries), 'entry')} booked, {len(done.already)} already there",
        )
    )
    previewed(read, asked, done.entries, problems)


@helped("全账导出为可再导入的工作簿。", "The book as a workbook that can be imported again.")
@asks("as_of known_at")
def export(
    asked: Asked,
    out: Annotated[Path, option("--out", "写到", "file to write", "-o", metavar="FILE")],
) -> None:
    from fof.audit.hidden_entries import unseen_records
    from fof.intake.export import export_workbook, reversed_pairs

    require_place(out)
    view = asked.every_day() if asked.as_of is None else asked.view()
    unseen = unseen_records(view)
    write_file(out, export_workbook(view, unseen.subjects, unseen.judged))
    if unseen.subjects:
        print_sentence(Text("您无权查看的跟投记录未导出", "co-investment that you may not see is not in it"))
    if pairs := reversed_pairs(view):
        print_sentence(
            Text(
                f"已冲销的 {pairs} 条分录及其冲销未导出",
                f"{pairs} reversed entries and their reversals are not in it",
            )
        )


@helped("重算全部叶、根与余额，并运行数据库自检。", "Recompute leaves, root and balances, check the engine.")
@asks("lang json")
def verify(asked: Asked) -> None:
    from fof.db import open_database
    from fof.environment import Settings
    from fof.figures.journal_document import verification_document
    from fof.personal.standing import verify as use_case

    verification = use_case(open_database(Settings().url))
    printed(verification_document(verification), asked)
    if not verification.ok:
        raise typer.Exit(3)


@helped("备份账本：使用中亦可，写后核验。", "Back the book up: consistent while in use, and verified.")
@asks("lang json")
def backup(
    asked: Asked,
    file: Annotated[Path, argument("备份写到（新文件）", "a new file", dir_okay=False)],
) -> None:
    from fof.personal.standing import backup as use_case

    book = database()
    _allowed(book, "read")
    _stored(use_case(book, file), asked)


@helped("用备份恢复账本，恢复后核验。", "Put a backup in the place of the book, and verify it.")
@asks("lang json")
def restore(
    asked: Asked,
    file: Annotated[Path, argument("备份文件", "the backup", dir_okay=False)],
    over: Annotated[
        int | None,
        option(
            "--over",
            "放弃原处较新或不同的账本，须写明其最后一条分录",
            "give up a longer or other book: its last entry",
            min=0,
            metavar="ENTRY",
        ),
    ] = None,
) -> None:
    from fof.db import open_database
    from fof.environment import Settings
    from fof.personal.standing import restore as use_case

    settings = Settings()
    target = open_database(settings.url)
    _allowed(target, "administer")
    _stored(use_case(target, file, over=over, owner_url=settings.owner_url or None), asked)


def _allowed(target: Database, action: str) -> None:
    """NotAllowed where the book has users and they do not let who gives the command do this."""
    from fof import ledger, users
    from fof.errors import FofError

    try:
        target.require_ready()
        view = ledger.read(target).view()
    except FofError:
        return  # nothing there that could be asked; the use case itself says what it finds
    if (refused := users.refusal(view, users.acting(view, today()), action, today())) is not None:
        raise refused


def _stored(done: Stored, asked: Asked) -> None:
    from fof.figures.journal_document import backup_document

    verification = done.verification
    printed(backup_document(done), asked)
    if not verification.ok:
        for check in verification.problems:
            print_sentence(check.text)
        raise typer.Exit(3)


@helped("启动页面（本机 127.0.0.1）。", "Serve the screens on this machine.")
def ui(
    port: Annotated[int, option("--port", "端口", "port", envvar="FOF_PORT", min=1, max=65535)] = 8501,
    browser: Annotated[bool, option("--browser/--no-browser", "打开浏览器", "open the browser")] = False,
) -> None:
    database()
    os.environ["FOF_LANG"] = language()
    opened = ["--browser"] if browser and os.environ.get("FOF_NO_BROWSER") != "1" else []
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "fof.ui.server", "--port", str(port), *opened])  # noqa: S606 - our own interpreter


@helped("编译或载入计算内核，使第一次使用不等待。", "Prepare the kernels, so that no first use waits.")
def warmup() -> None:
    from valuation.warmup import warm

    print_sentence(Text(f"内核就绪：{len(warm())}", f"kernels ready: {len(warm())}"))
