"""Layouts of staff co-investment (跟投): plans, people, rosters, declarations, meetings, stakes, payments, evidence."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SINCE, SOURCE, UNIT, CellType, Column, Layout, amount, fact, link
from fof.importers.layouts.shared_columns import registering
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

PLANS = registering(
    "coinvest_plans",
    Text("跟投方案", "Co-investment plans"),
    177,
    S.PLAN,
    "GT-FA-01",
    (link(R.INSTITUTION, example="HLJ-CT-01"),),
    Text(
        "每个方案每个版本一行，自生效日起适用；改版另起一行，留空的内容沿用原值。",
        "One row for each version of a plan; what a new version leaves blank stays as it was.",
    ),
)
EMPLOYMENTS = registering(
    "employments",
    Text("任职", "Employments"),
    178,
    S.EMPLOYMENT,
    "RZ-001",
    (link(R.PERSON, example="RY-001"), link(R.EMPLOYER, example="HLJ-CT-01")),
    Text(
        "每段任职一个编号；岗位、职级、年薪变动时同一编号另起一行。人员只写编号。",
        "One code for each spell; a change of post, group or pay is another row of it. People are named by code only.",
    ),
)
ELIGIBILITIES = registering(
    "eligibilities",
    Text("跟投名单", "Co-investment roster"),
    180,
    S.ELIGIBILITY,
    "MD-001",
    (link(R.DEAL, example="XM-2024-008"), link(R.PERSON, example="RY-001"), link(R.PLAN, example="GT-FA-01")),
    Text("每个项目每人一行：在项目中的角色与选择。", "One row for each project and person."),
)
DECLARATIONS = registering(
    "declarations",
    Text("投资申报", "Declarations"),
    181,
    S.DECLARATION,
    "SB-001",
    (link(R.PERSON, example="RY-001"), link(R.DEAL, example="XM-2024-008")),
    Text("每个项目每人的申报与审查。", "What a person declared for a project, and its review."),
)
MEETINGS = registering(
    "committee_meetings",
    Text("投决会", "Committee meetings"),
    182,
    S.MEETING,
    "TJ-001",
    (link(R.DEAL, example="XM-2024-008"),),
    Text("审议项目的投决会。", "The committee meeting that decided on a project."),
)
BALLOTS = registering(
    "ballots",
    Text("投决表决", "Ballots"),
    183,
    S.BALLOT,
    "BJ-001",
    (link(R.MEETING, example="TJ-001"), link(R.PERSON, example="RY-001")),
    Text("每次会议每位委员一行：披露、回避与表决。", "One row for each meeting and member."),
)
NOMINEES = registering(
    "nominees",
    Text("代持协议", "Nominee agreements"),
    185,
    S.NOMINEE,
    "DC-001",
    (
        link(R.STAFF_STAKE, example="FE-001"),
        link(R.HOLDER, example="RY-001"),
        link(R.BENEFICIARY, example="RY-002"),
    ),
    Text("发现的代持；清理后另起一行写明清理日。", "Holding for another that was discovered, and its end."),
)
KINSHIPS = registering(
    "kinships",
    Text("亲属关系", "Kinships"),
    179,
    S.KINSHIP,
    "QS-001",
    (link(R.PERSON, example="RY-001"), link(R.RELATIVE, example="RY-002")),
    Text("只写人员编号；姓名与证件号码不入账。", "By code only; names and numbers never enter the book."),
)
TIES = registering(
    "business_ties",
    Text("业务往来", "Business ties"),
    186,
    S.BUSINESS_TIE,
    "WL-001",
    (link(R.INSTITUTION, example="HLJ-CT-01"), link(R.COMPANY, example="QY-001")),
    Text(
        "企业与机构的业务往来；年度关联收入与利润每年一行，生效日写年末。",
        "Trade of a company with the institution; related revenue and profit one row a year, dated its end.",
    ),
)
INCIDENTS = registering(
    "incidents",
    Text("泄密事件", "Secrecy incidents"),
    187,
    S.INCIDENT,
    "XM-SJ-01",
    (link(R.PERSON, example="RY-001"), link(R.DEAL, required=False, example="XM-2024-008")),
    Text("泄露项目信息的事件及处理。", "Leaks of project information, and how they were dealt with."),
)
STAKES = registering(
    "staff_stakes",
    Text("跟投份额", "Staff stakes"),
    184,
    S.STAFF_STAKE,
    "FE-001",
    (
        link(R.PERSON, example="RY-001"),
        link(R.DEAL, example="XM-2024-008"),
        link(R.PLAN, example="GT-FA-01"),
        link(R.VEHICLE, required=False, example="PT-001"),
    ),
    Text(
        "每人在每个项目的份额；直接持有的平台留空。所投轮次即该交易的轮次。",
        "A person's stake in a project; blank vehicle: held directly. The round is that of the deal.",
    ),
)
PAYMENTS = registering(
    "coinvest_payments",
    Text("跟投收付", "Co-investment payments"),
    189,
    S.COINVEST_PAYMENT,
    "SF-001",
    (
        link(R.STAFF_STAKE, required=False, example="FE-001"),
        link(R.VEHICLE, required=False, example="PT-001"),
        link(R.DEAL, required=False, example="XM-2024-008"),
        link(
            R.HOLDER,
            required=False,
            meaning=Text("份额转让的受让人。", "Who takes over a stake that is transferred."),
        ),
    ),
    Text(
        "每笔收付一行，生效日为付款日。个人收付写份额编号；平台与企业之间的收付写平台与交易编号。",
        "One row a payment, dated the day of payment. A person's names the stake, a vehicle's the vehicle and the deal.",
    ),
    amount(
        "amount",
        Text("金额", "amount"),
        required=True,
        meaning=Text("收付金额，含费用。", "The money, fees included."),
        example="300000",
    ),
    required=frozenset({"payment_leg"}),
)
EVIDENCE = registering(
    "evidence",
    Text("证据材料", "Evidence"),
    190,
    S.EVIDENCE,
    "ZJ-001",
    (
        link(R.STAFF_STAKE, required=False, example="FE-001"),
        link(R.PERSON, required=False, example="RY-001"),
        link(R.DEAL, required=False, example="XM-2024-008"),
        link(R.PLAN, required=False, example="GT-FA-01"),
        link(R.COINVEST_PAYMENT, required=False, example="SF-001"),
        link(R.REQUEST, required=False, example="XQ-001"),
    ),
    Text(
        "每份证据文件一行；文件本身在加密文件库。",
        "One row for each document; the file lies in the encrypted store.",
    ),
    required=frozenset({"evidence_item"}),
)
REQUESTS = registering(
    "requests",
    Text("资料需求", "Request list"),
    188,
    S.REQUEST,
    "XQ-001",
    (link(R.STAFF_STAKE, required=False, example="FE-001"), link(R.INSTITUTION, example="HLJ-CT-01")),
    Text("每项所缺资料一行；答复另起一行。", "One row for each missing item; an answer is another row."),
)
DEALS_JOINED = Layout(
    "coinvest_deals",
    Text("跟投项目", "Projects with co-investment"),
    176,
    (
        Column(
            "deal",
            CellType.CODE,
            Text("交易编号", "deal"),
            ("项目编号",),
            required=True,
            meaning=Text("机构或其所管基金的交易。", "A deal of the institution or of a fund it manages."),
            example="XM-2024-008",
        ),
        SINCE,
        *(
            fact(name)
            for name in (
                "coinvest_eligible",
                "deal_share_class",
                "deal_shares",
                "deal_fees",
                "total_shares_after",
                "round_shares",
                "round_total",
                "deal_side_terms",
                "signed_on",
                "deal_consent_ref",
                "board_resolution_ref",
                "publicity_from",
                "publicity_until",
                "coinvest_filed_on",
                "appraisal_ref",
                "appraisal_on",
                "appraisal_filing_ref",
                "appraised_price",
            )
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    subject="deal",
    of=S.DEAL,
    meaning=Text(
        "机构一侧的条款与程序：股份、价格、评估、公示、备案。",
        "The institution's side: shares, price, appraisal, publication, filing.",
    ),
)
