"""What the rules of risk-compensation pools judge, gathered from the book."""
