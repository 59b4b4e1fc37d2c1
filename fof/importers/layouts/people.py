"""Layout of personal data: names, identity and bank numbers and relatives of people whom the book knows by code."""

from __future__ import annotations

from fof.importers.columns import SINCE, CellType, Column, Layout
from models.kinds import PersonalField
from models.text import Text


def _field(of: PersonalField, meaning: Text, example: str, *aliases: str) -> Column:
    return Column(
        of.value, CellType.TEXT, Text(of.zh, of.en.lower()), aliases, meaning=meaning, example=example
    )


PERSONAL_DATA = Layout(
    "personal_data",
    Text("个人信息", "Personal data"),
    196,
    (
        Column(
            "person",
            CellType.CODE,
            Text("人员编号", "person"),
            ("编号", "人员"),
            required=True,
            meaning=Text(
                "账中或本文件“主体”表中个人的编号。",
                "Code of a person of the book, or of this file's sheet of parties.",
            ),
            example="RY-001",
        ),
        SINCE,
        _field(
            PersonalField.NAME,
            Text(
                "真实姓名；“主体”表中只写编号或代称。",
                "The real name; the sheet of parties holds a code or an alias.",
            ),
            "示例甲",
        ),
        _field(
            PersonalField.IDENTITY_NUMBER,
            Text(
                "18 位，校验码须正确（GB 11643）。",
                "Eighteen characters with the right check character (GB 11643).",
            ),
            "11010519491231002X",
            "身份证号",
            "身份证号码",
            "证件号码",
        ),
        _field(
            PersonalField.BANK_NUMBER,
            Text(
                "出资账户的账号，6 至 34 位字母或数字。",
                "Number of the account that pays; 6 to 34 letters or digits.",
            ),
            "6222020000000000000",
            "银行卡号",
            "账号",
        ),
        _field(
            PersonalField.RELATIVES,
            Text("申报的亲属情况，自由填写。", "What was declared of relatives, in free words."),
            "配偶在示例公司任职",
            "亲属",
        ),
    ),
    one_of=(tuple(field.value for field in PersonalField),),
    meaning=Text(
        "姓名、证件与账号只存入账外的加密库，账中只有编号与承诺值；本表须设置密钥（FOF_PERSONAL_KEY_FILE）方可导入。",
        "Goes into the encrypted store beside the book alone; the book holds codes and commitments. Takes the key (FOF_PERSONAL_KEY_FILE).",
    ),
)
