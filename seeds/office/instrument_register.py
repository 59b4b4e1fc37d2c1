"""The small instruments of the demo office in the making: rows in one workbook, and the key; both are those of staff_register."""

from __future__ import annotations

import datetime as dt

from office.names import CITIES, INDUSTRIES, credit_code
from office.staff_register import StaffRegister

LAB, TESTER = "FW-01", "FW-02"
"""Who sells services to firms."""
FIRST, FIRMS = 3101, 8
"""Number of the first firm of these instruments, and how many there are; those outside of all follow."""


def firm(number: int) -> str:
    """The code of a firm of these instruments, from 1."""
    return f"QY-{FIRST + number - 1}"


class InstrumentRegister(StaffRegister):
    """Rows of the small instruments, and their key."""

    def registered(self, number: int, founded: dt.date, steps: tuple[int, int], audited: bool | None) -> str:
        """The code of a firm that is registered here; its city and industry go round by these steps. audited: it is resident and its
        accounts are audited."""
        cities, classes = list(CITIES), list(INDUSTRIES)
        code = firm(number)
        city, industry = cities[number * steps[0] % len(cities)], classes[number * steps[1] % 30]
        self.add(
            "companies",
            code=code,
            name=f"示例{CITIES[city][1]}{INDUSTRIES[industry][0]}{number:02d}公司",
            since=founded,
            uscc=credit_code(3100 + number, city),
            province="黑龙江省",
            city=city,
            industry=industry,
            founded_on=founded,
            resident=audited,
            audited_accounts=audited,
        )
        return code

    def figures(self, company: str, of: int, **cells: int) -> None:
        """A company's figures of a year."""
        self.rows.append(("company_years", {"company": company, "year": of, **cells}, of))

    def states(self, party: str, attribute: str, on: dt.date, value: int | str) -> None:
        """An attribute of a party that no other sheet has a column for; amounts in fen."""
        amount = isinstance(value, int)
        self.add(
            "attributes",
            subject=party,
            attribute=attribute,
            since=on,
            value=f"{value / 100:.2f}" if isinstance(value, int) else value,
            unit="元" if amount else None,
        )
