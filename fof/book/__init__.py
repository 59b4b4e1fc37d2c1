"""The one reading of the journal: a prefix, indexed once, asked on any day."""
