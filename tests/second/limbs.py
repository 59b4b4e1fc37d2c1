"""The limbs of the rules of staff co-investment, by the conditions that the rulebook's Check lines name, and which of them a finding
says are not met or cannot be told.

A label is (rule, limb, subject). The generator names the limbs of what it plants; what a finding says of each is read from its sentences,
so that a finding which is right for another reason than the planted one does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fof.rules.registry import Finding

LIMBS: dict[str, dict[str, str]] = {
    "CI-01": {"basis": "legal basis"},
    "CI-02": {
        "plan": "no plan in force",
        "version": "version is stated",
        "board": "approved by the board",
        "party committee": "approved by the party",
        "filed": "filed with SASAC",
    },
    "CI-03": {"employed": "employed by the institution", "group": "^of .* on the day"},
    "CI-04": {"first round": "first round"},
    "CI-05": {
        "employed": "employed by the institution",
        "contract": "labour contract",
        "in force": "contract was in force",
        "insured": "^insured",
    },
    "CI-06": {"exemption": "^a pilot exemption", "valid": "valid on the day"},
    "CI-07": {"ties": "no trade or competition", "dependence": "related .* at most a third"},
    "CI-08": {"approval": "SASAC's approval", "representative": "state's representative"},
    "CI-09": {"appointed": "not appointed", "relative": "no relative"},
    "CI-10": {
        "posts": "participants' posts",
        "owner": "who owns the institution",
        "consent": "owner agency's consent",
        "resolution": "board resolution",
        "recused": "did not vote",
        "either": "or a resolution",
    },
    "CI-11": {"declaration": "^a declaration", "before": "before the committee", "review": "review allows"},
    "CI-12": {"early": "not before the institution", "late": "paid in time", "days": "went into the company"},
    "CI-13": {"price": "price a share", "class": "class of shares", "side terms": "no protection"},
    "CI-14": {"own money": "own money", "payments": "the person's payments"},
    "CI-15": {"nominee": "held for another|was held for", "confirmed": "^confirmed"},
    "CI-16": {
        "form": "limited partnership",
        "partners": "at most .* partners",
        "general partner": "general partner",
        "staff": "every partner is staff",
    },
    "CI-17": {
        "total": "^staff money at most",
        "floor": "^at least",
        "equity": "^staff shares at most",
        "round": "that the round sold",
    },
    "CI-18": {"shares": "^one person at most", "pay": "years of pay"},
    "CI-19": {
        "mode": "plan's mode",
        "list": "deal team and those named",
        "team": "^the team's money",
        "named": " joined$",
    },
    "CI-20": {"joined": "^joined ", "chosen": "chosen before", "quota": "^at most"},
    "CI-21": {"votes": "does not vote", "seats": "board seat"},
    "CI-22": {
        "scheme": "whether staff hold",
        "state share": "^the state's share",
        "largest": "largest holder",
        "non-public": "^non-public",
        "revenue": "^revenue",
        "profit": "^profit",
    },
    "CI-23": {"locked": "^locked", "release": "sold in"},
    "CI-24": {
        "proportion": "institution's proportion",
        "day": "institution's day",
        "price": "institution's price",
        "stayed": "sold with the institution",
        "alone": "not sold without",
    },
    "CI-25": {
        "in time": "disposed of within",
        "price": "price not above",
        "buyer": "whether the buyer",
        "why": "why the employment",
        "held": "the shares held",
    },
    "CI-26": {"in time": "disposed of within", "held": "the shares held"},
    "CI-27": {"report": "^a report", "fresh": "^dated within", "filed": "^filed"},
    "CI-28": {
        "record": "record of the vote",
        "disclosed": "disclosed the interest",
        "vote": "did not vote",
        "published": "^published",
        "filed": "list is filed",
    },
    "CI-29": {"cleared": "is cleared"},
    "CI-30": {"sponsor": "vehicle's sponsor", "approved": "under an approved plan"},
    "CI-32": {
        "claimed": "deduction is claimed",
        "founder": "not a founder",
        "employee": "not employed by",
        "family": "no relative",
        "under half": "under .* for two years",
    },
}
"""Rule → limb → how its sentence reads. The limbs of CI-31 are the items of evidence themselves."""


def labels_of(judged: Iterable[Finding]) -> dict[tuple[str, str, str], str]:
    """(rule, limb, subject) → what findings say of it, passes and silence left out; of several conditions of one limb the worst."""
    rank = ["breach", "unknown", "warn"]
    labels: dict[tuple[str, str, str], str] = {}
    for finding in judged:
        if finding.verdict.value not in rank:
            continue
        for limb, verdict in limbs_of(finding):
            key = finding.rule, limb, str(finding.subject)
            labels[key] = min(verdict, labels.get(key, verdict), key=rank.index)
    return labels


def limbs_of(finding: Finding) -> Iterator[tuple[str, str]]:
    """Of a finding that is no pass: each limb that it says is not met (its verdict) or cannot be told (unknown)."""
    verdict = finding.verdict.value
    if finding.rule == "CI-31":
        for item in finding.items:
            yield item.code, verdict
        return
    if not finding.lacking:
        yield _named(finding.rule, finding.text.en), verdict
    for met, text, *_ in finding.lacking:
        yield _named(finding.rule, text.en), "unknown" if met is None else verdict


def _named(rule: str, sentence: str) -> str:
    """The limb that a sentence speaks about; the sentence itself where it is none of the rule's."""
    named = [limb for limb, reads in LIMBS[rule].items() if re.search(reads, sentence)]
    return named[0] if len(named) == 1 else f"{sentence} ({', '.join(named)})"
