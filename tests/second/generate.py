"""Random offices, made by the command line alone: workbooks for `fof import`, and the commands of the year's work.

    python -m second.generate SEED sqlite:///BOOK        (in tests/)

A seed gives the same office on every run. In each: two portfolios in yuan and one in dollars, funds in both currencies
under one of them, calls with components inside and outside the commitment, late and missing payments, recallable
distributions, parts of stakes and whole ones sold and given, a later closing, a fund absorbed by another, funds wound
up, a reorganisation, companies bought (as convertibles, too, that are converted later), topped up, sold in part, sold,
handed to the investors in kind and written off, calls paid with land and with shares of companies, and entries taken back.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

Row = dict[str, Any]
FIRST, LAST, MERGED, ABSORBED = 2014, 2024, dt.date(2022, 6, 30), dt.date(2021, 6, 30)
ORDER = (
    "parties",
    "funds",
    "companies",
    "edges",
    "commitments",
    "capital_calls",
    "payments",
    "distributions",
    "deals",
    "fund_cash",
    "valuations",
)


@contextlib.contextmanager
def environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


class Fof:
    """The command line over one book."""

    def __init__(self, url: str, folder: Path) -> None:
        self.environment = {"FOF_DATABASE_URL": url, "FOF_DATA_DIR": str(folder), "FOF_LANG": "en"}

    def run(self, *arguments: str) -> tuple[int, str, str]:
        from fof.cli import main

        out, err = io.StringIO(), io.StringIO()
        with (
            environment(**self.environment),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(list(arguments))
        return code, out.getvalue(), err.getvalue()

    def __call__(self, *arguments: str) -> str:
        """What a command prints; a refusal is an error of the generator."""
        code, out, err = self.run(*arguments)
        if code:
            raise AssertionError(f"fof {' '.join(arguments)}: exit {code}\n{out}{err}")
        return out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))


class Holder:
    """What the office's own books say of one stake, in fen; enough to write valid notices."""

    def __init__(self) -> None:
        self.committed = self.inside = self.outside = self.distributed = self.recallable = 0
        self.open = 0
        """Called and never paid: such a stake is not sold."""

    @property
    def unfunded(self) -> int:
        return self.committed - self.inside + self.recallable


class Office:
    """One random office: rows by year, and what is booked by a command of its own after a year's file."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.without_cash = random.Random(f"without cash {seed}")
        """Conversions and shares in kind have chances of their own."""
        self.things = random.Random(f"things {seed}")
        """And so has what is paid in instead of money."""
        self.received: set[tuple[str, str]] = set()
        """Investors and companies of which they have shares by a distribution in kind."""
        self.years: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self.commands: dict[int, list[list[str]]] = defaultdict(list)
        self.stakes: dict[str, dict[str, Holder]] = defaultdict(lambda: defaultdict(Holder))
        self.worth: dict[str, float] = {}
        self.currency: dict[str, str] = {}
        self.held: dict[str, dict[str, int]] = defaultdict(dict)
        """Percent of companies by fund; 0: sold, or a convertible."""
        self.loans: set[tuple[str, str]] = set()
        self._parties()
        self._funds()
        for year in range(FIRST + 1, LAST + 1):
            self._year(year)

    def add(self, layout: str, when: dt.date, /, **row: Any) -> None:
        self.years[when.year][layout].append({"document": "示例文件", **row})

    def day(self, year: int, first: int, last: int) -> dt.date:
        """A day between two months."""
        return dt.date(year, self.random.randint(first, last), self.random.randint(1, 28))

    # -- who there is -------------------------------------------------------------------------------------------------

    def _parties(self) -> None:
        since = dt.date(FIRST, 1, 2)
        kinds = [
            ("GOV-P", "government", {"government_level": "province"}),
            ("GOV-C", "government", {"government_level": "prefecture"}),
            ("MG", "manager", {}),
            ("BK", "bank", {}),
            ("LP-1", "social_investor", {"ownership": "private"}),
            ("LP-2", "social_investor", {"ownership": "private"}),
            ("LP-3", "soe_vc", {"ownership": "soe_wholly_owned"}),
            ("LP-4", "state_investor", {"ownership": "soe"}),
            ("LU-1", "social_investor", {"ownership": "foreign", "currency": "USD"}),
        ]
        for code, kind, more in kinds:
            self.add("parties", since, code=code, kind=kind, name=f"示例{code}", since=since, **more)
        self.companies = [f"C-{n}" for n in range(1, 7)]
        for code in self.companies:
            self.add("companies", since, code=code, name=f"示例企业{code}", since=since, founded_on=since)
        self.add("edges", since, owner="GOV-P", owned="LP-3", since=since, share="100%", basis="equity")
        self.add("edges", since, owner="LP-1", owned="C-1", since=since, share="12.5%", basis="equity")

    def _funds(self) -> None:
        start = dt.date(FIRST, 2, 3)
        for code, kind, currency in (
            ("GF", "guidance_fund", "CNY"),
            ("PF", "parent_fund", "CNY"),
            ("PU", "parent_fund", "USD"),
        ):
            self.currency[code] = currency
            self.add(
                "funds",
                start,
                code=code,
                kind=kind,
                name=f"示例{code}",
                since=start,
                portfolio="yes",
                currency=currency if currency == "USD" else None,
                vintage=FIRST,
                established_on=start,
                government_level="province" if kind == "guidance_fund" else None,
            )
        for fund, investor in (("GF", "GOV-P"), ("GF", "GOV-C"), ("PF", "GOV-P"), ("PF", "LP-4")):
            self._promise(fund, investor, start, self.random.randint(40, 90) * 1000_0000_00)
        self.funds: dict[str, int] = {}
        for n in range(self.random.randint(4, 6)):
            self._fund(f"F-{n + 1}", "CNY", FIRST + self.random.randint(0, 3))
        self._fund("U-1", "USD", FIRST + 1)

    def _fund(self, code: str, currency: str, year: int) -> None:
        start = dt.date(year, 3, self.random.randint(1, 28))
        self.currency[code], self.funds[code] = currency, year
        self.add(
            "funds",
            start,
            code=code,
            kind="sub_fund",
            name=f"示例{code}",
            since=start,
            currency=currency,
            vintage=year,
            established_on=start,
            strategy=self.random.choice(["angel", "vc", "growth"]),
            status="investing",
            investment_period_end=dt.date(year + 5, 3, 1),
            term_end=dt.date(year + 9, 3, 1),
            first_close_on=start,
        )
        outside = ["LU-1", "PU"] if currency == "USD" else ["LP-1", "LP-2", "LP-3", "LP-4"]
        inside = ["PF"] if currency == "USD" else ["GF", "PF"]
        investors = {self.random.choice(inside), *self.random.sample(outside, 2)}
        if currency == "CNY" and (self.random.random() < 0.5 or code in ("F-1", "F-3")):
            investors |= {"GF", "PF"}
        for investor in sorted(investors):
            self._promise(code, investor, start, self.random.randint(800, 6000) * 1_0000_00)
        self.worth[code] = self.random.uniform(0.6, 1.6)

    def _promise(self, fund: str, investor: str, day: dt.date, fen: int, change: str = "new") -> None:
        self.add(
            "commitments",
            day,
            fund=fund,
            investor=investor,
            day=day,
            change=change,
            **self._money(fund, amount=fen),
        )
        self.stakes[fund][investor].committed += fen

    def _money(self, fund: str, **fen: int | None) -> Row:
        unit = "元" if self.currency[fund] == "CNY" else "美元"
        return {name: None if v is None else v / 100 for name, v in fen.items()} | {"unit": unit}

    # -- a year -------------------------------------------------------------------------------------------------------

    def _year(self, year: int) -> None:
        if year == ABSORBED.year:
            self._absorb()
        alive = {
            fund: year - start
            for fund, start in self.funds.items()
            if year >= start
            and not (fund == "F-1" and year >= ABSORBED.year)
            and not (fund == "F-2" and year >= LAST - 1)
        }
        for fund, age in alive.items():
            if age <= 5:
                self._call(fund, year)
        if year == MERGED.year:
            self._merge()
        for fund, age in alive.items():
            if age >= 1:
                self._deals(fund, year)
            if age >= 3 and self.random.random() < 0.6:
                self._distribution(fund, year)
            if age >= 2 and self.random.random() < 0.35:
                self._transfer(fund, year)
            if self.random.random() < 0.85:
                self._values(fund, year)
        if year == FIRST + 2:
            self._closing(year)
        if year == LAST - 1:
            self._wind_up(year)
        if self.random.random() < 0.5:
            kind = self.random.choice(["valuation", "call_payment"])
            self.commands[year].append(["reverse", kind])

    def _call(self, fund: str, year: int) -> None:
        notice = self.day(year, 4, 5)
        share = self.random.uniform(0.05, 0.16)
        for investor, own in self.stakes[fund].items():
            fen = min(int(own.committed * share), own.unfunded)
            if fen <= 1000_00:
                continue
            fee = fen // self.random.choice([9, 11, 30])
            parts = {"investment": fen - fee, self.random.choice(["fee_inside", "expenses"]): fee}
            outside = fee // 7 if fund == "F-2" and investor.startswith("LP") else 0
            if outside:
                parts["fee_outside"] = outside
            mood = self.random.random()
            paid_on = None if mood < 0.06 else notice + dt.timedelta(days=self.random.randint(3, 60))
            if paid_on and year == MERGED.year:
                paid_on = min(paid_on, MERGED - dt.timedelta(days=2))
            thing = 0
            if paid_on and year != MERGED.year and self.things.random() < 0.15:
                thing = (fen - fee) * self.things.randint(2, 9) // 10
                self._thing(fund, investor, year, notice + dt.timedelta(days=2), thing)
            self.add(
                "capital_calls",
                notice,
                fund=fund,
                number=f"{year}-1",
                notice_on=notice,
                due_on=notice + dt.timedelta(days=30),
                investor=investor,
                paid_on=None if thing else paid_on,
                **self._money(fund, **parts),
            )
            if thing:
                rest = self._money(fund, amount=fen + outside - thing)
                self.add(
                    "payments",
                    notice,
                    fund=fund,
                    number=f"{year}-1",
                    paid_on=paid_on,
                    investor=investor,
                    **rest,
                )
            if paid_on:
                own.inside += fen
                own.outside += outside
            else:
                own.open += fen + outside

    def _thing(self, fund: str, investor: str, year: int, day: dt.date, fen: int) -> None:
        """Land, or shares of a company that the fund has none of, in the place of money."""
        new = [
            c
            for c in self.companies
            if c not in self.held[fund]
            and (investor, c) not in self.received
            and (fund, c) not in self.received
        ]
        number = None
        if new and self.currency[fund] == "CNY" and self.things.random() < 0.6:
            company, share = self.things.choice(new), self.things.randint(2, 8)
            number, self.held[fund][company] = f"{fund}/{company}/{year}K", share
            self.add(
                "deals",
                day,
                code=number,
                fund=fund,
                company=company,
                day=day,
                kind="initial",
                instrument="equity",
                paid_in_kind="yes",
                share=f"{share}%",
                unit="元",
            )
        self.add(
            "payments",
            day,
            fund=fund,
            number=f"{year}-1",
            paid_on=day,
            investor=investor,
            in_kind_deal=number,
            **self._money(fund, in_kind=fen),
        )

    def _distribution(self, fund: str, year: int) -> None:
        day = self.day(year, 8, 8)
        total = sum(own.inside for own in self.stakes[fund].values())
        share = self.random.uniform(0.02, 0.2) * self.worth[fund]
        if not total:
            return
        for investor, own in self.stakes[fund].items():
            fen = int(own.inside * share)
            if fen <= 100_00:
                continue
            again = fen // 5 if self.random.random() < 0.4 else 0
            parts = {
                "return_of_capital": fen // 2,
                "gain": fen - fen // 2 - again,
                "recallable_capital": again or None,
            }
            self.add(
                "distributions",
                day,
                fund=fund,
                number=f"D{year}",
                paid_on=day,
                investor=investor,
                **self._money(fund, **parts),
            )
            own.distributed += fen
            own.recallable += again
            if self.random.random() < 0.1:  # some of it is asked back
                later, fen = day + dt.timedelta(days=20), fen // 8
                self.add(
                    "distributions",
                    later,
                    fund=fund,
                    number=f"R{year}",
                    paid_on=later,
                    investor=investor,
                    **self._money(fund, returned=fen),
                )
                own.distributed -= fen

    def _transfer(self, fund: str, year: int) -> None:
        """A part of a stake, or all of it, with a price or without, to a newcomer or to one who is there."""
        able = [
            i
            for i, own in self.stakes[fund].items()
            if own.committed and own.inside and not own.open and i not in ("GF", "PF", "PU")
        ]
        if self.currency[fund] == "CNY" and year > MERGED.year:
            able += [i for i in ("PF",) if self.stakes[fund][i].inside and not self.stakes[fund][i].open]
        if not able or (fund == "F-3" and year >= ABSORBED.year):
            return
        seller = self.random.choice(sorted(able))
        own = self.stakes[fund][seller]
        others = ["LU-1", "PU"] if self.currency[fund] == "USD" else ["LP-1", "LP-2", "LP-3", "LP-4"]
        buyer = self.random.choice([i for i in others if i != seller])
        day = self.day(year, 10, 11)
        tenths = self.random.choice([2, 3, 5, 10])
        whole = tenths == 10

        def part(fen: int) -> int:
            return fen if whole else fen * tenths // 10

        moved = {
            name: part(getattr(own, name))
            for name in ("committed", "inside", "outside", "distributed", "recallable")
        }
        price = None
        if self.random.random() < 0.6:
            price = int(
                (moved["inside"] - moved["distributed"] / 2)
                * self.random.uniform(0.5, 1.5)
                * self.worth[fund]
            )
        self.add(
            "commitments",
            day,
            fund=fund,
            investor=seller,
            day=day,
            change="transfer",
            buyer=buyer,
            number=f"T{year}-{fund}",
            **self._money(
                fund,
                amount=moved["committed"],
                paid_in_moved=moved["inside"] or None,
                outside_moved=moved["outside"] or None,
                distributed_moved=moved["distributed"] or None,
                recallable_moved=moved["recallable"] or None,
                price=price if price and price > 0 else None,
            ),
        )
        for name, fen in moved.items():
            setattr(own, name, getattr(own, name) - fen)
            there = self.stakes[fund][buyer]
            setattr(there, name, getattr(there, name) + fen)

    def _values(self, fund: str, year: int, worth: float | None = None) -> None:
        day = dt.date(year, 12, 31)
        factor = self.worth[fund] = (
            self.worth[fund] * self.random.uniform(0.85, 1.2) if worth is None else worth
        )
        total = 0
        before = self.stakes["F-1"] if fund == "F-3" and year >= ABSORBED.year else {}
        for investor, own in list(self.stakes[fund].items()):
            there = [own, *([before[investor]] if investor in before else [])]
            inside, back = sum(h.inside for h in there), sum(h.distributed for h in there)
            if not (inside or own.committed):
                continue
            fen = max(0, int(inside * factor - back * 0.6)) if worth is None else 0
            total += fen
            self.add(
                "valuations",
                day,
                fund=fund,
                day=day,
                investor=investor,
                method="reported_nav",
                **self._money(fund, amount=fen),
            )
        if self.random.random() < 0.5 or worth is not None:
            self.add(
                "valuations",
                day,
                fund=fund,
                day=day,
                method="reported_nav",
                **self._money(fund, amount=total),
            )

    def _deals(self, fund: str, year: int) -> None:
        if self.currency[fund] == "USD":
            return
        held = self.held[fund]
        day = self.day(year, 6, 7)
        for company in self.random.sample(self.companies, 2):
            share = held.get(company)
            number = f"{fund}/{company}/{year}"
            mood = self.random.random()
            fen = self.random.randint(100, 900) * 1_0000_00
            common: Row = {"code": number, "fund": fund, "company": company, "day": day}
            if share is None and self.without_cash.random() < 0.3:
                held[company] = 0
                self.loans.add((fund, company))
                self.add(
                    "deals",
                    day,
                    **common,
                    kind="initial",
                    instrument="convertible",
                    **self._money(fund, amount=fen),
                )
            elif (fund, company) in self.loans:
                self.loans.discard((fund, company))
                held[company] = self.without_cash.randint(3, 9)
                self.add(
                    "deals",
                    day,
                    **common,
                    kind="conversion",
                    instrument="equity",
                    share=f"{held[company]}%",
                    unit="元",
                )
            elif share is not None and share > 2 and year > MERGED.year and self.without_cash.random() < 0.4:
                self._in_kind(fund, company, day, fen)
            elif share is None:
                held[company] = self.random.randint(3, 12)
                self.add(
                    "deals",
                    day,
                    **common,
                    kind="initial",
                    share=f"{held[company]}%",
                    round=f"R{year}",
                    instrument="equity",
                    **self._money(fund, amount=fen),
                )
            elif share == 0:
                continue
            elif mood < 0.3:
                more = self.random.randint(1, 4)
                held[company] += more
                self.add(
                    "deals",
                    day,
                    **common,
                    kind="follow_on",
                    share=f"{more}%",
                    round=f"R{year}",
                    instrument="equity",
                    **self._money(fund, amount=fen),
                )
            elif mood < 0.6 and share > 2:
                sold = share // 2
                held[company] -= sold
                self.add(
                    "deals",
                    day,
                    **common,
                    kind="partial_exit",
                    share=f"{sold}%",
                    exit_route="transfer",
                    buyer="LP-2",
                    **self._money(fund, amount=fen),
                )
            elif mood < 0.75:
                held[company] = 0
                self.add(
                    "deals",
                    day,
                    **common,
                    kind="exit",
                    exit_route="buy_back",
                    **self._money(fund, amount=fen),
                )
            elif mood < 0.85:
                held[company] = 0
                self.add("deals", day, **common, kind="write_off", unit="元")
            if held.get(company) and self.random.random() < 0.7:
                end = dt.date(year, 12, 31)
                self.add(
                    "valuations",
                    end,
                    fund=fund,
                    day=end,
                    company=company,
                    method="multiples",
                    **self._money(fund, amount=fen * 2),
                )
        fee = self.random.randint(10, 60) * 1_0000_00
        self.add(
            "fund_cash",
            day,
            fund=fund,
            day=day,
            kind="management_fee",
            counterparty="MG",
            **self._money(fund, amount=fee),
        )

    def _in_kind(self, fund: str, company: str, day: dt.date, fen: int) -> None:
        """All or half of a holding goes to the fund's investors, by what they paid in."""
        investors = {i: own for i, own in self.stakes[fund].items() if own.inside > 0}
        if not investors:
            return
        share = self.held[fund][company]
        part = share if self.without_cash.random() < 0.5 else share // 2
        self.held[fund][company] -= part
        number = f"{fund}/{company}/{day.year}"
        self.add(
            "deals",
            day,
            code=number,
            fund=fund,
            company=company,
            day=day,
            kind="exit" if part == share else "partial_exit",
            exit_route="in_kind",
            share=f"{part}%",
            unit="元",
        )
        whole = sum(own.inside for own in investors.values())
        for investor, own in investors.items():
            worth = fen * own.inside // whole
            if worth:
                self.received.add((investor, company))
                self.add(
                    "distributions",
                    day,
                    fund=fund,
                    number=f"K{day.year}-{company}",
                    paid_on=day,
                    investor=investor,
                    in_kind_deal=number,
                    **self._money(fund, in_kind=worth),
                )
                own.distributed += worth

    # -- once in an office's life ---------------------------------------------------------------------------------------

    def _closing(self, year: int) -> None:
        """A fund of its own with one call, and a newcomer who pays it afterwards."""
        start = dt.date(year, 1, 15)
        self.currency["K-1"] = "CNY"
        self.add(
            "funds",
            start,
            code="K-1",
            kind="sub_fund",
            name="示例K-1",
            since=start,
            vintage=year,
            established_on=start,
            strategy="vc",
            status="investing",
            first_close_on=start,
        )
        for investor in ("GF", "PF", "LP-1"):
            self._promise("K-1", investor, start, self.random.randint(800, 3000) * 1_0000_00)
        for investor, own in self.stakes["K-1"].items():
            fen = own.committed * 3 // 10
            self.add(
                "capital_calls",
                start,
                fund="K-1",
                number=f"{year}-1",
                notice_on=dt.date(year, 2, 1),
                due_on=dt.date(year, 2, 28),
                investor=investor,
                paid_on=dt.date(year, 2, 20),
                **self._money("K-1", investment=fen - fen // 10, fee_inside=fen // 10),
            )
        self.commands[year].append(
            [
                "operations",
                "closing",
                "--fund",
                "K-1",
                "--on",
                f"{year}-09-01",
                "--rate",
                "6%",
                "--join",
                f"LP-2={self.random.randint(500, 2000)}0000",
                "--number",
                "JG-1",
                "--document",
                "示例补充协议",
                "--book",
            ]
        )
        for end in (dt.date(year + 1, 12, 31), dt.date(year + 3, 12, 31)):
            for investor in ("GF", "PF", "LP-1", "LP-2"):
                if not (investor == "GF" and end > MERGED):
                    fen = self.random.randint(200, 900) * 1_0000_00
                    self.add(
                        "valuations",
                        end,
                        fund="K-1",
                        day=end,
                        investor=investor,
                        method="reported_nav",
                        **self._money("K-1", amount=fen),
                    )

    def _absorb(self) -> None:
        """F-1 goes into F-3; whoever was in both has one stake from then on, some have none in F-3."""
        there = self.stakes["F-3"]
        for investor in [
            i for i, own in self.stakes["F-1"].items() if own.committed and not there[i].committed
        ]:
            if (
                self.without_cash.random() < 0.5
            ):  # the others keep their account under the fund that is no more
                self._promise(
                    "F-3", investor, dt.date(ABSORBED.year, 1, 11), self.random.randint(10, 90) * 1_0000_00
                )
        self.add("funds", ABSORBED, code="F-3", kind="sub_fund", since=ABSORBED, successor_of="F-1")

    def _merge(self) -> None:
        self.commands[MERGED.year].append(
            [
                "operations",
                "merge",
                "--from",
                "GF",
                "--into",
                "PF",
                "--on",
                MERGED.isoformat(),
                "--document",
                "示例重组方案",
                "--book",
            ]
        )
        for holders in self.stakes.values():
            if "GF" in holders:
                gone = holders.pop("GF")
                for name, fen in vars(gone).items():
                    setattr(holders["PF"], name, getattr(holders["PF"], name) + fen)

    def _wind_up(self, year: int) -> None:
        fund = "F-2"
        day = dt.date(year, 9, 10)
        for investor, own in self.stakes[fund].items():
            if own.inside:
                fen = own.inside // 3
                self.add(
                    "distributions",
                    day,
                    fund=fund,
                    number="FINAL",
                    paid_on=day,
                    investor=investor,
                    **self._money(fund, gain=fen),
                )
        self._values(fund, year, 0.0)
        self.add(
            "funds",
            dt.date(year, 12, 31),
            code=fund,
            kind="sub_fund",
            since=dt.date(year, 12, 31),
            status="closed",
        )

    # -- booking --------------------------------------------------------------------------------------------------------

    def book(self, fof: Fof, folder: Path, *, initialise: bool = True, last: int = LAST) -> None:
        """Book everything up to a year, each file and command in the order in which it happened."""
        if initialise:
            fof("init")
        for year in [y for y in sorted(self.years) if y <= last]:
            early, late = self._halves(year)
            self._import(fof, folder / f"{year}.xlsx", early)
            for command in self.commands[year]:
                if command[0] == "reverse":
                    self._take_back(fof, command[1])
                else:
                    fof(*command)
            self._import(fof, folder / f"{year}-2.xlsx", late)

    def _halves(self, year: int) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
        """A year's rows before and after the commands of its middle."""
        if year != MERGED.year:
            return self.years[year], {}
        early: dict[str, list[Row]] = defaultdict(list)
        late: dict[str, list[Row]] = defaultdict(list)
        for layout, rows in self.years[year].items():
            for row in rows:
                day = row.get("day") or row.get("paid_on") or row.get("since")
                if layout == "capital_calls":
                    day = row["notice_on"]
                (late if day > MERGED else early)[layout].append(row)
        return early, late

    def _take_back(self, fof: Fof, kind: str) -> None:
        """Take the newest entry of a kind back that can be; a payment is booked again some days later."""
        for newest in fof.json("journal", "list", "--kind", kind, "--live")["rows"][:6]:
            code, *_ = fof.run("reverse", str(newest["entry"]), "--why", "示例：入错账")
            if code:
                continue
            if kind == "call_payment":
                _, fund, number, investor, day = newest["key"].split("/")
                later = dt.date.fromisoformat(day) + dt.timedelta(days=4)
                if (
                    investor == "PF" and later.year == MERGED.year
                ):  # it owes what its predecessor left open, from then on
                    later = max(later, MERGED + dt.timedelta(days=4))
                fof(
                    "operations",
                    "pay",
                    "--fund",
                    fund,
                    "--number",
                    number,
                    "--investor",
                    investor,
                    "--paid-on",
                    later.isoformat(),
                )
            return

    def _import(self, fof: Fof, path: Path, sheets: dict[str, list[Row]]) -> None:
        if not sheets:
            return
        write(path, {name: sheets[name] for name in ORDER if name in sheets})
        fof("import", str(path))


def write(path: Path, sheets: dict[str, list[Row]]) -> None:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for layout, rows in sheets.items():
        sheet = book.add_worksheet(layout)
        names = list(dict.fromkeys(name for row in rows for name, v in row.items() if v is not None))
        sheet.write_row(0, 0, names)
        for n, row in enumerate(rows, start=1):
            for column, name in enumerate(names):
                value = row.get(name)
                if isinstance(value, dt.date):
                    sheet.write_datetime(n, column, dt.datetime(value.year, value.month, value.day))
                elif value is not None:
                    sheet.write(n, column, value)
    book.close()


if __name__ == "__main__":
    folder = Path(sys.argv[2].removeprefix("sqlite:///")).parent
    Office(int(sys.argv[1])).book(Fof(sys.argv[2], folder), folder)
