"""The journal: search, one entry with everything it brought, reversal with a reason, and what changed between two points."""

from fof.ui import cited, frame, journal, widgets
from fof.words import _

MENU = (100, ("账簿", "Book"), ("日记账", "Journal"))

chosen = frame.choice()
view = chosen.journal.view(
    None, chosen.known_at
)  # by recording: what was learnt stands here whatever day the page shows

widgets.heading()
if chosen.head == 0:
    widgets.to_import(_("账中还没有分录。", "The book has no entries yet."))
    cited.finish()

find, compare = cited.tabs(
    "tab",
    {"find": _("查找", "Search"), "changes": _("两个时点之间的变化", "What changed between two points")},
).values()
if find.open:
    with find:
        journal.find(view, chosen)
        journal.opened(view, chosen)
if compare.open:
    with compare:
        journal.compare(chosen)
