"""An invented provincial office: its parties, its funds and what happened to their money, 2011 to 2026.

Everything here is made up by a seeded generator; nothing describes a real fund, company or person.
`economy` puts the parts together, `sheets` lays the result out in this product's own import layouts.
"""
