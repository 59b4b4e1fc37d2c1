"""What the rules of staff co-investment judge, gathered from the book for a day."""
