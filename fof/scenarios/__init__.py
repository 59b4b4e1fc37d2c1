"""Scenario projections: what happens to commitments, calls, values and cash from the actual book on. Inputs are a file, results a file."""
