"""One finding as an auditor's file: what it rests on, how the rule came to it, what became of it.

judged_alone   one rule about one subject, with every fact that it read
grounds        the statements and money behind those facts, each with entry, document, sheet and row
case_file      the file of a finding: grounds, working, article, history, owner
case_document  the same as a document for command, page and paper
case_paper     the paper (PDF)
"""
