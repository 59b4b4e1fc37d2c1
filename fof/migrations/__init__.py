"""Schema revisions. The journal is the user's property: every revision upgrades a book in place."""
