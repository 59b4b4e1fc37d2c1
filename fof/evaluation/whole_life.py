"""The whole-life view of state venture institutions: since inception, over all their funds. Rulebook GF-70."""

from __future__ import annotations

from fof import users
from fof.access import Actor
from fof.audit.auditor import auditor_of
from fof.ledger import View
from fof.rules.whole_life import WholeLife, asking, whole_lives
from models.frozen import frozen


@frozen
class Institution:
    """An institution with its name; life: see fof.rules.whole_life.WholeLife.

    asked, lacking : realised losses above the threshold of the day, and those without evidence of diligence; in number;
                     None where the losses are in another currency than the threshold
    """

    name: str
    life: WholeLife
    asked: int | None
    lacking: int | None


def institutions(view: View, actor: Actor | None = None) -> list[Institution]:
    """Every state institution that manages a fund of the book on the view's day and that the person may see, by code; figures of
    all its funds.

    actor : who asks; None: the owner of this process
    """
    seen = users.seen_institutions(view, actor)
    auditor = auditor_of(view)
    office = auditor.office(view)
    dated = auditor.settings.on("diligence_loss_above", office.as_of)
    threshold = 0 if dated is None else int(str(dated.value))
    rows = []
    for life in whole_lives(office):
        if seen is not None and life.institution not in seen:
            continue
        large = asking(life, threshold)
        asked = None if large is None else len(large)
        lacking = None if large is None else sum(not held.due_diligence for _, held, _ in large)
        rows.append(Institution(view.name(view.party(life.institution).id), life, asked, lacking))
    return rows
