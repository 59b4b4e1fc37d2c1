"""The documents of the office: which figures each has, in which order. A command's table, its JSON document and schema,
a page's table, an export and a frame of the library are made from the same declaration.
"""

from __future__ import annotations

from fof.figures.answers import declared, names
from models.text import Text

OPENED = names(
    """
    committed called paid_in distributed registered_paid_in registered_distributed unfunded unfunded_callable
    unfunded_lapsed recallable overdue nav dpi rvpi tvpi paid_in_rate irr gov_direct gov_looked_through
    gov_with_soe leverage_a leverage_b leverage_c
    """
)
"""Figures of a portfolio or of a group of it that open to an explanation."""

PERFORMANCE = declared(
    "performance",
    Text("业绩", "Performance"),
    "Return figures by group, the investor's own: who sold a stake keeps its history and received the price, who bought one paid it; committed, called, unfunded and the registered amounts are the funds' registers. Then by=portfolio (all stakes in funds), by=direct and by=combined where there are direct investments. Where a part of a group has no value, nav, rvpi, tvpi and irr are null and the known_ figures are of the rest.",
    rows="""
        by key label source whose basis with_predecessors committed called paid_in distributed unfunded
        unfunded_callable unfunded_lapsed recallable registered_paid_in registered_distributed nav nav_on
        nav_age_days nav_rolled nav_note paid_in_rate dpi rvpi tvpi irr irr_status irr_roots irr_reading
        irr_period ks_pme direct_alpha known_nav known_paid_in known_dpi known_rvpi known_tvpi known_irr
        known_ks_pme missing missing_count missing_paid_in missing_share
    """,
    head="portfolio index",
    json_only="""
        by source whose basis with_predecessors unfunded recallable registered_paid_in
        registered_distributed nav_note irr_status irr_roots known_nav known_paid_in known_dpi known_rvpi
        known_tvpi known_irr known_ks_pme missing missing_count missing_paid_in missing_share
    """,
    reasons="""
        committed called paid_in distributed unfunded unfunded_callable unfunded_lapsed recallable nav
        paid_in_rate dpi rvpi tvpi irr ks_pme direct_alpha
    """,
    spare="nav_age_days nav_rolled called nav_on unfunded_lapsed",
    meaning="source=figures_from",
)
COMMITMENTS = declared(
    "commitments",
    Text("认缴与缴款", "Commitments"),
    "Commitments by fund or investor; government shares and leverage on fund rows and the total (by=portfolio).",
    rows="""
        by key label whose with_predecessors committed called paid_in distributed unfunded unfunded_callable
        unfunded_lapsed recallable overdue paid_in_rate gov_direct gov_looked_through gov_with_soe
        gov_national gov_province gov_prefecture gov_county soe_counts_as_government leverage_a leverage_b
        leverage_c
    """,
    head="portfolio side",
    json_only="""
        by whose with_predecessors unfunded recallable gov_national gov_province gov_prefecture gov_county
        soe_counts_as_government
    """,
    reasons="""
        committed called paid_in distributed unfunded unfunded_callable unfunded_lapsed recallable overdue
        paid_in_rate gov_direct gov_looked_through gov_with_soe leverage_a leverage_b leverage_c
    """,
    spare="called unfunded_lapsed",
)
LEVERAGE = declared(
    "leverage",
    Text("放大倍数与政府出资占比", "Leverage and government shares"),
    "Leverage by variant with the amounts it divides, and government shares by reading and level, fund by fund; then the portfolio (by=portfolio) and its subtotals by currency.",
    rows="""
        by key label own_committed all_committed non_government to_companies leverage_a leverage_b leverage_c
        gov_direct gov_looked_through gov_with_soe gov_national gov_province gov_prefecture gov_county
        gov_unstated soe_counts_as_government
    """,
    head="portfolio",
    json_only="by gov_national gov_province gov_prefecture gov_county gov_unstated soe_counts_as_government",
    reasons="""
        own_committed all_committed non_government to_companies leverage_a leverage_b leverage_c gov_direct
        gov_looked_through gov_with_soe
    """,
    spare="gov_with_soe non_government own_committed",
)
EXPOSURE = declared(
    "lookthrough",
    Text("穿透持有", "Look-through"),
    "What an owner holds of every fund and company below it, through all paths.",
    rows="kind key label share direct paths cost value",
    head="owner base whose basis",
    reasons="share cost value",
    meaning="""
        kind=held_kind share=looked_through_share direct=direct_share cost=looked_through_cost
        value=looked_through_value
    """,
    section="kind",
)
REACH = declared(
    "paths",
    Text("穿透路径", "Paths"),
    "Every owner behind a company or fund, one row for each path.",
    rows="owner owner_label share path path_share steps",
    head="target base",
    json_only="steps",
    meaning="owner_label=label",
)
EXPLANATION = declared(
    "explain",
    Text("数字来源", "Explanation"),
    "A figure opened: every row that went into each term of its formula.",
    rows="""
        part part_amount table entry line day kind kind_label from to fund amount share document source
    """,
    head="""
        figure by key label formula value amount currency reason whose basis left_out known_value
        known_amount missing
    """,
    json_only="part_amount table line kind fund",
    meaning="part=term part_amount=term_amount source=read_from value=figure_value",
    section="part",
)
STATEMENT = declared(
    "statement",
    Text("资本账户与净值桥", "Statement"),
    "A capital account, or a fund's NAV bridge, as the fund's register has it: opening + flows + results + residual = closing, to the cent. What a seller of a stake was paid, and realised above its carrying value, stands after it (kind sale).",
    rows="name label kind amount postings",
    head="fund investor whose basis start opening_on closing_on residual itemised reason",
    json_only="name kind",
    reasons="amount",
    meaning="name=item_code label=item kind=item_kind",
)
POSITIONS = declared(
    "positions",
    Text("披露持仓", "Positions"),
    "Disclosed positions: the stated multiple beside ours.",
    rows="""
        holder fund label day committed called distributed remaining dpi rvpi tvpi stated_multiple basis
        tolerance difference agrees stated_irr note document entry
    """,
    head="positions compared agreeing exceptions whose basis",
    json_only="fund dpi rvpi note document entry",
    reasons="dpi rvpi tvpi",
    spare="tolerance basis",
    meaning="""
        day=disclosed_on called=disclosed_called basis=multiple_by head.basis=basis
        tolerance=multiple_tolerance difference=multiple_difference
    """,
)
ROLL = declared(
    "roll",
    Text("滚动核对", "Roll-forward"),
    "Positions from one disclosure to a later one: opening + calls - distributions + gain = closing; last row the total.",
    rows="fund label opening calls distributions gain closing restated note",
    head="holder start end restatements whose basis",
    json_only="fund",
)
OVERVIEW = declared(
    "overview",
    Text("待办与提醒", "What needs attention"),
    "Open and overdue calls, old values, closed funds with a value left, terms about to end.",
    rows="what fund label whose investor number day days amount note",
    head="portfolio noticed unnoticed undated",
    meaning="what=duty whose=whose_call number=notice_or_term",
    section="what",
)
FUND = declared(
    "fund",
    Text("基金", "Fund"),
    "One fund: terms in force, cash, holdings, call notices, what its manager reports beside the book, documents.",
    rows="""
        part name label value day whose basis amount open idle_ratio cost multiple stated ours difference entry
        document
    """,
    head="fund label predecessors",
    json_only="name whose basis",
    meaning="name=item_code label=item head.label=label value=content",
    section="part",
)
JOURNAL = declared(
    "journal",
    Text("日记账", "Journal"),
    "Entries, newest first.",
    rows="""
        entry kind kind_label effective_on recorded_at recorded_by approved_by postings reverses reversed_by
        note document key
    """,
    head="count",
    json_only="kind approved_by key",
    meaning="key=entry_key note=entry_note",
)
ENTRY = declared(
    "entry",
    Text("分录", "Entry"),
    "One entry with every row it brought.",
    rows="table line kind from to fund amount content",
    head="""
        entry kind effective_on recorded_at recorded_by approved_by postings reverses reversed_by note
        document key
    """,
    meaning="key=entry_key note=entry_note",
)
USERS = declared(
    "users",
    Text("用户", "Users"),
    "Every user that was ever added, as of the day: without a login one is not active.",
    rows="user name login roles institutions since until",
    meaning="name=user_name institutions=user_institutions since=user_since until=user_until",
)
CHANGES = declared(
    "changes",
    Text("两个时点之间的变化", "Changes"),
    "Effect on the headline figures, then every entry with its part in each amount: new ones, those taken back, those whose part changed. The parts of an amount add up to its change.",
    rows="""
        what name entry day recorded_at before after before_amount after_amount change_amount committed
        called paid_in distributed unfunded nav note
    """,
    head="earlier portfolio",
    json_only="before_amount after_amount",
    meaning="""
        what=change_kind day=effective_on committed=part_committed called=part_called paid_in=part_paid_in
        distributed=part_distributed unfunded=part_unfunded nav=part_nav
    """,
    section="what",
)
IMPORT = declared(
    "import",
    Text("导入", "Import"),
    "What an import did, or with --dry-run would do; or every problem of a refused file.",
    rows="level sheet row rows field found expected code count",
    head="file booked entries already problems first_entry last_entry",
    json_only="row",
    meaning="level=severity code=problem_code entries=new_entries",
    section="level",
)
VERIFICATION = declared(
    "verify",
    Text("核验", "Verification"),
    "Leaves, root, limits, balances and the engine's own check recomputed; what today's door would refuse, entry by entry.",
    rows="check ok entry code detail",
    head="ok root entries postings first_bad wrong",
    json_only="code",
    meaning="code=problem_code",
)
PERSONAL = declared(
    "personal",
    Text("个人信息", "Personal data"),
    "What is stored about people outside the book, masked; without the key nothing is shown of a value.",
    rows="person institutions field masked state since entry",
    meaning="person=person_code institutions=person_institutions field=personal_field masked=masked_value state=personal_state since=personal_since",
)
PERSONAL_OPENED = declared(
    "personal_opened",
    Text("个人信息原值", "Personal data opened"),
    "Values that were opened, each with the entry that says who opened it and why.",
    rows="person field value entry",
    meaning="person=person_code field=personal_field value=personal_value",
)
SHARED_NUMBERS = declared(
    "shared_numbers",
    Text("多人共用的号码", "Shared numbers"),
    "Identity and bank numbers that several people have, found by the blind index: a row for each person, people of one number in one group.",
    rows="group field person institutions",
    meaning="person=person_code group=shared_group field=personal_field institutions=person_institutions",
)
BACKUP = declared(
    "backup",
    Text("备份", "Backup"),
    "What a backup holds, or what a restored book holds, verified after it was written.",
    rows="file identity entries postings",
    head="ok root",
)
BOOKING = declared(
    "booking",
    Text("入账结果", "Booking"),
    "Entries a command wrote, or found written.",
    rows="entry state",
    meaning="state=booking_state",
)
_FINDING = """
    rule verdict subject name fund measured threshold measure_unit money_at_stake confidence since state
    later_state owner until reference later_on later_until later_reference later_entry source says level
    event_on rules_on other_verdict
"""
_OF_JSON_ALONE = """
    fund measure_unit confidence until reference later_on later_until later_reference later_entry level
    event_on rules_on other_verdict
"""
_COUNTED = "rules_as_of breach warn unknown pass not_applicable"
AUDIT = declared(
    "audit",
    Text("引导基金合规检查", "Guidance-fund audit"),
    "Findings by money at stake; breaches and warnings unless other verdicts are asked for; counts of all verdicts at the top, and by family of rules.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)
COINVEST_AUDIT = declared(
    "coinvest_audit",
    Text("跟投合规检查", "Co-investment audit"),
    "Findings about staff co-investment: plans, projects, stakes, vehicles, institutions and people, each under the plan of its own day; other_verdict is that of today's terms.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)
POOLS_AUDIT = declared(
    "pools_audit",
    Text("资金池合规检查", "Pools audit"),
    "Findings about risk-compensation pools: agreements, pools, loans, claims and guarantors; loans under the rules of their day of enrolment, other_verdict is that of today's.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)
INSTRUMENTS_AUDIT = declared(
    "instruments_audit",
    Text("专项工具合规检查", "Audit of the small instruments"),
    "Findings about vouchers, subsidies, publicly funded results, deductions and the statistics of the last closed year; vouchers and subsidies under the rules of the day of their decision, other_verdict is that of today's.",
    rows=_FINDING,
    head=_COUNTED,
    json_only=_OF_JSON_ALONE,
    meaning="owner=responsible state=disposition_state",
)
COINVEST_INSTITUTIONS = declared(
    "coinvest_institutions",
    Text("跟投机构一览", "Institutions with co-investment"),
    "Each state venture institution with the indicators of its staff co-investment in all (no year) and by year (PI-11), the whole life of its funds (GF-70) and its findings by verdict.",
    rows="""
        institution name year open joined rate_executive rate_mid_level rate_management_team staff_paid
        institution_paid staff_ratio largest_person price_apart lag_longest exits_apart leavers_overdue
        evidence_share breach unknown warn loss_ratio net_multiple
    """,
    meaning="year=coinvest_year open=projects_open joined=projects_joined",
)
COUNTERFACTUAL = declared(
    "counterfactual",
    Text("不同条件的差额", "What unlike terms were worth"),
    "Gains of staff stakes over the institution: the same money at the institution's price and day, of late payments at the latest price known on the day paid; the same shares at the institution's exit. Listed beside the finding that each puts in numbers; unknown is null with its reason.",
    rows="""
        rule verdict staff_stake person plan institution deal advantage day shares price compared compared_on
        entry realised unrealised
    """,
    json_only="plan institution entry",
    reasons="realised unrealised",
    meaning="""
        shares=shares_more price=compared_price compared=compared_with entry=compared_entry
        realised=gain_realised unrealised=gain_unrealised
    """,
)
COUNTERFACTUAL_SUMS = declared(
    "counterfactual_sums",
    Text("不同条件的差额合计", "What unlike terms were worth, added up"),
    "The same by person, plan or institution: known gains added up, unknown ones counted beside them; null where none is known.",
    rows="by key realised unrealised count unknown",
    json_only="by",
    meaning="realised=gain_realised unrealised=gain_unrealised count=gains_count unknown=gains_unknown",
)
PERSON_CARD = declared(
    "person_card",
    Text("人员卡", "Person card"),
    "A person's stakes beside the institution on the same deal: money, days, price, and what became of it; the institution's multiple is that of all it has in the company. Unknown is null with its reason.",
    rows="""
        staff_stake deal company institution vehicle paid paid_on institution_paid_on days_after price
        institution_price received value gain multiple institution_multiple
    """,
    head="person open joined staff_paid",
    reasons="value gain",
    spare="company vehicle institution_paid_on",
    meaning="""
        open=card_open joined=card_joined paid=stake_paid paid_on=stake_paid_on price=stake_price
        received=stake_received value=stake_value gain=stake_gain multiple=stake_multiple
        head.staff_paid=stake_paid
    """,
)
DEAL_CARD = declared(
    "deal_card",
    Text("项目卡", "Deal card"),
    "A deal that staff joined or were offered: everybody on its roster or with a stake, who joined and who did not, money and days.",
    rows="""
        person team_role state chosen_on waiver staff_stake vehicle paid paid_on days_after price
        institution_price
    """,
    head="deal company institution day institution_paid staff_paid open joined multiple",
    spare="waiver vehicle",
    meaning="""
        state=place_state waiver=place_waiver open=card_open joined=card_joined paid=stake_paid
        paid_on=stake_paid_on price=stake_price head.day=deal_day head.multiple=institution_multiple
    """,
)
PARTICIPATION = declared(
    "participation",
    Text("参与率与选择差距", "Participation and the gap of choice"),
    "Places that had to join and did, and the mean multiple of joined companies beside skipped ones, permuted within the year of investment; p is two-sided (the smaller tail doubled) with the one-sided one beside it, none with fewer than five a side. A hint, never a finding.",
    rows="""
        institution person open bound bound_joined excused bound_unknown rate joined companies_joined
        companies_skipped companies_unvalued multiple_joined multiple_skipped multiple_gap p_value p_one_sided
        test
    """,
    reasons="p_value p_one_sided",
    spare="bound_unknown companies_unvalued test excused",
    meaning="open=card_open joined=places_joined rate=bound_rate test=gap_test",
)
RELATIONS = declared(
    "relations",
    Text("关系", "Ties"),
    "Ties around a person, vehicle or company, each with the record that states it and the findings whose rules read that record: the paths that triggered them.",
    rows="source relation target kind code since rules",
    head="centre",
    meaning="source=tie_source target=tie_target kind=tie_record_kind code=tie_record since=tie_since rules=tie_rules",
)
CASE_FILE = declared(
    "case_file",
    Text("案卷", "Case file"),
    "One finding of any rule: the facts and entries it rests on, then what was decided about it and what the rule said at earlier quarter-ends; nothing that the rule read is left out, missing inputs included.",
    rows="part subject what content amount day entry document source state",
    head="""
        rule title verdict subject name working article confidence since event_on owner state until
        money_at_stake
    """,
    meaning="""
        part=case_part what=ground content=ground_value state=ground_state source=read_from
        head.state=disposition_state article=source owner=responsible
    """,
    section="part",
)
AUDIT_CASES = declared(
    "audit_cases",
    Text("审计事项", "Audit cases"),
    "Findings under procedure, those whose day has passed first: where each stands, what is due, and of issued ones loss, responsible post and tolerance. Before they are issued for auditors alone.",
    rows="""
        case rule subject institution step step_on due overdue loss responsible_post tolerance who entry
    """,
    head="cases overdue",
    meaning="""
        case=audit_case step=case_step due=case_due overdue=case_overdue loss=case_loss
        tolerance=case_tolerance who=step_by head.overdue=cases_overdue
    """,
)
REQUEST_LIST = declared(
    "request_list",
    Text("资料需求清单", "Request list"),
    "For every unknown of the co-investment audit what is missing, of which stake, from whom; what was asked and answered.",
    rows="""
        institution stake item rules request asked_on due overdue answer answered_by answered_on
    """,
    head="unasked open",
    meaning="""
        stake=staff_stake item=request_item rules=request_rules due=request_due overdue=request_overdue
        answer=request_answer head.unasked=requests_unasked head.open=requests_open
    """,
)
SAMPLE = declared(
    "sample",
    Text("审计抽样", "Audit sample"),
    "A sample of staff co-investment: the prefix that fixes its population, the seed, the items drawn with their audited values, and what they say of all, each figure with its estimator.",
    rows="item day stratum hits book_amount audited_amount taint entry",
    head="""
        sample institution population method as_of_day population_known_at items amount confidence tolerable
        expected size seed who evaluation
    """,
    meaning="""
        item=sample_item hits=sample_hits population=sample_population method=sample_method
        as_of_day=sample_as_of population_known_at=sample_known_at items=population_items
        head.amount=population_amount confidence=sample_confidence tolerable=sample_tolerable
        expected=sample_expected size=sample_size seed=sample_seed who=step_by evaluation=sample_verdict
    """,
)
SAMPLES = declared(
    "samples",
    Text("审计抽样清单", "Audit samples"),
    "The samples of the book, for auditors alone.",
    rows="sample institution population method as_of_day size seed entry who evaluation",
    meaning="""
        population=sample_population method=sample_method as_of_day=sample_as_of size=sample_size
        seed=sample_seed who=step_by evaluation=sample_verdict
    """,
)
EVIDENCE = declared(
    "evidence",
    Text("证据材料", "Evidence"),
    "The items of evidence that apply to a stake (docs/evidence.md), each with its documents, tested against the stake.",
    rows="id item state code document number day issuer amount file doubts",
    head="stake",
    meaning="id=evidence_id code=evidence_code file=evidence_file item=evidence_item state=evidence_state issuer=evidence_issuer doubts=evidence_doubts stake=staff_stake number=reference",
)
RULES = declared(
    "rules",
    Text("规则库", "Rules"),
    "Coded rules with the version and numbers in force on as_of; with --stats the lists coded, not_checkable and later.",
    rows="""
        rule family title level scope confidence source in_force since until event in_principle parameters
    """,
    json_only="family event",
    meaning="since=in_force_from until=in_force_until",
)
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
