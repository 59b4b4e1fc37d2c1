"""Files in: a workbook or csv becomes checked rows, or a list of everything that is wrong with it."""
