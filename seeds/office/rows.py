"""What the office's files will say, one record for each line of a workbook. Money in fen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(slots=True)
class Commitment:
    day: dt.date
    fund: str
    investor: str
    change: str  # 认缴, 增加认缴, 减少认缴, 转让
    amount: int
    buyer: str | None = None
    paid_moved: int = 0
    distributed_moved: int = 0
    recallable_moved: int = 0
    price: int = 0
    number: str = ""
    document: str = ""


@dataclass(slots=True)
class Payment:
    """Money that arrived for a call: parts by component, and what is not paid-in capital."""

    day: dt.date
    parts: dict[str, int]
    late_interest: int = 0
    equalisation: int = 0

    @property
    def total(self) -> int:
        return sum(self.parts.values())


@dataclass(slots=True)
class CallLine:
    investor: str
    parts: dict[str, int]
    payments: list[Payment] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    fund: str
    number: str
    notice_on: dt.date
    due_on: dt.date
    lines: list[CallLine]
    document: str = ""


@dataclass(slots=True)
class Distribution:
    fund: str
    number: str
    day: dt.date
    lines: list[tuple[str, dict[str, int]]]
    document: str = ""


@dataclass(slots=True)
class Cash:
    fund: str
    day: dt.date
    kind: str
    counterparty: str
    amount: int
    reference: str


@dataclass(slots=True)
class Deal:
    code: str
    fund: str
    company: str
    day: dt.date
    kind: str
    amount: int | None
    round: str | None = None
    instrument: str | None = None
    share_nano: int | None = None
    post_money: int | None = None
    stage: str | None = None
    route: str | None = None
    buyer: str | None = None


@dataclass(slots=True)
class Valuation:
    """One stated value; `received` says which file it comes in."""

    fund: str
    day: dt.date
    investor: str | None
    company: str | None
    amount: int
    method: str
    received: dt.date
    restated: bool = False
    document: str = ""


@dataclass(slots=True)
class Book:
    """Everything one vehicle leaves behind."""

    commitments: list[Commitment] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    distributions: list[Distribution] = field(default_factory=list)
    cash: list[Cash] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    valuations: list[Valuation] = field(default_factory=list)
