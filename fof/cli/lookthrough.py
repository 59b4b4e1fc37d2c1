"""Commands for what is held through every path, and who stands behind it."""

from __future__ import annotations

from typing import Annotated

from fof.cli.asked import Asked, ShareOf, asks
from fof.cli.printed import printed
from fof.cli.usage import argument, helped, option


@helped(
    "穿透：一个持有人下面的全部基金与企业，或一家企业后面的全部路径。", "Holdings below, or owners behind."
)
@asks("as_of known_at unit lang json")
def lookthrough(
    asked: Asked,
    code: Annotated[str, argument("主体编号", "code of a holder, or with --owners of a company or fund")],
    owners: Annotated[
        bool,
        option("--owners", "反向：谁在其后，逐条路径", "who stands behind it, path by path"),
    ] = False,
    base: ShareOf = "commitment",
    every: Annotated[
        bool,
        option("--all", "已无份额与价值的也列出", "also what is worth nothing any more"),
    ] = False,
) -> None:
    from fof.audit.hidden_entries import require_visible, visible_paths
    from fof.book.parties import party
    from fof.figures.lookthrough_document import base_of, lookthrough_document, owners_document

    view = asked.view()
    require_visible(view, code)
    target = party(view, code)
    if owners:
        printed(visible_paths(owners_document(view, target, base_of(base)), view), asked)
    else:
        printed(lookthrough_document(view, target, base_of(base), every=every or asked.json), asked)
