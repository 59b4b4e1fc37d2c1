"""The register of co-investment as subjects of rules."""

from __future__ import annotations

from collections.abc import Iterator

from fof.rules.facts import Matter
from fof.rules.facts_coinvest import CoinvestmentFacts
from fof.rules.registry import Scope
from models.subjects import Subject, SubjectKind


def matters(register: CoinvestmentFacts) -> Iterator[Matter]:
    """Every plan, project, stake, vehicle, institution and person, with the institution as the party they are grouped by."""
    for plan in register.plans:
        yield Matter(Scope.PLAN, (plan,), Subject(SubjectKind.PLAN, plan.code), None, plan.institution)
    for project in register.projects:
        yield Matter(
            Scope.PROJECT, (project,), Subject(SubjectKind.DEAL, project.deal), None, project.institution
        )
    for stake in register.stakes:
        yield Matter(
            Scope.STAFF_STAKE, (stake,), Subject(SubjectKind.STAFF_STAKE, stake.code), None, stake.institution
        )
    for vehicle in register.vehicles:
        yield Matter(
            Scope.VEHICLE, (vehicle,), Subject(SubjectKind.PARTY, vehicle.code), None, vehicle.institution
        )
    for institution in register.institutions:
        address = Subject(SubjectKind.PARTY, institution.code)
        yield Matter(Scope.INSTITUTION, (institution,), address, None, institution.code)
    for person in register.participation:
        address = Subject(SubjectKind.PARTY, person.person)
        yield Matter(Scope.PARTICIPATION, (person,), address, None, person.institution)
