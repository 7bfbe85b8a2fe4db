"""The service catalogue attachment: a few department blocks, as the province prints them."""
from __future__ import annotations

import csv
from pathlib import Path

from tests.generator.paper import Box, Grid, Row, merged

COLUMNS = ("代码", "一级目录", "二级目录", "三级目录", "四级目录")


def entries() -> dict[str, list[tuple[str, str]]]:
    """Department to its codes and names, in printed order."""
    out: dict[str, list[tuple[str, str]]] = {}
    with (Path(__file__).parent / "catalogue.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            out.setdefault(line["department"], []).append((line["code"], line["name"]))
    return out


def level(code: str) -> int:
    """1 for A, 2 for A15, 3 for A1502, 4 for A150201."""
    return {1: 1, 3: 2, 5: 3, 7: 4}[len(code)]


def service_catalogue(blocks: int = 4) -> Grid:
    header, boxes = merged([COLUMNS])
    rows: list[Row] = []
    body: list[Box] = []
    for department, codes in list(entries().items())[:blocks]:
        body.append(Box(len(rows), 0, 1, 5))
        rows.append(Row([department, None, None, None, None], "block"))
        for code, name in codes:
            rows.append(Row([code, *(name if n == level(code) else "" for n in range(1, 5))], "code", code, level(code)))
    return Grid("目录", "catalogue", "山西省部门政府购买服务指导性目录", header, boxes, rows, [12, 18, 24, 24, 34], [], "catalogue", body)
