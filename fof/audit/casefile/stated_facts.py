"""What a step of an audit states of its subject, as rows of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.facts import SUBJECT_FACTS
from models.rows import Row, SubjectFact


def stated_facts(kind: str, number: int, stated: Mapping[str, Any], document: str = "") -> list[Row]:
    """Attributes of a registered subject of a kind, by name with their typed values; the document they rest on, "" for none."""
    source = document.strip() or None
    return [
        SubjectFact(
            kind, None, None, None, number, None, name, SUBJECT_FACTS[name].write(value), document=source
        )
        for name, value in stated.items()
    ]
