"""Layout: commitments, their amendments and transfers."""

from __future__ import annotations

from fof.importers.columns import DOCUMENT, SOURCE, UNIT, CellType, Column, Layout, amount
from fof.importers.layouts.references import day, fund_code, investor_code, number
from models.kinds import Word


class CommitmentChange(Word):
    """What a row of the commitments sheet does."""

    NEW = "new", "认缴", "新增认缴", "首次认缴", "commitment"
    INCREASE = "increase", "增加认缴", "增资"
    REDUCTION = "reduction", "减少认缴", "减资"
    TRANSFER = "transfer", "转让", "份额转让"


COMMITMENTS = Layout(
    "commitments",
    "认缴",
    "Commitments",
    50,
    (
        fund_code(),
        investor_code(
            "认缴人的主体编号；转让时为转让方。", "Code of the investor; of the seller in a transfer."
        ),
        day(
            "day",
            "签署日",
            "day",
            "认缴日",
            "日期",
            "签署日期",
            "date",
            required=True,
            zh_help="协议生效的日期。",
            en_help="Day the agreement takes effect.",
        ),
        Column(
            "change",
            CellType.WORD,
            "变动类型",
            "change",
            ("类型", "type"),
            required=True,
            words=CommitmentChange,
            help_zh="认缴、增加认缴、减少认缴或转让。",
            help_en="New, increase, reduction or transfer.",
            example="认缴",
        ),
        amount(
            "amount",
            "认缴金额",
            "amount",
            "认缴额",
            "金额",
            "commitment",
            required=True,
            help_zh="本次变动的金额（不是变动后的余额），大于零；减少也写正数。",
            help_en="Amount of this change (not the new balance), above zero; a reduction too.",
            example="100000000",
        ),
        Column(
            "buyer",
            CellType.CODE,
            "受让方编号",
            "buyer",
            ("受让方", "受让人"),
            help_zh="转让时必填。",
            help_en="Required for a transfer.",
        ),
        amount(
            "paid_in_moved",
            "随转实缴",
            "paid-in moved",
            "转让实缴",
            help_zh="随份额转给受让方的实缴历史。",
            help_en="Paid-in history that goes to the buyer.",
        ),
        amount(
            "distributed_moved",
            "随转已分配",
            "distributed moved",
            "转让已分配",
            help_zh="随份额转给受让方的分配历史。",
            help_en="Distribution history that goes to the buyer.",
        ),
        amount(
            "recallable_moved",
            "随转可召回额度",
            "recallable moved",
            "转让可召回",
            help_zh="随份额转给受让方的可召回额度。",
            help_en="Recallable balance that goes to the buyer.",
        ),
        amount(
            "price",
            "转让价款",
            "price",
            "转让对价",
            help_zh="受让方付给转让方的现金。",
            help_en="Cash from buyer to seller.",
        ),
        number(
            "协议编号",
            "agreement",
            "合同编号",
            "编号",
            "agreement number",
            required=False,
            example="HT-2023-017",
            zh_help="有编号时用作防重依据。",
            en_help="Where given, it is what tells a repeated row.",
        ),
        UNIT,
        DOCUMENT,
        SOURCE,
    ),
    aliases=("认缴明细", "认缴登记", "认缴变动"),
    help_zh="每一次认缴、增减与转让一行。",
    help_en="One row for each commitment, change and transfer.",
)
