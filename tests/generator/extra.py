"""A table of no template, with the figures that people type by hand."""
from __future__ import annotations

import random
from decimal import Decimal

from tests.generator.paper import Grid, Row, merged

LOOKS = ("{:,}", "{}", "({:,})", "－{}", "{}", "{:,}")


def adjustments(year: int, unit: str, seed: int, rows: int = 12) -> Grid:
    """调整前 + 增减 = 调整后: brackets and full-width minus for reductions, dashes and 无 for nothing, blanks inside figures."""
    rng = random.Random(f"extra/{seed}")
    header, boxes = merged([["项目", "调整前", "增减", "<", "调整后", "备注"], ["^", "^", "金额", "原因", "^", "^"]])
    made = []
    for i in range(rows):
        before, change = Decimal(rng.randint(100_000, 9_000_000)) / 100, Decimal(rng.randint(100, 90_000)) / 100
        look = rng.choice(LOOKS)
        down = look in ("({:,})", "－{}")
        moved = rng.random() > 0.25
        text = look.format(change) if moved else rng.choice(["—", "无", ""])
        after = before + (-change if down else change) * moved
        shown = f"{before:,}"
        if i % 4 == 1:
            shown = shown.replace(".", ". ")
        if i % 4 == 2:
            shown = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{before}")
        made.append(Row([f"第{i + 1}项调整事项", shown, text, "压减支出" if down and moved else "", f"{after:,}", ""], "line"))
    return Grid("附表", "extra", f"{year}年部门预算资金调整情况表", header, boxes, made, [26, 18, 16, 18, 18, 10], [1, 2, 4], "other", body_line=f"编制单位：{unit}", unit_line="单位：万元")
