"""The documents of the year's work and of the evaluation: scores, losses, reinvestment, register; calls, closings, distributions, fees, quarters, clocks."""

from __future__ import annotations

from fof.figures.answers import declared
from models.text import Text

SCORECARD = declared(
    "scorecard",
    Text("绩效评价", "Performance evaluation"),
    "Indicators of one fund with what each brings; the score stands only when every input is there.",
    rows="""
        fund block indicator title state value unit zero full weight points note source scale_source
    """,
    head="fund final score so_far weight_so_far bonus missing refused",
    json_only="indicator unit source scale_source",
    meaning="""
        title=indicator_title state=indicator_state value=measured_value unit=measure_unit source=evidence
        missing=indicators_open
    """,
)


SCORES = declared(
    "scores",
    Text("绩效评价一览", "Performance evaluations"),
    "One row a fund; block points are those that are certain.",
    rows="""
        fund name final score policy compliance results so_far weight_so_far missing missing_names
    """,
    json_only="missing_names",
    meaning="missing=indicators_open",
)


LOSSES = declared(
    "losses",
    Text("容亏统计", "Loss tolerance"),
    "Losses by class, fund and (with --deals) deal against tolerance; no money follows from any of it.",
    rows="""
        by key label loss_class invested returned value realised unrealised lost share tolerance headroom
        headroom_fen state tested_on source
    """,
    json_only="source",
    reasons="lost headroom_fen",
    meaning="by=loss_level returned=proceeds share=loss_ratio state=test_state",
)


WHOLE_LIFE = declared(
    "whole_life",
    Text("国有创投机构全生命周期", "State venture institutions, whole life"),
    "Each state venture institution since its first investment, over all its funds, beside the yearly grades; a loss is no finding.",
    rows="""
        institution name funds invested proceeds realised unrealised loss_ratio net_multiple losses lacking
        grades
    """,
)


REINVESTMENT = declared(
    "reinvestment",
    Text("返投", "Reinvestment"),
    "What contracts owe, per fund and investor; a company counts once for one investor.",
    rows="""
        fund investor multiple achieved base owed recognised shortfall by state against_policy claims twice
    """,
    reasons="shortfall",
    meaning="""
        multiple=multiple_agreed base=reinvestment_base owed=reinvestment_owed by=deadline
        state=contract_state
    """,
)


CLAIMS = declared(
    "reinvestment_claims",
    Text("返投认定", "Reinvestment claims"),
    "Every claim of reinvestment by fund and investor; a company counts once for one investor.",
    rows="fund investor deal company day kind amount factor counted evidence",
    meaning="kind=recognition counted=claim_counted",
)


REGISTER = declared(
    "register",
    Text("登记信息", "National register"),
    "Each fund's update of the national register for a year: whether everything it asks for is there to be signed, what was handed in by when. JSON has the export itself beside the rows, every field of every fund.",
    rows="fund name state filing handed_in_on truth_on count missing",
    head="year period_end due_on days_left can_sign",
    meaning="""
        state=sign_state filing=filing_state count=fields_missing missing=missing_names
        due_on=register_due_on
    """,
)


REGISTER_FIELDS = declared(
    "register_fields",
    Text("登记信息：字段", "National register: fields"),
    "Every field of one fund in the register, what is missing first: its value and where it comes from, or why it has none.",
    rows="name title state value unit why entry",
    head="year fund",
    meaning="""
        name=key title=field state=field_state value=setting_value why=why_missing
    """,
)


CALL = declared(
    "call_plan",
    Text("出资计划", "Capital call plan"),
    "One row an investor; entries is empty for a preview.",
    rows="investor name state commitment due unfunded_before unfunded_after note",
    head="fund total entries",
    meaning="""
        state=call_state unfunded_before=callable_before unfunded_after=callable_after note=reason
        entries=booked_entries
    """,
)


CLAIM_PLAN = declared(
    "claim_plan",
    Text("补偿经办", "Claim step"),
    "What the next step of a claim or its payment moves, to the fen: what the pool paid, its balance, each contributor's, each limit that counts, what is not compensated; entries is empty for a preview.",
    rows="effect_on item before after allowed",
    head="claim day claim_state amount payable uncompensated cut_by entries",
    meaning="before=before_amount after=after_amount allowed=limit_allowed entries=booked_entries",
)
CHASE = declared(
    "chase",
    Text("催缴清单", "Chase list"),
    "",
    rows="investor name fund number due_on due paid open days state",
    head="noticed",
    meaning="days=days_late state=payment_state",
)


CLOSING = declared(
    "closing_plan",
    Text("后续交割", "Later closing"),
    "One row an investor; capital and interest each add up to 0. entries is empty for a preview.",
    rows="""
        investor name commitment_before commitment_after paid_before capital interest net unfunded_before
        unfunded_after
    """,
    head="fund rate moved interest outside entries",
    meaning="capital=catch_up interest=equalisation_interest entries=booked_entries",
)


DISTRIBUTION = declared(
    "distribution_plan",
    Text("分配计划", "Distribution plan"),
    "",
    rows="""
        investor name side capital gain conceded total recallable unfunded_before unfunded_after
    """,
    head="fund cash carry tiers entries",
    meaning="""
        side=investor_side capital=capital_returned gain=gain_paid entries=booked_entries
    """,
)


FEES = declared(
    "fee_run",
    Text("管理费核对", "Fee run"),
    "",
    rows="start end phase computed charged difference",
    head="fund computed charged difference missing",
    reasons="computed",
    meaning="start=period_from end=period_to difference=above_terms missing=missing_terms",
)


CLAWBACK = declared(
    "clawback",
    Text("回拨", "Clawback owed"),
    "One row for each fund that has paid carry, of the whole fund, all its investors together.",
    rows="fund name carry_paid returned profit carry_due shortfall owed at_value",
    reasons="owed at_value",
    meaning="returned=clawback_returned shortfall=investors_lack owed=clawback_owed",
)


QUARTER = declared(
    "quarter", Text("季度检查", "Quarter check"), "", rows="what fund name investor amount note"
)


QUARTER_ROLL = declared(
    "quarter_roll",
    Text("季度滚动", "Quarter rolled forward"),
    "closing = opening + paid_in - distributed + transferred + result; the result is null where the closing value is rolled forward.",
    rows="""
        fund name opening paid_in distributed transferred result closing stated_on rolled note
    """,
    reasons="result closing",
    meaning="""
        opening=opening_nav closing=closing_nav paid_in=quarter_paid_in distributed=quarter_distributed
    """,
)


AFTER = declared(
    "quarter_after",
    Text("结账后", "After the close"),
    "Entries dated on or before the quarter end and recorded after the entries its reports were made from, with what each moved.",
    rows="""
        what entry kind day recorded_at recorded_by committed called paid_in distributed unfunded nav note
    """,
    head="portfolio closed_at close_entry",
    meaning="""
        what=after_kind day=effective_on note=reason committed=part_committed called=part_called
        paid_in=part_paid_in distributed=part_distributed unfunded=part_unfunded nav=part_nav
    """,
    section="what",
)


CLOCKS = declared(
    "clocks",
    Text("期限", "Clocks"),
    "",
    rows="fund name clock started_on due_on days_left reached follows basis",
    meaning="due_on=expires_on basis=source",
)


MERGER = declared(
    "merger_plan",
    Text("重组并入", "Reorganisation"),
    "Totals of predecessors and successor together before, of the successor alone after.",
    rows="fund measure before after gap",
    head="successor entries",
    meaning="before=before_merger after=after_merger entries=booked_entries",
)
