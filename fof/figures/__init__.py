"""Figures asked of the book: frozen rows that explain themselves."""
