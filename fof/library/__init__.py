"""The face for programs: a book that is open for reading, views of it at (as of, known at), figures as rows and frames.

    book = fof.open("sqlite:///office.sqlite")
    view = book.at(as_of="2026-09-30", known_at="2026-Q2")
    view.performance(by="vintage").frame(money="float")

Every figure is the one that commands print and pages show, made by the same functions; nothing is computed here.
"""

from fof.library.figure_rows import Figures
from fof.library.figure_view import FigureView
from fof.library.open_book import OpenBook, open_book

__all__ = ["FigureView", "Figures", "OpenBook", "open_book"]
