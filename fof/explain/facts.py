"""Opens a figure that is made of a party's attributes: each with its day, entry and document."""

from __future__ import annotations

from fof.explain.formulas import Explanation, declared
from fof.explain.sources import FigureTerm, SourceRow, part, with_documents
from fof.figures.of_facts import figures_of_facts
from fof.ledger import View
from models.facts import FACTS, FactType


def explain_facts(view: View, figure: str, party: int) -> Explanation:
    """The figure of a party, and the attributes in force that its formula names. KeyError for a figure of another kind."""
    made = figures_of_facts()[figure]
    value, reason = made.of(view, party)
    return Explanation(
        figure,
        "party",
        view.parties[party].code,
        view.name(party),
        *declared(figure),
        value,
        reason,
        with_documents(view, [_term(view, name, party) for name in made.terms]),
        view.as_of,
        view.known_at,
    )


def _term(view: View, name: str, party: int) -> FigureTerm:
    """An attribute in force as a term; a term without rows where nothing is stated."""
    spec, stated = FACTS[name], view.in_force(party, name)
    if stated is None:
        return part(name, spec.text, None, [])
    fen = stated.value if spec.kind is FactType.FEN and isinstance(stated.value, int) else None
    row = SourceRow(
        "fact",
        stated.entry,
        None,
        stated.since,
        name,
        spec.text,
        None,
        party,
        None,
        fen,
        document=stated.document,
    )
    return part(name, spec.text, fen, [row])
