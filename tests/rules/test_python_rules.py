"""What every rule in Python must bring along: a good id, its family's letter, texts for the reviewer, a known basis."""
from __future__ import annotations

import re

import pytest

from core.reference import regulations
from core.results import ERROR, FAMILIES, INFO, WARNING
from core.rules import load_rules
from core.rules.base import Rule

LETTERS = {"structure": "F", "codes": "C", "catalogue": "K", "metadata": "M", "text_quality": "T", "privacy": "V", "cross_document": "Y"}
OWN = [r for r in load_rules().values() if r.family in LETTERS]


@pytest.mark.parametrize("rule", OWN, ids=lambda r: r.id)
def test_a_rule_explains_itself(rule: Rule):
    assert re.fullmatch(rf"{LETTERS[rule.family]}\d{{3}}", rule.id) and rule.family in FAMILIES
    assert rule.severity in (ERROR, WARNING, INFO)
    for text in (rule.title, rule.explanation, rule.example, rule.remedy):
        assert re.search("[一-鿿]{2}", text), rule.id
    assert len(rule.explanation) >= 20 and rule.basis
    assert set(rule.basis) <= set(regulations())


def test_customs_alone_never_make_an_error():
    custom = {key for key, r in regulations().items() if r.seen == "custom" and key not in ("template",)}
    assert [r.id for r in OWN if r.severity == ERROR and set(r.basis) <= custom] == []
