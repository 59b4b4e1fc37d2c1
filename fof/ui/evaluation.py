"""Parts of the evaluation page: loss tolerance, duties of reinvestment, leverage, what the register still lacks."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fof import words
from fof.book.portfolios import Portfolio
from fof.evaluation.evaluation_document import claim_rows, duty_row, institution_row, loss_row
from fof.evaluation.losses import Loss, Losses
from fof.evaluation.national_register import FundRegister, Register
from fof.evaluation.register_document import field_rows, fund_row
from fof.evaluation.reinvestment import Duty
from fof.evaluation.whole_life import Institution
from fof.figures.documents import LEVERAGE
from fof.figures.leverage_document import leverage_document
from fof.figures.operations_documents import LOSSES, REGISTER, REGISTER_FIELDS, REINVESTMENT
from fof.figures.register import members
from fof.ledger import View
from fof.ui import cited, frame, panels, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _

# -- losses -------------------------------------------------------------------------------------------------------


def _loss(by: str, loss: Loss) -> dict[str, Any]:
    """A row; the note says why there is no tolerance, else where it comes from."""
    row = table_rows.row_of(LOSSES, loss_row(by, loss))
    return row if loss.reason else row | {"note": loss.source}


def losses(measured: Losses) -> None:
    """Losses by class, then by fund, the least headroom first, then every deal."""
    say.caption(
        _(
            "容亏率决定是否问责，不动用任何资金；单个项目允许全部损失，不因单个项目或单个年度问责。",
            "Tolerance decides whether people answer for a loss and moves no money; one deal may be lost as a whole, and neither one deal nor one year leads to accountability.",
        )
    )
    states = Counter(loss.state for loss in measured.funds)
    widgets.headline(
        [
            (str(text), str(states[name]), _("基金数", "Number of funds"))
            for name, text in members("test_states").items()
            if states[name]
        ]
    )
    ratios = "share=loss_ratio tolerance headroom headroom_fen"
    money = "invested returned=proceeds value lost realised unrealised"
    test = "tested_on loss_class"
    panels.record_table(
        _("按类别", "By class"),
        [_loss("class", r) for r in measured.classes],
        f"label {ratios} {money} note",
        "losses_classes",
        _("还没有投资。", "Nothing invested yet."),
    )
    by_room = sorted(measured.funds, key=lambda x: (x.headroom != x.headroom, x.headroom))
    panels.record_table(
        _("按基金", "By fund"),
        [_loss("fund", r) for r in by_room],
        f"label state=test_state {ratios} {money} {test} note",
        "losses_funds",
        _("还没有投资。", "Nothing invested yet."),
    )
    _by_deal(measured, money)
    say.caption(
        _(
            "整体亏损 = 已投资 − 已收回 − 估值，盈亏相抵，不小于零；余量 = 容亏率 − 亏损率。",
            "Loss = invested − returned − value, gains set against losses, never below zero; headroom = tolerance − loss share.",
        )
    )


def whole_life(rows: list[Institution]) -> None:
    """State venture institutions since inception over all their funds, beside the yearly grades."""
    columns = """
        name=institution invested proceeds realised unrealised loss_ratio net_multiple lacking=lacking_of
        grades funds
    """
    panels.record_table(
        _("国有创投机构：全生命周期", "State venture institutions: whole life"),
        [_institution(one) for one in rows],
        columns,
        "whole_life",
        _("没有国有创投机构管理的基金。", "No fund is managed by a state venture institution."),
    )
    say.caption(
        _(
            "成立以来全部基金合计；亏损本身不是问题，超过起点的已实现亏损须有尽职材料（GF-70）。",
            "All funds since inception; a loss is no finding, but a realised loss above the threshold needs evidence of diligence (GF-70).",
        )
    )


def _institution(institution: Institution) -> dict[str, Any]:
    lacking = words.DASH if institution.lacking is None else f"{institution.lacking} / {institution.asked}"
    return institution_row(institution) | {"lacking": lacking}


def _by_deal(measured: Losses, money: str) -> None:
    box = cited.box("deals", words.beside(_("按项目", "By deal"), len(measured.deals)), ":material/list:")
    if not box.open:
        return
    with box:
        say.caption(_("供了解，不作单项考核。", "For information: no deal is judged by itself."))
        worst = sorted(measured.deals, key=lambda x: -(x.lost or 0))
        widgets.table(
            f"{_('容亏', 'Loss tolerance')} · {_('按项目', 'By deal')}",
            [_loss("deal", r) for r in worst],
            f"label share=loss_ratio {money} loss_class",
            "losses_deals",
        )


# -- reinvestment -------------------------------------------------------------------------------------------------


def reinvestment(view: View, duties: list[Duty]) -> None:
    """What contracts owe, and what policy says about it; a chosen duty opens to its claims."""
    say.caption(
        _(
            "返投按合同跟踪：到期未达为违约；新设基金约定返投不符合国办发〔2025〕1号导向。",
            "Reinvestment is followed as a contract term: short at the end is a breach; agreed in a new fund it goes against 国办发〔2025〕1号.",
        )
    )
    if not duties:
        say.info(_("没有返投约定。", "No reinvestment is agreed."), icon=":material/inbox:")
        return
    warned = sum(duty.against_policy is True for duty in duties)
    if warned:
        say.warning(
            f"{warned} {_('项约定不符合国办发〔2025〕1号导向：履约与否都须提示', 'duties go against 国办发〔2025〕1号: pointed out whether kept or not')}",
            icon=":material/policy:",
        )
    picked = widgets.table(
        _("返投", "Reinvestment"),
        [_duty(view, duty) for duty in duties],
        """
        fund_name=fund investor_name=investor state=contract_state policy=against_policy
        multiple=multiple_agreed achieved by=deadline shortfall owed=reinvestment_owed recognised base=reinvestment_base twice note
        """,
        "reinvestment_table",
        pick=True,
        cite=widgets.Cited("duty", lambda r: f"{r['fund']}:{r['investor']}"),
    )
    if picked:
        _claims(view, picked["record"])
    else:
        say.caption(_("选中一行，看逐笔认定。", "Choose a row to see its claims."))


def _duty(view: View, duty: Duty) -> dict[str, Any]:
    warned = {
        True: _("不符合导向", "Against policy"),
        False: words.DASH,
        None: _("成立日未知", "Day of establishment unknown"),
    }
    twice = words.listed(words.beside(c.company, c.deal) for c in duty.twice)
    left_out = f"{_('重复认定不计', 'Counted twice, left out:')} {twice}" if twice else None
    names = {f"{who}_name": view.name(view.party(getattr(duty, who)).id) for who in ("fund", "investor")}
    row = table_rows.row_of(REINVESTMENT, duty_row(duty), left_out)
    return row | names | {"policy": warned[duty.against_policy]}


def _claims(view: View, duty: Duty) -> None:
    """Every claim: amount, factor, and whether it counts."""
    rows = [row | {"company": view.name(view.party(row["company"]).id)} for row in claim_rows(duty)]
    columns = "deal company day kind=recognition amount factor counted=claim_counted evidence"
    title = f"{view.name(view.party(duty.fund).id)} → {view.name(view.party(duty.investor).id)}"
    panels.record_table(title, rows, columns, "claims_table", _("还没有认定。", "No claim yet."))


# -- leverage -----------------------------------------------------------------------------------------------------


def multiples(view: View, portfolio: Portfolio) -> None:
    """放大倍数 by variant, never without its name, with the amounts it divides."""
    rows = table_rows.listed(leverage_document(view, portfolio))
    say.caption(
        _(
            "各地公布的放大倍数口径不同，须连同口径一起引用；三种口径的分母都是本组合的认缴。",
            "Publishers use different numerators: quote a multiple with its variant. All three divide by this portfolio's own commitments.",
        )
    )
    panels.leverage_headlines(rows)
    widgets.table(
        f"{portfolio.name} · {_('放大倍数', 'Leverage multiple')}",
        [_multiple(row) for row in rows],
        """
        label=fund leverage_a leverage_b leverage_c own_committed all_committed non_government to_companies
        note
        """,
        "leverage_table",
    )
    say.caption(
        _(
            "现行口径：{}。C（账内到达企业）含账中同一轮的其他投资人。评分表和登记信息的是 C（登记整轮）：以全部引导资金（引导基金、母基金认缴）为分母，按登记的本轮融资总额计算，缺一笔即不计算。",
            "Reading in force: {}. C (in the book) counts other investors of the same round in this book. The scorecard and the register have C (whole rounds): over all guidance money (commitments of guidance and parent funds), of the whole round as recorded; none where one is missing.",
        ).format(panels.soe_reading(rows[-1]))
    )


def _multiple(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the reasons of government shares, which this table has not."""
    why = {name: reason for name, reason in row["reasons"].items() if not name.startswith("gov_")}
    total = {} if row["by"] == "fund" else {"label": named("total")}
    return table_rows.row_of(LEVERAGE, row | {"note": None, "reasons": why} | total)


# -- register -----------------------------------------------------------------------------------------------------


def register(filed: Register) -> None:
    """Can this be signed? Fund by fund; a chosen fund opens to every field, what is missing first."""
    ready = sum(fund.can_sign for fund in filed.funds)
    left = filed.days_left
    over = left is not None and left < 0
    widgets.headline(
        [
            (
                named("can_sign"),
                f"{ready} / {len(filed.funds)}",
                _("全部字段齐备的基金数", "Funds whose fields are complete"),
            ),
            (
                named("register_due_on"),
                words.day(filed.due_on),
                _("年末后六个月内", "Within six months of the year's end"),
            ),
            (
                named("days_past") if over else named("days_left"),
                words.DASH if left is None else str(abs(left)),
                None,
            ),
            (
                named("filed_late"),
                str(sum(fund.late for fund in filed.funds)),
                _(
                    "登记更新或真实性承诺未按期报送的基金数",
                    "Funds whose update or truth commitment was not handed in in time",
                ),
            ),
        ]
    )
    picked = widgets.table(
        f"{_('登记信息', 'Register')} {filed.year}",
        [table_rows.row_of(REGISTER, fund_row(fund)) for fund in filed.funds],
        """
        name state=sign_state filing=filing_state handed_in_on truth_on count=fields_missing
        missing=missing_names fund=key
        """,
        "register_table",
        pick=True,
        cite=widgets.Cited("registered", lambda r: str(r["fund"])),
    )
    if picked:
        _fields(filed, picked["record"])
    else:
        say.caption(
            _(
                "选中一只基金，看它的全部字段、来源和缺失原因。",
                "Choose a fund to see every field, where it comes from, and why one is missing.",
            )
        )
    say.caption(f"{named('period_end')} {filed.period_end} · {frame.provenance(frame.choice())}")


def _fields(filed: Register, fund: FundRegister) -> None:
    """Every field of one fund: the missing ones first, each with why or with where it comes from."""
    panels.record_table(
        f"{fund.name} · {filed.year}",
        [table_rows.row_of(REGISTER_FIELDS, row) for row in field_rows(fund)],
        "title=field state=field_state value=setting_value unit why=why_missing entry name=key",
        "register_fields",
        _("没有。", "None."),
    )
