"""What a file may hold before it is refused unread. Budgets are absolute: ratios refuse honest files."""

from __future__ import annotations

MEGABYTE = 1024 * 1024

WORKBOOK_BYTES = 20 * MEGABYTE
CSV_BYTES = 256 * MEGABYTE
PARTS = 200
PART_BYTES = 64 * MEGABYTE
UNPACKED_BYTES = 100 * MEGABYTE
ROWS = 200_000  # of a sheet of a workbook
CSV_ROWS = 2_000_000
COLUMNS = 128
CELL_CHARACTERS = 2_000
FLAWS = 1_000  # described one by one; the rest are counted

READER_MEMORY = 512 * MEGABYTE  # beyond what the reader needs to start
READER_CPU_SECONDS = 60
READER_WALL_SECONDS = 120
