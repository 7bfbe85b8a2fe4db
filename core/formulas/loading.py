"""Relations of a template, and those that a reviewer writes, as rules."""
from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.formulas.evaluate import Evaluator
from core.formulas.syntax import FormulaError, parse
from core.layouts import Template
from core.results import ERROR, INFO, WARNING, Outcome
from core.rules.base import Case, Rule

FAMILY_OF = {"F": "structure", "S": "arithmetic", "X": "cross_table", "N": "narrative", "R": "percent", "P": "performance", "A": "assets",
             "B": "procurement", "C": "codes", "K": "catalogue", "T": "text_quality", "V": "privacy", "M": "metadata",
             "Y": "cross_document", "Z": "custom"}
_LINE = re.compile(r"(?P<id>[A-Za-z]\w*)\s+(?P<title>[^:：]+?)\s*[:：]\s*(?P<formula>.+)")


def formula_rules(template: Template) -> list[Rule]:
    """The template's relations as rules. FormulaError when one of them is wrong."""
    return [_rule(raw, template, "formula") for raw in template.relations]


def _rule(raw: Mapping[str, Any], template: Template | None, source: str) -> Rule:
    texts = [raw["formula"]] if isinstance(raw["formula"], str) else list(raw["formula"])
    formulas = tuple(parse(text, template) for text in texts)
    severity = raw.get("severity", ERROR)
    allowed = Decimal(str(raw.get("allow", 0)))

    def body(case: Case) -> Iterator[Outcome]:
        evaluator = Evaluator(case)
        for formula in formulas:
            yield from evaluator.run(formula, severity, allowed)

    return Rule(raw["id"], raw["title"], "custom" if source == "user" else raw.get("family", FAMILY_OF.get(raw["id"][0], "custom")), severity, body,
                raw.get("why", ""), raw.get("example", ""), raw.get("remedy", ""), tuple(raw.get("basis", ())),
                formula="\n".join(texts), templates=(template.id,) if template is not None else (), source=source)


def load_user_rules(path: Path | str) -> list[Rule]:
    """Formulas that a reviewer wrote: TOML with [[relation]], or lines "编号 名称: 公式". FormulaError says what is wrong where."""
    file = Path(path)
    text = file.read_text("utf-8-sig")
    if file.suffix.lower() == ".toml" or re.search(r"^\s*\[\[relation\]\]", text, re.M):
        try:
            raws: list[Mapping[str, Any]] = tomllib.loads(text).get("relation", [])
        except tomllib.TOMLDecodeError as error:
            raise FormulaError(f"文件“{file.name}”不是规范的 TOML：{error}", text) from error
    else:
        raws = list(_lines(file.name, text))
    rules: list[Rule] = []
    seen: set[str] = set()
    for number, raw in enumerate(raws, 1):
        where = f"文件“{file.name}”第 {raw.get('line', number)} {'行' if 'line' in raw else '条'}"
        lacking = [k for k in ("id", "title", "formula") if not raw.get(k)]
        if lacking:
            raise FormulaError(f"{where}缺少 {'、'.join(lacking)}。", str(raw.get("formula", "")))
        if raw.get("severity", ERROR) not in (ERROR, WARNING, INFO):
            raise FormulaError(f"{where}的 severity 只能是 error、warning 或 info。", str(raw["formula"]))
        if raw["id"] in seen:
            raise FormulaError(f"{where}的编号“{raw['id']}”用了两次。", str(raw["formula"]))
        seen.add(raw["id"])
        try:
            rules.append(_rule(raw, None, "user"))
        except FormulaError as error:
            raise FormulaError(f"{where}（{raw['id']}）：{error.what}", error.text, error.line, error.column, error.hint) from error
    return rules


def _lines(name: str, text: str) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise FormulaError(f"文件“{name}”第 {number} 行看不懂，", line, 1, 1, "应写成“编号 名称: 公式”，例如“Z001 基本支出两表一致: 表六[合计].合计 = 表五[合计].基本支出”。")
        yield {**found.groupdict(), "line": number}
