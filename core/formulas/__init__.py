"""Check formulas (审核公式): `formula_rules(template)`, `parse(text)`, `load_user_rules(path)`."""
from core.formulas.facts import fact_provider
from core.formulas.figures import Figure, FormulaOutcome, Instance
from core.formulas.loading import formula_rules, load_user_rules
from core.formulas.syntax import Formula, FormulaError, parse

__all__ = ["Figure", "Formula", "FormulaError", "FormulaOutcome", "Instance", "fact_provider", "formula_rules", "load_user_rules", "parse"]
