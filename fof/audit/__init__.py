"""The audits over the book, of the guidance fund, of staff co-investment, of pools and of the small instruments: facts gathered for the rules, findings with state and owner, dispositions.

gather and its parts       facts of one day for fof.rules, each gathered when it is first asked for (on_demand)
coinvestment               the register of staff co-investment as its rules judge it
pools                      agreements, pools, loans, claims and guarantors as their rules judge them
instruments                vouchers, subsidies, results, deductions and statistics as their rules judge them
casefile                   one finding as an auditor's file: what it rests on, its working and history
auditor, findings, since   the audit of a day, of many days, since when
dispositions, settings     what officers write: decisions about findings, funds' own numbers
dry_run, worlds            what a deal or commitment would add (laid on the prefix); two rule worlds and why they differ
collector                  the garbage collector waits while an audit is made
"""

from fof.audit.auditor import coinvestment, guidance, instruments, over_time, pools
from fof.audit.dispositions import dispose
from fof.audit.dry_run import FindingChange, ProposedCommitment, ProposedDeal, would
from fof.audit.findings import (
    DISMISSED,
    STATES,
    Audit,
    AuditFinding,
    State,
    by_money,
    counts,
    currencies,
    matrix,
)
from fof.audit.portfolios import at_stake, concerning, of_portfolio
from fof.audit.rule_numbers import set_parameter
from fof.audit.since import with_since
from fof.audit.worlds import Difference, Worlds, compare_worlds

__all__ = [
    "DISMISSED",
    "STATES",
    "Audit",
    "AuditFinding",
    "FindingChange",
    "Difference",
    "ProposedCommitment",
    "ProposedDeal",
    "State",
    "Worlds",
    "at_stake",
    "by_money",
    "counts",
    "currencies",
    "coinvestment",
    "compare_worlds",
    "concerning",
    "dispose",
    "guidance",
    "instruments",
    "matrix",
    "of_portfolio",
    "over_time",
    "pools",
    "set_parameter",
    "with_since",
    "would",
]
