"""Layout: commitments, their amendments and transfers."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.shared_columns import day, fund_code, investor_code, number
from models.kinds import Word
from models.text import Text


class CommitmentChange(Word):
    """What a row of the commitments sheet does."""

    NEW = "new", "认缴", "新增认缴", "首次认缴", "commitment"
    INCREASE = "increase", "增加认缴", "增资"
    REDUCTION = "reduction", "减少认缴", "减资"
    TRANSFER = "transfer", "转让", "份额转让"


COMMITMENTS = Layout(
    "commitments",
    Text("认缴", "Commitments"),
    50,
    (
        fund_code(),
        investor_code(
            Text("认缴人的主体编号；转让时为转让方。", "Code of the investor; of the seller in a transfer.")
        ),
        day(
            "day",
            Text("签署日", "day"),
            "认缴日",
            "日期",
            "签署日期",
            "date",
            required=True,
            meaning=Text("协议生效的日期。", "Day the agreement takes effect."),
        ),
        Column(
            "change",
            CellType.WORD,
            Text("变动类型", "change"),
            ("类型", "type"),
            required=True,
            words=CommitmentChange,
            meaning=Text("认缴、增加认缴、减少认缴或转让。", "New, increase, reduction or transfer."),
            example="认缴",
        ),
        amount(
            "amount",
            Text("认缴金额", "amount"),
            "认缴额",
            "金额",
            "commitment",
            required=True,
            meaning=Text(
                "本次变动的金额（不是变动后的余额），大于零；减少也写正数。",
                "Amount of this change (not the new balance), above zero; a reduction too.",
            ),
            example="100000000",
        ),
        Column(
            "buyer",
            CellType.CODE,
            Text("受让方编号", "buyer"),
            ("受让方", "受让人"),
            meaning=Text("转让时必填。", "Required for a transfer."),
        ),
        amount(
            "paid_in_moved",
            Text("随转实缴", "paid-in moved"),
            "转让实缴",
            meaning=Text("随份额转给受让方的实缴历史。", "Paid-in history that goes to the buyer."),
        ),
        amount(
            "outside_moved",
            Text("随转实缴（认缴外）", "paid-in moved, outside commitment"),
            meaning=Text(
                "随份额转出的认缴外实缴（如认缴外管理费），不含在“随转实缴”中；不影响未缴额度。",
                "Paid-in history outside the commitment (a fee outside it), not part of paid-in moved; unfunded stays.",
            ),
        ),
        amount(
            "distributed_moved",
            Text("随转已分配", "distributed moved"),
            "转让已分配",
            meaning=Text("随份额转给受让方的分配历史。", "Distribution history that goes to the buyer."),
        ),
        amount(
            "recallable_moved",
            Text("随转可召回额度", "recallable moved"),
            "转让可召回",
            meaning=Text("随份额转给受让方的可召回额度。", "Recallable balance that goes to the buyer."),
        ),
        amount(
            "price",
            Text("转让价款", "price"),
            "转让对价",
            meaning=Text("受让方付给转让方的现金。", "Cash from buyer to seller."),
        ),
        number(
            Text("协议编号", "agreement"),
            "合同编号",
            "编号",
            "agreement number",
            required=False,
            example="HT-2023-017",
            meaning=Text("有编号时用作防重依据。", "Where given, it is what tells a repeated row."),
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("认缴明细", "认缴登记", "认缴变动"),
    meaning=Text("每一次认缴、增减与转让一行。", "One row for each commitment, change and transfer."),
)
