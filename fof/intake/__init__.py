"""Files in: preview a workbook or csv against the book, then book it; mappings for foreign tables; the book as a file."""

from fof.intake.export import export_workbook
from fof.intake.mappings import mapping_named, save_mapping, saved_mappings
from fof.intake.preview import Preview, SheetPreview, Total, book, import_with_mapping, preview

__all__ = [
    "Preview",
    "SheetPreview",
    "Total",
    "book",
    "export_workbook",
    "import_with_mapping",
    "mapping_named",
    "preview",
    "save_mapping",
    "saved_mappings",
]
