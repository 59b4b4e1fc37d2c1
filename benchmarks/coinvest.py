"""Staff co-investment of a large institution: its workbook imported, and one audit by every rule of co-investment.

2,000 people in 40 vehicles of 50, under one plan; a project is a round of the institution that twenty people of one vehicle
join. For each stake: the offer, the declaration, the payment and a piece of evidence; for each project the meeting with a
ballot, the publicity, and the vehicle's payment into the company. All seeded, nothing planted.

import   BENCH_SCALE x 12,500, 25,000 and 50,000 stakes: workbooks of 12,500 through every check to committed rows; the yardstick
         beside it is a booking of postings of one notice each by the ledger (budget: at most 4x its time for each posting and
         fact that the import booked). What it takes to read the cells into checked rows is measured by itself and stated apart.
audit    all rules of co-investment at one date from a journal just read (budget: 10 s and 1 GiB at 50,000, linear in stakes)

Times are of the processor: others work on the same machine. Each size is done by a process of its own, whose peak memory is that of its audit; its parent times nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import harness
from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.reader import read_file
from fof.importers.template import filled
from fof.intake.files import read_tables
from fof.ledger import Draft, Journal
from models import coinvest as w
from models.kinds import DealKind, EdgeBasis, EntryKind, LegalForm, Ownership, PartyKind
from models.posting_kinds import PostingKind as K
from models.rows import Party, Posting

Row = dict[str, Any]
PEOPLE, A_VEHICLE, A_PROJECT, SIZES = 2_000, 50, 20, (12_500, 25_000, 50_000)
A_FILE = 12_500
"""Stakes of a workbook: what a reader may use of memory and time is limited."""
START, AS_OF = dt.date(2018, 1, 1), dt.date(2026, 9, 30)
SECONDS, MIB, TIMES_A_POSTING = 10.0, 1_024, 4.0
YARDSTICK = 20_000
"""Postings of the booking beside the import."""


def yuan(amount: int) -> Amount:
    return Amount(amount * 100, "CNY")


class Institution:
    """Rows of layouts by layout, of each file; `stakes` is how many people of how many projects make."""

    def __init__(self, stakes: int, seed: int = 7003) -> None:
        self.dice = np.random.Generator(np.random.PCG64(seed))
        self.files: list[dict[str, list[Row]]] = [{}]
        self._firm()
        for n in range(PEOPLE):
            self._person(n)
        for n in range(max(1, stakes // A_PROJECT)):
            if n and not n % (A_FILE // A_PROJECT):
                self.files.append({})
            self._project(n)

    def add(self, layout: str, **cells: Any) -> None:
        self.files[-1].setdefault(layout, []).append({k: v for k, v in cells.items() if v is not None})

    def _firm(self) -> None:
        add = self.add
        add(
            "parties",
            code="CT",
            kind=PartyKind.SOE_VC,
            name="示例创投",
            since=START,
            ownership=Ownership.SOE_WHOLLY_OWNED,
            firm_level_holding=False,
        )
        add(
            "parties",
            code="GP",
            kind=PartyKind.MANAGER,
            name="示例事务公司",
            since=START,
            ownership=Ownership.PRIVATE,
        )
        add("funds", code="F1", kind=PartyKind.SUB_FUND, name="示例基金", since=START, manager="CT")
        for n in range(PEOPLE // A_VEHICLE):
            add(
                "parties",
                code=f"PT{n:02d}",
                kind=PartyKind.HOLDING_VEHICLE,
                name=f"示例平台{n}",
                since=START,
                legal_form=LegalForm.LIMITED_PARTNERSHIP,
                gp="GP",
                vehicle_sponsor="CT",
                vehicle_voting=w.Voting.NONE,
                vehicle_board_seats=0,
            )
        add(
            "coinvest_plans",
            code="FA",
            institution="CT",
            since=START,
            plan_version="1",
            plan_mode=w.PlanMode.MANDATORY,
            eligible_roles=(w.RoleClass.EXECUTIVE, w.RoleClass.MID_LEVEL, w.RoleClass.MANAGEMENT_TEAM),
            basis_doc="国发〔2016〕53号",
            board_approved_on=dt.date(2017, 11, 20),
            party_committee_approved_on=dt.date(2017, 12, 1),
            plan_filed_on=dt.date(2017, 12, 20),
            pilot_exemption_ref="试点〔2017〕1号",
            payment_lag=30,
            payment_lag_unit=w.LagUnit.DAYS,
            late_effect=w.LateEffect.BREACH,
            total_cap_base=w.CapBase.TICKET_AND_STAFF,
            deal_team_floor=D("0.01"),
        )

    def _person(self, n: int) -> None:
        code, vehicle = f"P{n:04d}", f"PT{n // A_VEHICLE:02d}"
        self.add("parties", code=code, kind=PartyKind.PERSON, name=code, since=START)
        self.add(
            "employments",
            code=f"E-{code}",
            person=code,
            employer="CT",
            since=START,
            employed_from=START,
            staff_contract=w.StaffContract.LABOUR,
            contract_from=START,
            insured_from=START,
            role_class=w.RoleClass.MANAGEMENT_TEAM if n % 3 else w.RoleClass.MID_LEVEL,
            annual_pay=yuan(400_000),
            appointed_by=w.AppointedBy.INSTITUTION,
        )
        self.add("edges", owner=code, owned=vehicle, since=START, share=D("0.01"), basis=EdgeBasis.EQUITY)

    def _project(self, n: int) -> None:
        add, dice = self.add, self.dice
        deal, company, vehicle = f"D{n:05d}", f"Q{n:05d}", n % (PEOPLE // A_VEHICLE)
        day = dt.date(2019, 2, 1) + dt.timedelta(int(dice.integers(0, 2_500)))
        met, paid_on = day - dt.timedelta(20), day + dt.timedelta(10)
        price, shares = int(dice.integers(5, 12)), 1_000_000
        add("companies", code=company, name=company, since=START)
        add(
            "deals",
            code=deal,
            fund="F1",
            company=company,
            day=day,
            kind=DealKind.INITIAL,
            amount=yuan(price * shares),
            round="A轮",
        )
        add(
            "coinvest_deals",
            deal=deal,
            since=day,
            coinvest_eligible=True,
            deal_share_class="普通股",
            deal_shares=D(shares),
            deal_fees=yuan(0),
            total_shares_after=D(shares * 20),
            signed_on=day - dt.timedelta(5),
            publicity_from=day + dt.timedelta(7),
            publicity_until=day + dt.timedelta(14),
            coinvest_filed_on=day + dt.timedelta(30),
        )
        add("committee_meetings", code=f"TJ{n:05d}", deal=deal, since=met, met_on=met)
        joined = dice.choice(A_VEHICLE, A_PROJECT, replace=False) + vehicle * A_VEHICLE
        own = [f"P{int(p):04d}" for p in joined]
        add(
            "ballots",
            code=f"B{n:05d}",
            meeting=f"TJ{n:05d}",
            person=own[0],
            since=met,
            attended=True,
            interest_disclosed=True,
            recused=True,
            voted=False,
        )
        ticket = price * shares // 1_000
        for place, person in enumerate(own):
            self._stake(n, place, person, f"PT{vehicle:02d}", met, paid_on, ticket)
        add(
            "coinvest_payments",
            code=f"Z{n:05d}",
            vehicle=f"PT{vehicle:02d}",
            deal=deal,
            payment_leg=w.PaymentLeg.VEHICLE_TO_COMPANY,
            amount=yuan(ticket * len(own)),
            since=paid_on,
            payment_shares=D(ticket * len(own)) / price,
            payment_fees=yuan(0),
            payment_share_class="普通股",
        )

    def _stake(
        self, n: int, place: int, person: str, vehicle: str, met: dt.date, paid_on: dt.date, ticket: int
    ) -> None:
        add, deal, stake = self.add, f"D{n:05d}", f"S{n:05d}-{place:02d}"
        before = met - dt.timedelta(10)
        add(
            "eligibilities",
            code=f"M{n:05d}-{place:02d}",
            deal=deal,
            person=person,
            plan="FA",
            since=before,
            team_role=w.TeamRole.DEAL_TEAM if place < 2 else w.TeamRole.MAY_JOIN,
            choice=w.RosterChoice.JOINED,
            chosen_on=before,
        )
        add(
            "staff_stakes",
            code=stake,
            person=person,
            deal=deal,
            plan="FA",
            vehicle=vehicle,
            since=paid_on - dt.timedelta(10),
            no_side_terms=True,
            no_nominee=True,
            stake_tax_deduction=False,
        )
        add(
            "declarations",
            code=f"SB{n:05d}-{place:02d}",
            person=person,
            deal=deal,
            since=before,
            declared_on=before,
            conflict_declared=False,
            reviewed_on=met,
            review_outcome=w.ReviewOutcome.CLEARED,
        )
        add(
            "coinvest_payments",
            code=f"Z{n:05d}-{place:02d}",
            staff_stake=stake,
            payment_leg=w.PaymentLeg.PERSON_TO_VEHICLE,
            amount=yuan(ticket),
            since=paid_on - dt.timedelta(1),
            money_source=w.MoneySource.SALARY,
            money_proof="工资流水",
            account_holder=person,
        )
        add(
            "evidence",
            code=f"{stake}-1",
            staff_stake=stake,
            since=paid_on,
            evidence_item=next(iter(w.EvidenceItem)),
        )


def booked(url: str, postings: int) -> float:
    """Seconds of a booking of so many postings, one notice each, by the ledger itself."""
    book = Database(url)
    book.init()
    parties: list[Any] = [Party(1, "LP", "social_investor"), Party(2, "F", "sub_fund")]
    kind = int(K.COMMITMENT)
    drafts = [Draft(EntryKind.PARTIES, START, "office", b"", rows=parties)]
    drafts += [
        Draft(
            EntryKind.COMMITMENT,
            START + dt.timedelta(n % 3_000),
            f"notice {n}",
            b"",
            postings=[Posting(kind, 1, 2, 2, None, None, 10**6 + n)],
        )
        for n in range(postings)
    ]
    start = time.process_time()
    ledger.book(book, LOCAL, lambda _view, _ids: ledger.Plan(list(drafts)))
    seconds = time.process_time() - start
    book.close()
    return seconds


def spent(work: Callable[[], object]) -> float:
    """Seconds of the processor, those of the child that opens a workbook included."""
    before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    work()
    after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True))


def one_size(stakes: int, folder: Path, url: str) -> Row:
    """The workbooks of so many stakes, imported; run in a process of its own."""
    made = Institution(stakes)
    rows: Counter[str] = Counter()
    for file in made.files:
        rows.update({name: len(own) for name, own in file.items()})
    contents = [filled([(LAYOUTS[name], own) for name, own in file.items()]) for file in made.files]
    book = Database(url)
    book.init()
    reading = sum(
        spent(lambda c=c: read_tables(read_file(c, "机构.xlsx"), None, None, None)) for c in contents
    )
    seconds = sum(spent(lambda c=c: intake.book(book, LOCAL, c, "机构.xlsx")) for c in contents)
    with book.cursor() as cursor:
        booked_rows = 0
        for table in ("posting", "fact", "subject_fact"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            booked_rows += int(cursor.fetchone()[0])
    book.close()
    yardstick = booked(f"sqlite:///{folder / f'bare-{stakes}.sqlite'}", YARDSTICK)
    return {
        "rows": sum(rows.values()),
        "stakes": rows["staff_stakes"],
        "postings_and_facts": booked_rows,
        "files": len(contents),
        "workbook_mib": sum(map(len, contents)) / 2**20,
        "reading_seconds": reading,
        "seconds": seconds - reading,
        "posting_seconds": yardstick / YARDSTICK,
    }


def one_audit(url: str) -> Row:
    """One audit of the book from a journal just read; run in a process of its own, whose peak is the audit's."""
    book = Database(url)
    begun, start = time.process_time(), time.perf_counter()
    view = Journal(book).refresh().view(AS_OF)
    judged = audit.coinvestment(view)
    seconds, processor = time.perf_counter() - start, time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    verdicts = Counter(f.verdict.value for f in judged.findings)
    return {
        "seconds": seconds,
        "processor_seconds": processor,
        "peak_mib": peak,
        "findings": len(judged.findings),
        "verdicts": dict(sorted(verdicts.items())),
    }


def alone(*arguments: str) -> Row:
    """What a process of its own answers."""
    command = [sys.executable, "-m", "benchmarks.coinvest", *arguments]
    answer: Row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def main() -> None:
    audits: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as kept:
        for size in SIZES:
            stakes = max(A_PROJECT, int(size * harness.scale()))
            url = f"sqlite:///{Path(kept) / f'stakes-{stakes}.sqlite'}"
            imported = alone("import", str(stakes), kept, url)
            a_posting = imported["posting_seconds"]
            harness.emit(
                workload="coinvest_import",
                peer=f"{stakes} stakes",
                **imported,
                each_over_posting=imported["seconds"] / imported["postings_and_facts"] / a_posting,
                row_over_posting=imported["seconds"] / imported["rows"] / a_posting,
                budget=TIMES_A_POSTING,
            )
            judged = alone("audit", url)
            audits.append((stakes, judged["processor_seconds"]))
            harness.emit(
                workload="coinvest_audit",
                peer=f"{stakes} stakes",
                **judged,
                us_per_stake=judged["processor_seconds"] / stakes * 1e6,
                budget_seconds=SECONDS,
                budget_mib=MIB,
            )
    (few, short), (many, long) = audits[0], audits[-1]
    harness.emit(
        workload="coinvest_audit",
        peer=f"{many} stakes over {few}, per stake",
        ratio=(long / many) / (short / few),
        budget=1.2,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["import"]:
        print(json.dumps(one_size(int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])))
    elif sys.argv[1:2] == ["audit"]:
        print(json.dumps(one_audit(sys.argv[2])))
    else:
        main()
