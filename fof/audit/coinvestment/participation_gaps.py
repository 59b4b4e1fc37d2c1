"""Were the good deals picked? Participation of those who must join, and how joined companies did beside skipped ones (CI-20).

Compared are companies, not rounds: one counts as joined where any of its projects was joined. Its figure is the multiple of all that the
institution and the vehicles it manages have in it on the as-of day, (received + value) / invested, to four places. Whether the mean
of the joined ones lies off that of the skipped ones by more than chance is asked by a permutation test within the year of the
institution's first payment (valuation.permutation: two-sided, the smaller tail doubled; exact up to a million arrangements, else
random ones of a fixed seed). With fewer than five a side, or where no year has both, there is no p. A low p is a hint, never a finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from math import comb, prod

from fof.access import Actor
from fof.audit.coinvestment.person_cards import Cards, visible_projects
from fof.audit.coinvestment.register import institutions
from fof.book.reading import Reason
from fof.errors import Unknown
from fof.ledger import View
from fof.rules.facts_coinvest import ParticipationFacts, ProjectFacts
from fof.users import unseen
from models.frozen import frozen
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text
from valuation.permutation import ALL_AT_MOST, permutation_test

AT_LEAST = 5
"""Companies a side below which no p is given."""
SEED = 0
FEW = Reason("few", Text(f"一侧少于 {AT_LEAST} 家，不计算 p 值", f"no p with fewer than {AT_LEAST} a side"))
NO_SHARED_YEAR = Reason(
    "no_shared_year",
    Text("没有一个投资年度两侧均有企业", "no year of investment has companies on both sides"),
)
ONE_AT_A_TIME = Reason(
    "one_person", Text("p 值按人员逐一查询（--person）", "p is given of one person at a time (--person)")
)
NONE_VALUED = Reason("none_valued", Text("没有可比的企业", "no company with a value"))


@frozen
class CompanyChoice:
    """A company that was open: whether it was joined, the year of the institution's first payment, its multiple."""

    company: str
    joined: bool
    year: int
    multiple: Fraction | None


@frozen
class Gap:
    """Joined beside skipped companies.

    joined, skipped : how many with a multiple on each side; unvalued: open ones without, on either side
    mean_joined, mean_skipped : of their multiples; None for none
    p_value, p_one_sided : two-sided, and for the claim that joined ones did better; None for `reason`
    exact : whether all arrangements were counted
    """

    joined: int
    skipped: int
    unvalued: int
    mean_joined: Fraction | None
    mean_skipped: Fraction | None
    p_value: float | None
    p_one_sided: float | None
    exact: bool | None
    reason: Reason | None

    @property
    def difference(self) -> Fraction | None:
        """Mean of the joined less mean of the skipped."""
        if self.mean_joined is None or self.mean_skipped is None:
            return None
        return self.mean_joined - self.mean_skipped


@frozen
class ParticipationLine:
    """An institution's staff together (person None), or one person.

    eligible : projects open to them; of a person those on whose roster he or she stands
    bound, bound_joined, excused : places that had to join (team or named, under a mandatory plan), of these joined, and
                                   excused with a reference; bound_unknown: places of which the plan or role does not say
    """

    institution: str
    person: str | None
    eligible: int
    bound: int
    bound_joined: int
    excused: int
    bound_unknown: int
    joined: int
    gap: Gap

    @property
    def rate(self) -> Fraction | None:
        """Places that joined over those that had to and were not excused; None for none."""
        due = self.bound - self.excused
        return Fraction(self.bound_joined, due) if due else None


def participation_lines(
    view: View, institution: str | None = None, person: str | None = None, actor: Actor | None = None
) -> list[ParticipationLine]:
    """Each institution in all and then its people by code, on the view's day, of the institutions that are to be seen.

    institution, person : of one alone; Unknown for what is not there or not to be seen
    """
    cards = Cards(view, actor)
    if institution is not None and (institution not in view.by_code or not cards.visible(institution)):
        raise unseen(institution)
    firms = institutions(view, actor) if institution is None else [institution]
    lines = []
    for firm in firms:
        own = cards.own
        number = view.by_code[firm].id
        projects = [p for p in visible_projects(cards, firm) if p.roster or p.has_stakes]
        people = sorted({line.person for p in projects for line in p.roster})
        records = [
            own.participation(view.by_code[code].id, number) for code in people if person in (None, code)
        ]
        if person is None and projects:
            choices = _choices(cards, firm, ((p, p.has_stakes) for p in projects))
            lines.append(_line(firm, None, records, len(projects), gap_between(choices)))
        for record in records:
            lines.append(_of_person(cards, record, tested=person is not None))
    if person is not None and not lines:
        raise Unknown(Text("跟投名单上的人员", "person on a roster"), person)
    return lines


def gap_of_person(view: View, person: str, institution: str, actor: Actor | None = None) -> Gap | None:
    """Joined beside skipped companies of a person; None where he or she stands on no roster of the institution."""
    try:
        [line] = participation_lines(view, institution, person, actor)
    except Unknown:
        return None
    return line.gap


def _of_person(cards: Cards, record: ParticipationFacts, *, tested: bool) -> ParticipationLine:
    number = cards.view.by_code[record.person].id
    own = cards.own.own
    by_roster = {
        line.code: cards.own.project(deal)
        for line in own.by(S.ELIGIBILITY, R.PERSON).get(number, ())
        if (deal := line.linked(R.DEAL)) in own.deals and deal is not None
    }
    pairs = [(by_roster[who.code], bool(who.joined)) for who in record.projects]
    gap = gap_between(_choices(cards, record.institution, pairs), tested=tested)
    return _line(record.institution, record.person, [record], len(record.projects), gap)


def _line(
    firm: str, person: str | None, records: Iterable[ParticipationFacts], eligible: int, gap: Gap
) -> ParticipationLine:
    places = [(who, must) for r in records for who, must in zip(r.projects, r.mandatory, strict=True)]
    bound = [who for who, must in places if must]
    return ParticipationLine(
        firm,
        person,
        eligible,
        len(bound),
        sum(1 for who in bound if who.joined),
        sum(1 for who in bound if not who.joined and who.participation_waiver_ref),
        sum(1 for _, must in places if must is None),
        sum(1 for who, _ in places if who.joined),
        gap,
    )


def _choices(cards: Cards, firm: str, pairs: Iterable[tuple[ProjectFacts, bool]]) -> list[CompanyChoice]:
    joined: dict[str, bool] = {}
    for project, took in pairs:
        joined[project.company] = joined.get(project.company, False) or took
    number, made = cards.book.by_code[firm], []
    for company, took in sorted(joined.items()):
        code = cards.book.by_code[company]
        days = [d.day for d in cards.own.own.bought.get((number, code), ())]
        first = min(days, default=dt.date.max)
        made.append(CompanyChoice(company, took, first.year, cards.multiple(number, code)))
    return made


def gap_between(choices: list[CompanyChoice], *, tested: bool = True) -> Gap:
    """Joined beside skipped. tested: whether p is asked for."""
    sides: dict[bool, list[tuple[Fraction, int]]] = {True: [], False: []}
    for choice in choices:
        if choice.multiple is not None:
            sides[choice.joined].append((choice.multiple, choice.year))
    means = {took: _mean([m for m, _ in own]) for took, own in sides.items()}
    joined, skipped = sides[True], sides[False]
    shared = {y for _, y in joined} & {y for _, y in skipped}
    reason = None
    if not joined and not skipped:
        reason = NONE_VALUED
    elif min(len(joined), len(skipped)) < AT_LEAST:
        reason = FEW
    elif not shared:
        reason = NO_SHARED_YEAR
    elif not tested:
        reason = ONE_AT_A_TIME
    unvalued = sum(1 for c in choices if c.multiple is None)
    head = (len(joined), len(skipped), unvalued, means[True], means[False])
    if reason is not None:
        return Gap(*head, None, None, None, reason)
    test = permutation_test(
        [float(m) for m, _ in joined],
        [float(m) for m, _ in skipped],
        groups=[y for _, y in (*joined, *skipped)],
        seed=SEED,
    )
    return Gap(*head, test.p_value, test.p_one_sided, _arrangements(joined, skipped) <= ALL_AT_MOST, None)


def _mean(values: list[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def _arrangements(joined: list[tuple[Fraction, int]], skipped: list[tuple[Fraction, int]]) -> int:
    """How many ways there are to choose as many joined ones within each year."""
    years = {y for _, y in (*joined, *skipped)}
    count = {y: [sum(1 for _, own in side if own == y) for side in (joined, skipped)] for y in years}
    return prod(comb(a + b, a) for a, b in count.values())
