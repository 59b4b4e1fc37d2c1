"""Writes docs/schemas from the declarations of the documents: `python -m fof.cli.schemas docs/schemas`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fof.cli.audit_specs import audit_schemas
from fof.cli.evaluation_specs import evaluation_schemas
from fof.cli.fields import schema
from fof.cli.operations_specs import operations_schemas
from fof.cli.specs import SPECS


def texts() -> dict[str, str]:
    """File name -> its text."""
    found = (
        {spec.name: schema(spec) for spec in SPECS}
        | audit_schemas()
        | evaluation_schemas()
        | operations_schemas()
    )
    return {f"{name}.json": json.dumps(s, ensure_ascii=False, indent=2) + "\n" for name, s in found.items()}


def main() -> None:
    """Write every schema into the folder given."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
