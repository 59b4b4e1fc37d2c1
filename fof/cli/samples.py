"""Commands for audit samples: draw, look, record what was audited, hints."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer

from fof.cli.asked import Asked, RestsOn, WrongOption, acting, asks, database
from fof.cli.printed import print_booked, print_sentence, printed, written
from fof.cli.usage import argument, both, helped, option
from fof.words import today
from models.audit_work import SampleMethod, SamplePopulation
from models.money import decimal_of
from models.text import Text

audit_samples = typer.Typer(help=both("审计抽样", "audit samples"), no_args_is_help=True)


def read_share(text: str) -> Decimal:
    """A share as a decimal, never through a binary float."""
    try:
        return decimal_of(text)
    except ValueError:
        raise WrongOption(Text(f"{text!r}：应为小数，如 0.05", f"{text!r}: a decimal like 0.05")) from None


def _share(flag: str, *of: str) -> Any:
    return option(flag, *of, parser=read_share, metavar="SHARE")


InstitutionCode = Annotated[
    str, option("--institution", "国有创投机构", "state venture firm", metavar="CODE")
]
PopulationOf = Annotated[SamplePopulation, option("--population", "抽样总体", "what is drawn from")]


@audit_samples.command("draw")
@helped(
    "抽取样本：以当前日记账固定总体，抽取并登记种子，再显示项目。",
    "Draw a sample: the journal fixes the population, the seed is recorded, then the items are listed.",
)
@asks("as_of unit lang json")
def draw(
    asked: Asked,
    institution: InstitutionCode,
    population: PopulationOf = SamplePopulation.PAYMENTS,
    method: Annotated[
        SampleMethod, option("--method", "抽样方法", "monetary units or attributes")
    ] = SampleMethod.MONETARY_UNIT,
    confidence: Annotated[Decimal, _share("--confidence", "置信度", "confidence level")] = Decimal("0.95"),
    tolerable: Annotated[Decimal, _share("--tolerable", "可容忍错误率", "tolerable rate")] = Decimal("0.05"),
    expected: Annotated[Decimal, _share("--expected", "预计错误率", "expected rate")] = Decimal(0),
    strata: Annotated[
        int,
        option("--strata", "按金额分层数（属性抽样）", "strata by amount, of attributes", min=1, max=20),
    ] = 1,
) -> None:
    from fof.audit.casefile import audit_samples as samples
    from fof.audit.casefile.samples_document import sample_document

    done = samples.draw_sample(
        database(),
        acting(),
        institution,
        population,
        method,
        asked.day,
        today(),
        confidence,
        tolerable,
        expected,
        strata,
    )
    print_booked(done)
    view = asked.journal().view(max(today(), asked.day))
    own = next(s for s in samples.audit_samples(view) if s.entry == done.entries[0])
    printed(sample_document(view, own), asked)


@audit_samples.command("list")
@helped("样本清单。", "The samples.")
@asks("as_of known_at lang json")
def list_samples(asked: Asked) -> None:
    from fof.audit.casefile import audit_samples as samples
    from fof.audit.casefile.samples_document import samples_document

    view = asked.view()
    printed(samples_document(view, samples.audit_samples(view)), asked)


@audit_samples.command("show")
@helped("一个样本：总体、种子、项目、评价。", "One sample: its population, seed, items, evaluation.")
@asks("as_of known_at unit lang json")
def show(asked: Asked, sample: Annotated[str, argument("样本编号", "code of the sample")]) -> None:
    from fof.audit.casefile import audit_samples as samples
    from fof.audit.casefile.samples_document import sample_document

    view = asked.view()
    printed(sample_document(view, samples.audit_sample(view, sample)), asked)


@audit_samples.command("evaluate")
@helped(
    "登记审定结果并评价：--wrong 项目=审定金额（元），其余与账面一致。",
    "Record what was audited: --wrong ITEM=YUAN for each that differs; the others are as the book has them.",
)
@asks("as_of unit lang json")
def evaluate(
    asked: Asked,
    sample: Annotated[str, argument("样本编号", "code of the sample")],
    wrong: Annotated[
        list[str] | None,
        option("--wrong", "不符的项目与审定金额", "an item that differs", metavar="ITEM=YUAN"),
    ] = None,
    document: RestsOn = "",
) -> None:
    from fof.audit.casefile import audit_samples as samples
    from fof.audit.casefile.samples_document import sample_document
    from models.money import fen_of

    audited = {}
    for part in wrong or ():
        code, mark, yuan = part.partition("=")
        try:
            audited[code] = fen_of(yuan)
        except ValueError:
            mark = ""
        if not mark:
            raise WrongOption(Text(f"{part!r}：写作 项目=金额", f"{part!r}: ITEM=YUAN"), "--wrong")
    print_booked(samples.record_results(database(), acting(), sample, audited, today(), document))
    view = asked.journal().view(max(today(), asked.day))
    printed(sample_document(view, samples.audit_sample(view, sample)), asked)


@audit_samples.command("hints")
@helped(
    "首位数字与重复金额：只作线索，不是审计结论。",
    "First digits and repeated amounts: hints, never findings.",
)
@asks("as_of known_at lang")
def hints(
    asked: Asked, institution: InstitutionCode, population: PopulationOf = SamplePopulation.PAYMENTS
) -> None:
    from fof import users, words
    from fof.audit.casefile import sample_population as payments

    view = asked.view()
    users.require(view, acting(), "read_audit", institution)
    screen = payments.hints(payments.population(view, institution, population))
    lines = [
        f"{digit}  {count:6d}  {expected:8.1f}"
        for digit, (count, expected) in enumerate(zip(screen.digits, screen.expected, strict=True), 1)
    ]
    head = Text("首位  个数  本福特定律", "digit  count  Benford")
    tail = Text("卡方", "chi-square")
    written(
        "\n".join(
            [str(head), *lines, f"{tail} {screen.chi_square:.2f}, p {words.probability(screen.p_value)}", ""]
        )
    )
    for fen, codes in screen.repeated[:20]:
        written(f"{words.amount(fen, '元')} × {len(codes)}: {' '.join(codes[:8])}\n")
    print_sentence(Text("以上只是线索，不是审计结论", "these are hints, never findings"))
