"""Distribution waterfall over thousands of partners, exact to the fen.

The rules (workloads.waterfall_book), in whole fen. Kept per partner: unreturned capital u, all called on the
first day; unpaid preferred return h; what was paid. One event (day, cash):
    h += floor(u * 8 * days / 36500) since the last event; then in this order
    1 capital     min(cash, sum u) by u           3 catch-up  to the manager until it holds floor(20/80 of all
    2 preferred   min(rest, sum h) by h             preferred return paid)
    4 the rest    floor(80 %) to the partners by commitment, what is left to the manager
Every sharing is by largest remainder, ties to the lower index. One unit is one partner of one event.

Peers are the ways a programmer would take: Python int, Decimal (28 digits), Fraction, and numpy float64
rounded to the fen. Slow ones do only the first events, which are the cheaper ones (capital only). The check
compares every partner and event with Python int, and the sums with the cash that came in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks import harness, workloads
from valuation.waterfall import Hurdle, Partners, standard_terms, whole_fund

SAME_RULE = "fof whole_fund"
EXACT_RULE = "fof whole_fund, accrual never floored"

Share = Callable[[int, Sequence[int]], list[int]]
Paid = tuple[list[list[int]], list[int]]
"""Per event: what each partner got, and what the manager got."""


def share_int(total: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    parts = [total * w // whole for w in weights]
    _hand_out(parts, total - sum(parts), lambda i: -(total * weights[i] % whole))
    return parts


def share_decimal(total: int, weights: Sequence[int]) -> list[int]:
    whole = Decimal(sum(weights))
    if not total or not whole:
        return [0] * len(weights)
    quotas = [Decimal(total) * Decimal(w) / whole for w in weights]
    parts = [int(q.quantize(Decimal(1), rounding=ROUND_FLOOR)) for q in quotas]
    _hand_out(parts, total - sum(parts), lambda i: parts[i] - quotas[i])
    return parts


def share_fraction(total: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    quotas = [Fraction(total * w, whole) for w in weights]
    parts = [q.numerator // q.denominator for q in quotas]
    _hand_out(parts, total - sum(parts), lambda i: parts[i] - quotas[i])
    return parts


def _hand_out(parts: list[int], left: int, order: Callable[[int], Any]) -> None:
    """One fen each to the `left` first in `order`, ties to the lower index."""
    if left:
        for i in sorted(range(len(parts)), key=lambda i: (order(i), i))[:left]:
            parts[i] += 1


def loop(book: dict[str, np.ndarray], events: int, share: Share, keep: bool = False) -> Any:
    """The rules, event by event; -> totals (partners, manager), or with `keep` every event apart."""
    commit = book["commit"].tolist()
    capital, due, paid = commit[:], [0] * len(commit), [0] * len(commit)
    manager = caught = preferred = 0
    last = int(book["day"][0])
    history: Paid = ([], [])
    for day, rest in zip(book["day"][:events].tolist(), book["cash"][:events].tolist(), strict=True):
        if day > last:
            due = [h + u * 8 * (day - last) // 36500 for h, u in zip(due, capital, strict=True)]
            last = day
        returned = share(min(rest, sum(capital)), capital)
        capital = [u - x for u, x in zip(capital, returned, strict=True)]
        rest -= sum(returned)
        accrued = share(min(rest, sum(due)), due)
        due = [h - x for h, x in zip(due, accrued, strict=True)]
        rest -= sum(accrued)
        preferred += sum(accrued)
        catch = min(rest, max(0, preferred // 4 - caught))
        caught += catch
        rest -= catch
        to_partners = rest * 80 // 100
        profit = share(to_partners, commit)
        got = [x + y + z for x, y, z in zip(returned, accrued, profit, strict=True)]
        paid = [p + x for p, x in zip(paid, got, strict=True)]
        manager += catch + rest - to_partners
        if keep:
            history[0].append(got)
            history[1].append(catch + rest - to_partners)
    return history if keep else (np.array(paid), manager)


def floats(book: dict[str, np.ndarray], events: int) -> tuple[np.ndarray, int]:
    """float64 yuan, every part rounded to two decimals: quick, and not what came in."""
    commit = book["commit"] / 100
    capital, due, paid = commit.copy(), np.zeros_like(commit), np.zeros_like(commit)
    manager = caught = preferred = 0.0
    last = int(book["day"][0])

    def share(total: float, weights: np.ndarray) -> np.ndarray:
        whole = weights.sum()
        return np.round(total * weights / whole, 2) if whole > 0 and total > 0 else np.zeros_like(weights)

    for day, rest in zip(book["day"][:events].tolist(), (book["cash"][:events] / 100).tolist(), strict=True):
        due += np.floor(capital * 8 * (day - last) / 365) / 100
        last = day
        returned = share(min(rest, capital.sum()), capital)
        rest -= min(rest, capital.sum())
        capital = capital - returned
        accrued_sum = min(rest, due.sum())
        accrued = share(accrued_sum, due)
        due = due - accrued
        rest -= accrued_sum
        preferred += accrued_sum
        catch = min(rest, max(0.0, round(preferred / 4, 2) - caught))
        caught += catch
        rest -= catch
        to_partners = round(rest * 0.8, 2)
        manager += catch + rest - to_partners
        paid = paid + returned + accrued + share(to_partners, commit)
    return np.round(paid * 100).astype(np.int64), round(manager * 100)


def main() -> None:
    for partners in (500, 5_000, 50_000):
        _compare(max(300, int(partners * harness.scale())), events=100)


def _compare(partners: int, events: int) -> None:
    book = workloads.waterfall_book(partners, events)
    names = Partners(tuple(f"LP{i:06d}" for i in range(partners)))
    exact = loop(book, events, share_int, keep=True)

    def ours(floor_each_event: bool) -> Any:
        hurdle = Hurdle("0.08", floor_each_event=floor_each_event)
        terms = standard_terms(carry="0.2", hurdle=hurdle, catch_up=1, leftover_fen="manager")
        return whole_fund(terms, names, book["day"][:1], book["commit"][None, :], book["day"], book["cash"])

    def check(name: str, result: Any) -> dict[str, int]:
        if name == EXACT_RULE:  # not the peers' rule: nothing is dropped between events
            return {
                "sum_off_fen": int(result.to_partners.sum()) + result.to_manager - int(book["cash"].sum())
            }
        if name == SAME_RULE:
            return _check_every_event(result, exact, book["cash"])
        done = {"Decimal": 10, "Fraction": 2}.get(name, events)
        reference = np.sum(exact[0][:done], axis=0)
        off = np.abs(result[0] - reference)
        out = int(result[0].sum()) + result[1] - int(book["cash"][:done].sum())
        return {"partners_off": int((off > 0).sum()), "worst_fen": int(off.max()), "sum_off_fen": out}

    harness.run(
        f"waterfall, {partners} partners",
        {
            "Python int": lambda: loop(book, events, share_int),
            "Decimal": (lambda: loop(book, 10, share_decimal), partners * 10),
            "Fraction": (lambda: loop(book, 2, share_fraction), partners * 2),
            "numpy float64, rounded (inexact)": lambda: floats(book, events),
            SAME_RULE: lambda: ours(True),
            EXACT_RULE: lambda: ours(False),
        },
        size={"partners": partners, "events": events},
        unit="partner-event",
        n=partners * events,
        vers=("numpy", "numba"),
        check=check,
    )


def _check_every_event(result: Any, exact: Paid, cash: np.ndarray) -> dict[str, int]:
    """Every partner of every event, the manager's part, and each event's sum."""
    off = worst = sums = 0
    for payment, partners, manager, amount in zip(result.payments, *exact, cash.tolist(), strict=True):
        gap = np.abs(payment.partners - np.array(partners))
        off += int((gap > 0).sum()) + (payment.manager != manager)
        worst = max(worst, int(gap.max()), abs(payment.manager - manager))
        sums += abs(int(payment.partners.sum()) + payment.manager - amount)
    figures = len(result.payments) * (len(result.partners.codes) + 1)
    return {"figures": figures, "figures_off": off, "worst_fen": worst, "sum_off_fen": sums}
