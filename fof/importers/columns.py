"""What a column of a layout is: its names, type, unit, and what it means. One declaration serves the reader,
the template, the explanation sheet, the export and the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from models import kinds
from models.facts import FACTS, SUBJECT_FACTS, FactSpec, FactType
from models.frozen import frozen
from models.subjects import LinkRole, SubjectKind
from models.text import NO_TEXT, Text


class CellType(StrEnum):
    """How the text of a cell is read, and the Python type that comes out.

    CODE, TEXT  str                      AMOUNT   Amount (whole fen of the unit's currency)
    DATE        datetime.date            SHARE    Decimal fraction (20% is 0.2)
    YEAR, INT   int                      NUMBER   Decimal as written (a multiple, a stated rate)
    BOOL        bool                     WORD     member of a closed list, WORDS a tuple of them
    DAYS        tuple of str, each a day as 2024-03-15 (an attribute that is a list of codes)
    CODES       tuple of str             CURRENCY ISO 4217 code
    USCC        str, 18 characters whose check digit is right (GB 32100-2015)
    INDUSTRY    str, section letter and 0, 2, 3 or 4 digits (GB/T 4754-2017); INDUSTRIES a tuple of them
    UNIT        Unit that holds for the amounts of the row whose header states none
    """

    CODE = "code"
    TEXT = "text"
    DATE = "date"
    YEAR = "year"
    INT = "int"
    BOOL = "bool"
    AMOUNT = "amount"
    SHARE = "share"
    NUMBER = "number"
    WORD = "word"
    WORDS = "words"
    CODES = "codes"
    DAYS = "days"
    CURRENCY = "currency"
    USCC = "uscc"
    INDUSTRY = "industry"
    INDUSTRIES = "industries"
    UNIT = "unit"


@frozen
class Column:
    """One column.

    name           identifier, also the English header that csv exports use
    cell           how a cell is read
    text           headers; `aliases` are further headers understood
    required       the header must be there and no cell of it may be blank
    words          the closed list of WORD and WORDS
    only           those members of the list that this layout takes; empty: all
    signed         an amount, share or number that may be negative
    fact           name of the attribute (models.facts) that the cell states, None where it is none
    role           what the party, deal or subject named by the cell is to the subject of the row, None where it is none
    meaning        what it means, for the explanation sheet
    example        a cell as an office would fill it in
    """

    name: str
    cell: CellType
    text: Text
    aliases: tuple[str, ...] = ()
    required: bool = False
    words: type[kinds.Word] | None = None
    only: tuple[kinds.Word, ...] = ()
    signed: bool = False
    fact: str | None = None
    role: LinkRole | None = None
    meaning: Text = NO_TEXT
    example: str = ""

    @property
    def allowed(self) -> tuple[kinds.Word, ...]:
        """The words a cell may hold; empty where the column has no closed list."""
        return self.only or tuple(self.words or ())


@frozen
class Layout:
    """One kind of table an office keeps.

    name, text     identifier and sheet titles; `aliases` are further titles understood
    order          place in the plan: what other layouts refer to comes first; 0: read beside the book, not booked
    one_of         groups of columns of which a row must fill at least one
    subject        column of the party or deal whose attributes a row states from its day `since` on, where that is all a
                   row says: such a layout is planned and exported by its columns; "" where it has a plan of its own
    of             what that column names, a party or a deal
    registers      kind of the subject that the column `code` names and registers, whose links and attributes the other
                   columns state: such a layout is planned and exported by its columns; None where it registers none
    register       a further sheet of the register: its attributes came with no instrument of the sheet's name
    """

    name: str
    text: Text
    order: int
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    meaning: Text = NO_TEXT
    subject: str = ""
    of: SubjectKind = SubjectKind.PARTY
    registers: SubjectKind | None = None
    register: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def amounts(self) -> tuple[str, ...]:
        """The names of the amount columns."""
        return tuple(c.name for c in self.columns if c.cell is CellType.AMOUNT)

    @property
    def facts(self) -> tuple[Column, ...]:
        """The columns whose cells are attributes."""
        return tuple(c for c in self.columns if c.fact is not None)

    @property
    def links(self) -> tuple[Column, ...]:
        """The columns whose cells name what the row's subject is linked to."""
        return tuple(c for c in self.columns if c.role is not None)


_CELL_OF_FACT = {
    FactType.TEXT: CellType.TEXT,
    FactType.DATE: CellType.DATE,
    FactType.FEN: CellType.AMOUNT,
    FactType.INT: CellType.INT,
    FactType.SHARE: CellType.SHARE,
    FactType.NUMBER: CellType.NUMBER,
    FactType.BOOL: CellType.BOOL,
    FactType.WORD: CellType.WORD,
    FactType.WORDS: CellType.WORDS,
    FactType.PARTY: CellType.CODE,
    FactType.CODES: CellType.CODES,
}


def attribute_spec(name: str) -> FactSpec:
    """The attribute of that name, of whatever kind of subject; KeyError names the place it would be declared in."""
    spec = FACTS.get(name) or SUBJECT_FACTS.get(name)
    if spec is None:
        raise KeyError(f"models/facts.py: no attribute {name!r}")
    return spec


def fact(
    name: str,
    *aliases: str,
    meaning: Text = NO_TEXT,
    example: str = "",
    cell: CellType | None = None,
    required: bool = False,
    signed: bool = False,
) -> Column:
    """The column of an attribute: headers, type and closed list come from models.facts."""
    spec = attribute_spec(name)
    return Column(
        name,
        cell or _CELL_OF_FACT[spec.kind],
        spec.text,
        aliases,
        required,
        spec.words,
        signed=signed,
        fact=name,
        meaning=meaning,
        example=example,
    )


def link(
    role: LinkRole,
    *aliases: str,
    name: str = "",
    required: bool = True,
    meaning: Text = NO_TEXT,
    example: str = "",
) -> Column:
    """The column of a link: the code of the party, deal or subject that stands in the role."""
    return Column(
        name or role.value,
        CellType.CODE,
        Text(f"{role.zh}编号", role.en.lower()),
        (role.zh, *aliases),
        required,
        role=role,
        meaning=meaning,
        example=example,
    )


def amount(
    name: str,
    text: Text,
    *aliases: str,
    meaning: Text = NO_TEXT,
    example: str = "",
    required: bool = False,
    signed: bool = False,
) -> Column:
    """An amount column; its unit is stated in the header (“金额（万元）”) or in the row's unit column."""
    return Column(
        name,
        CellType.AMOUNT,
        text,
        aliases,
        required,
        signed=signed,
        meaning=meaning,
        example=example,
    )


UNIT = Column(
    "unit",
    CellType.UNIT,
    Text("金额单位", "unit"),
    ("单位", "计量单位", "amount unit"),
    meaning=Text(
        "表头未写单位的金额列按本列的单位读取；两处都没有则拒绝，不猜测。",
        "Unit of the amounts whose header states none; a unit in neither place is refused, never guessed.",
    ),
    example="万元",
)

DOCUMENT = Column(
    "document",
    CellType.TEXT,
    Text("依据文件", "document"),
    ("文件", "文号", "依据", "source document", "reference document"),
    meaning=Text(
        "文号、合同编号及条款，或报告名称；每个数字可追溯到此。",
        "Number and clause of the document, or the name of the report, that the figures were read from.",
    ),
    example="合伙协议第5.2条",
)

SOURCE = Column(
    "source",
    CellType.TEXT,
    Text("原始来源", "source"),
    ("original source",),
    meaning=Text(
        "导出时填写：原分录读自哪个文件、工作表和行；再导入时随分录保留。自己填表时留空。",
        "Filled by an export: file, sheet and row the entry was read from, kept when it is imported again. Leave it blank.",
    ),
    example="2024.xlsx · 出资通知 · #5",
)

SINCE = Column(
    "since",
    CellType.DATE,
    Text("生效日", "since"),
    ("生效日期", "自", "effective on", "effective_on", "from"),
    required=True,
    meaning=Text(
        "本行所述属性自哪一天起成立。同一主体可多行，每行一个生效日；留空的属性不作陈述，原值继续有效。",
        "The day from which the row's attributes hold. A party may have several rows; a blank states nothing.",
    ),
    example="2023-06-30",
)


def names_of(column: Column) -> Iterable[str]:
    """Every header under which the column is known."""
    return (column.name, column.text.zh, column.text.en, *column.aliases)
