"""The small instruments of the demo office in the making: rows in one workbook, and the key; both are those of staff_register."""

from __future__ import annotations

import datetime as dt

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
