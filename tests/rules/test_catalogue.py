"""What every rule must bring along: a good id, words for the reviewer, a known regulation, and tests that see it pass, fail and not run."""
from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from core.engine import rules_for
from core.formulas import formula_rules
from core.layouts import Template, templates
from core.reference import regulations
from core.results import ERROR, FAMILIES, INFO, WARNING
from core.rules import load_rules
from core.rules.base import Rule

LETTERS = {"structure": "F", "arithmetic": "S", "cross_table": "X", "narrative": "N", "percent": "R", "performance": "P", "assets": "A", "procurement": "B",
           "codes": "C", "catalogue": "K", "text_quality": "T", "privacy": "V", "metadata": "M", "cross_document": "Y"}
PYTHON = list(load_rules().values())
EVERY = [*PYTHON, *{r.id: r for t in templates() for r in formula_rules(t)}.values()]
CHINESE = re.compile("[一-鿿]{2}")
OUTCOMES = {"holds": "passes", "failures": "fails", "not_run": "is not run"}
"""The helpers of tests/rules/running.py that ask for each outcome."""


@pytest.mark.parametrize("rule", EVERY, ids=lambda r: r.id)
def test_a_rule_says_what_it_is(rule: Rule) -> None:
    assert re.fullmatch(rf"{LETTERS[rule.family]}\d{{3}}", rule.id) and rule.family in FAMILIES
    assert rule.severity in (ERROR, WARNING, INFO)
    for text in (rule.title, rule.explanation, rule.example, rule.remedy):
        assert CHINESE.search(text), f"{rule.id} lacks words for the reviewer"
    assert len(rule.explanation) >= 10 and rule.basis and set(rule.basis) <= set(regulations())


@pytest.mark.parametrize("template", templates(), ids=lambda t: t.id)
def test_no_id_is_used_twice(template: Template) -> None:
    ids = [r.id for r in rules_for(template)]
    assert sorted(set(ids)) == sorted(ids)


def test_customs_alone_never_make_an_error() -> None:
    customs = {key for key, r in regulations().items() if r.seen == "custom" and key != "template"}
    assert [r.id for r in EVERY if r.severity == ERROR and set(r.basis) <= customs] == []


# ------------------------------------------------------------------ tests of the rules in Python; tests/formulas/test_relations.py runs every formula

@pytest.mark.parametrize("rule", PYTHON, ids=lambda r: r.id)
def test_a_rule_is_seen_to_pass_to_fail_and_not_to_run(rule: Rule) -> None:
    unseen = [OUTCOMES[helper] for helper in OUTCOMES if rule.id not in asked().get(helper, set())]
    assert not unseen, f"no test shows that {rule.id} {', '.join(unseen)}"


@cache
def asked() -> dict[str, set[str]]:
    """Each helper with the ids of the rules that some test asks it of: written in the call, or in what the call's name runs through."""
    found: dict[str, set[str]] = {}
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        named = {t.id: _ids(n.value) for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
        for test in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
            through = _ids(test).union(*(named.get(n.id, set()) for n in ast.walk(test) if isinstance(n, ast.Name)))
            for call in (n for n in ast.walk(test) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.args):
                first = call.args[0]
                found.setdefault(call.func.id, set()).update({first.value} if isinstance(first, ast.Constant) else through)  # type: ignore[attr-defined,arg-type]
    return found


def _ids(tree: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and re.fullmatch(r"[A-Z]\d{3}", n.value)}
