"""What the office does: journal, use cases, commands, screens."""
