"""The rulebook as code: pure functions over small frozen facts. Facts in, findings out; no database.

registry     what a rule, a source and a finding are
parameters   every number a rule uses, dated and sourced (parameters.toml), and a fund's own settings
facts        what the rules judge; each field says where the gatherer finds it
engine       judge(): every rule in force on every subject it speaks about
catalogue    which rules there are, which are not checkable, which come later; what was in force on a day
the rest     the rules themselves, one module per noun
"""
