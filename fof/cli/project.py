"""Commands for scenario projections: `fof project SPEC.toml`, `fof project compare`, `fof project backtest`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from fof.cli.asked import Asked, acting, asks
from fof.cli.printed import placed, print_sentence, printed, require_place, written
from fof.cli.usage import argument, both, helped, option
from models.text import Text, counted

if TYPE_CHECKING:
    from fof.figures.answers import Answer
    from fof.scenarios.scenario_cluster import ClusterAddress
    from fof.scenarios.scenario_results import ScenarioResult


class SpecFirst(TyperGroup):
    """A group whose first word may be a specification instead of a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=SpecFirst,
    no_args_is_help=True,
    help=both(
        "情景推演：fof project 情景.toml；比较：fof project compare",
        "Scenario projections: fof project SPEC.toml; fof project compare",
    ),
)

Spec = Annotated[
    Path,
    argument("情景文件（TOML）", "a scenario, a TOML file", exists=True, dir_okay=False),
]
Out = Annotated[
    Path | None,
    option("-o", "写出结果 Parquet 文件", "write the result, Parquet", "--out", dir_okay=False),
]
Workbook = Annotated[
    Path | None,
    option(
        "--xlsx",
        "写出工作簿：输入、预测、摘要、检查",
        "write a workbook: inputs, forecast, summary, checks",
        dir_okay=False,
    ),
]


@app.command("run")
@helped("从账簿现状推演一个情景。", "Run a scenario from the actual book.")
@asks("as_of known_at unit lang json")
def run(
    asked: Asked,
    spec: Spec,
    out: Out = None,
    xlsx: Workbook = None,
    workers: Annotated[
        int | None,
        option("--workers", "线程数，缺省为全部核", "threads, all cores if left out", min=1),
    ] = None,
    resume: Annotated[
        Path | None,
        option(
            "--resume",
            "存放已完成分块的文件夹，中断后由此续算",
            "folder of finished chunks: a run that was stopped goes on from there",
            file_okay=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        option(
            "--scheduler",
            "在 Dask 集群上运行：tcp://主机:端口 或 tls://主机:端口",
            "run on a Dask cluster: tcp://host:port or tls://host:port",
            envvar="FOF_SCHEDULER",
        ),
    ] = None,
    certificates: Annotated[
        Path | None,
        option(
            "--certificates",
            "tls:// 所需证书的文件夹：ca.pem、cert.pem、key.pem",
            "folder of certificates for tls://: ca.pem, cert.pem, key.pem",
            envvar="FOF_CERTIFICATES",
            file_okay=False,
        ),
    ] = None,
    drivers: Annotated[
        bool,
        option(
            "--drivers",
            "一并列出各因素解释的方差比例",
            "the part of the variance that each driver explains, too",
        ),
    ] = False,
) -> None:
    from fof.scenarios.projection import project_scenario
    from fof.scenarios.scenario_chunks import code_version
    from fof.scenarios.scenario_document import beside, result_documents
    from fof.scenarios.scenario_drivers import drivers_document
    from fof.scenarios.scenario_files import scenario_file
    from fof.scenarios.scenario_results import write_result
    from fof.scenarios.scenario_workbook import scenario_workbook

    given = scenario_file(spec.read_bytes(), spec.name, asked.view)
    scenario = given.scenario
    cluster = _cluster(scheduler, certificates, workers)
    for place in (out, xlsx):
        if place is not None:
            require_place(place)
    view, now = asked.view(), dt.datetime.now(dt.UTC)
    if (other := given.other_than(view, code_version())) is not None:
        print_sentence(other)
    result = project_scenario(
        view,
        scenario,
        acting(),
        now,
        workers=workers,
        progress=_progress,
        folder=resume if cluster is None or resume is not None else _unfinished(),
        forget=resume is None,
        cluster=cluster,
    )
    moved = drivers_document(view, scenario) if drivers else None
    if out is not None:
        placed(out, write_result(result))
        print_sentence(str(out))
    if xlsx is not None:
        placed(xlsx, scenario_workbook(result))
        print_sentence(str(xlsx))
    if asked.json:
        more = [] if moved is None else moved.json(asked.language)["rows"]
        tables = beside(result, asked.language) | {"drivers": more}
        printed(result_documents(result)[0], asked, tables)
    else:
        documents = result_documents(result, yearly=True)
        _tables(documents if moved is None else (*documents, moved), asked)
    _identities(result)


def _cluster(scheduler: str | None, certificates: Path | None, workers: int | None) -> ClusterAddress | None:
    """The cluster that options or environment name."""
    from fof.cli.asked import WrongOption
    from fof.scenarios.scenario_cluster import ClusterAddress

    if scheduler is None:
        return None
    if workers is not None:
        alone = Text(
            "--workers 是本机线程数，不与 --scheduler 同用",
            "--workers are threads of this machine and do not go with --scheduler",
        )
        raise WrongOption(alone)
    return ClusterAddress(scheduler, certificates)


def _unfinished() -> Path:
    """Where chunks that came from a cluster lie until their run is whole: a cluster that goes away costs none of them."""
    from fof.environment import Settings

    return Settings().data_dir / "unfinished"


def _tables(answers: tuple[Answer, ...], asked: Asked) -> None:
    for number, answer in enumerate(answers):
        if number:
            written("\n")
        printed(answer, asked)


def _identities(result: ScenarioResult) -> None:
    """What did not hold, on stderr; then our own fault."""
    broken = [check for check in result.checks if not check.holds]
    for check in broken:
        failed = Text(f"恒等式不成立：{check.text.zh}", f"an identity does not hold: {check.text.en}")
        print_sentence(f"{failed} {check.measured:g} > {check.limit:g}")
    if broken:
        raise typer.Exit(3)


def _progress(done: int, paths: int, left: float) -> None:
    """One line that is written over, on a terminal alone."""
    if not sys.stderr.isatty():
        return
    about = Text("", "") if left != left else Text(f"，约余 {left:.0f} 秒", f", about {left:.0f} s left")
    text = Text(f"{done}/{paths} 条路径{about.zh}", f"{done}/{counted(paths, 'path')}{about.en}")
    sys.stderr.write(f"\r{text}\033[K" if done < paths else "\r\033[K")
    sys.stderr.flush()


@app.command("plan")
@helped(
    "求出达到目标的认缴计划（情景文件中的 [plan]），再以蒙特卡洛检验。",
    "The commitment programme that holds the targets of [plan], then run through Monte Carlo.",
)
@asks("as_of known_at unit lang json")
def plan(
    asked: Asked,
    spec: Spec,
    out: Annotated[
        Path | None,
        option(
            "-o", "写出含该计划的情景文件", "write the scenario with the programme", "--out", dir_okay=False
        ),
    ] = None,
) -> None:
    from fof.book.portfolios import portfolio
    from fof.scenarios.programme_document import plan_document, plan_targets_document
    from fof.scenarios.programme_plan import programme_plan
    from fof.scenarios.scenario_builder import scenario_text
    from fof.scenarios.scenario_files import scenario_file

    scenario = scenario_file(spec.read_bytes(), spec.name, asked.view).scenario
    if out is not None:
        require_place(out)
    acting().require("run_scenario")
    view = asked.view()
    solved = programme_plan(view, scenario)
    chosen = portfolio(view, scenario.portfolio)
    programme = plan_document(view, solved, chosen.code, chosen.currency)
    targets = plan_targets_document(view, solved, chosen.currency)
    if out is not None:
        placed(out, scenario_text(solved.scenario).encode("utf-8"))
        print_sentence(str(out))
    if asked.json:
        printed(programme, asked, {"targets": targets.json(asked.language)["rows"]})
    else:
        _tables((programme, targets), asked)


@app.command("save")
@helped(
    "把情景文件作为分录存入账簿：只存输入，不存结果。",
    "Save a scenario in the book as an entry: inputs, never results.",
)
@asks("as_of lang")
def save(asked: Asked, spec: Spec) -> None:
    from fof.cli.asked import database
    from fof.cli.printed import print_booked
    from fof.scenarios.saved_scenarios import save_scenario
    from fof.scenarios.scenario_files import require_fit, scenario_file
    from fof.words import today

    scenario = scenario_file(spec.read_bytes(), spec.name, asked.view).scenario
    require_fit(asked.view(), scenario, spec.name)
    print_booked(save_scenario(database(), acting(), scenario, today()))


@app.command("saved")
@helped(
    "列出账簿中保存的情景；给出编号或名称时写出其情景文件。",
    "The scenarios saved in the book; of one by code or name its file.",
)
@asks("known_at lang json")
def saved(
    asked: Asked,
    code: Annotated[str, argument("编号或名称", "code or name")] = "",
    out: Annotated[
        Path | None,
        option("-o", "写出情景文件", "write its file", "--out", dir_okay=False),
    ] = None,
) -> None:
    from fof.scenarios.saved_scenarios import saved_document, saved_scenario
    from fof.scenarios.scenario_builder import scenario_text

    view = asked.every_day()
    if not code:
        printed(saved_document(view), asked)
        return
    text = scenario_text(saved_scenario(view, code).scenario)
    if out is None:
        written(text)
        return
    require_place(out)
    placed(out, text.encode("utf-8"))
    print_sentence(str(out))


@app.command("compare")
@helped("并列比较推演结果，差异大的在前。", "Results side by side, the largest differences first.")
@asks("unit lang json")
def compare(
    asked: Asked,
    files: Annotated[
        list[Path],
        argument(
            "结果 Parquet 文件，第一个为基准",
            "result files, the first is what others are held against",
            exists=True,
            dir_okay=False,
        ),
    ],
    statistics: Annotated[
        str,
        option("--statistics", "统计量，逗号分隔", "statistics, separated by commas"),
    ] = "p50,probability,c90,below_zero",
) -> None:
    from fof.cli.asked import WrongOption
    from fof.errors import one_of
    from fof.figures.register import members
    from fof.scenarios.scenario_document import comparison_document
    from fof.scenarios.scenario_results import compared_inputs, read_result

    if len(files) < 2:
        raise WrongOption(Text("至少两个结果文件", "two result files at least"))
    wanted = [one_of(name.strip(), members("statistics"), "--statistics") for name in statistics.split(",")]
    results = [read_result(path.read_bytes(), path.name) for path in files]
    answer = comparison_document(results, wanted)
    answer.above = [
        *((r.head.name, f"{r.head.digest} · {r.head.author} · {r.head.made_at}") for r in results),
        *((path, " | ".join(values)) for path, values in compared_inputs(results)),
    ]
    printed(answer, asked)


@app.command("backtest")
@helped(
    "预测与实际：从账簿较早的日子推演，与其后一年对照。",
    "Forecast against actual: projections from earlier days held against the year after.",
)
@asks("as_of known_at portfolio unit lang json")
def backtest(
    asked: Asked,
    spec: Annotated[
        Path | None,
        argument(
            "情景文件，缺省为账簿自身的拟合",
            "a scenario; the book's own fit where it is left out",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    years: Annotated[int, option("--years", "起点个数", "origins, a year apart", min=1, max=40)] = 8,
) -> None:
    from fof.book.portfolios import portfolio
    from fof.scenarios.backtest import backtest as use_case
    from fof.scenarios.scenario_document import backtest_document
    from fof.scenarios.scenario_files import require_fit, scenario_file
    from fof.scenarios.scenario_spec import Scenario

    journal = asked.journal()
    known = asked.known(journal)
    view = journal.view(asked.day, known)
    chosen = asked.chosen(view)
    if spec is None:
        scenario = Scenario(name="book", portfolio=chosen.code, paths=2000)
    else:
        scenario = scenario_file(spec.read_bytes(), spec.name, lambda: view).scenario
        require_fit(view, scenario, spec.name)
        chosen = portfolio(view, scenario.portfolio)
    record = use_case(journal, known, asked.day, scenario, years)
    printed(backtest_document(record, chosen.currency), asked)
