"""Made-up budget disclosures in the tables most provinces use, for the template standard-budget."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.model import Document
from tests.builders import document, table

TEMPLATE = "standard-budget"
NAMES = {"205": "教育支出", "20501": "教育管理事务", "2050101": "行政运行", "2050102": "一般行政管理事务", "208": "社会保障和就业支出", "20805": "行政事业单位养老支出",
         "2080505": "机关事业单位基本养老保险缴费支出", "212": "城乡社区支出", "21208": "国有土地使用权出让收入安排的支出", "2120803": "城市建设支出",
         "223": "国有资本经营预算支出", "22301": "解决历史遗留问题及改革成本支出", "2230105": "国有企业退休人员社会化管理补助支出"}
ECONOMIC = (("301", "工资福利支出", 260), ("30101", "基本工资", 220), ("30108", "机关事业单位基本养老保险缴费", 40), ("302", "商品和服务支出", 75),
            ("30201", "办公费", 60), ("30217", "公务接待费", 5), ("30231", "公务用车运行维护费", 10), ("303", "对个人和家庭的补助", 5), ("30302", "退休费", 5))
Amounts = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Province:
    """What one place's disclosure holds, in 万元; `parts`: personnel and running costs in table 一般公共预算支出表, `grouped`: 本年收入 over its columns,
    `by_rows`: 三公 one below the other, `numbered`: （一） before the classes of 财政拨款收支总表."""

    fund: int = 0
    capital: int = 0
    carried: int = 0
    special: int = 0
    parts: bool = False
    grouped: bool = False
    by_rows: bool = False
    front: bool = False
    numbered: bool = True
    general: Amounts = field(default_factory=lambda: {"2050101": (300, 0), "2050102": (0, 120), "2080505": (40, 0)})


def _n(value: int) -> str:
    return f"{value}.00" if value else ""


def _tree(items: Amounts) -> tuple[list[tuple[str, list[int]]], list[int]]:
    rows: dict[str, list[int]] = {}
    total: list[int] = []
    for code, amounts in sorted(items.items()):
        total = [a + b for a, b in zip(total or [0] * len(amounts), amounts, strict=True)]
        for key in (code[:3], code[:5], code):
            rows[key] = [a + b for a, b in zip(rows.get(key, [0] * len(amounts)), amounts, strict=True)]
    return list(rows.items()), total


def _add(*parts: Amounts) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for part in parts:
        for code, amounts in part.items():
            out[code] = [a + b for a, b in zip(out.get(code, [0] * len(amounts)), amounts, strict=True)]
    return out


def province(kind: Province) -> Document:
    """The disclosure as a Document: right in every relation."""
    fund = {"2120803": (0, kind.fund)} if kind.fund else {}
    capital = {"2230105": (0, kind.capital)} if kind.capital else {}
    carried = {"2050102": (0, kind.carried)} if kind.carried else {}
    special = {"2050102": (0, kind.special)} if kind.special else {}
    year = sum(map(sum, kind.general.values()))
    spent = _add(kind.general, fund, capital, carried, special)
    total = sum(map(sum, spent.values()))
    income = [("一、一般公共预算拨款收入", year), ("二、政府性基金预算拨款收入", kind.fund), ("三、国有资本经营预算拨款收入", kind.capital),
              ("四、财政专户管理资金收入", kind.special), ("五、事业收入", 0), ("六、上级补助收入", 0), ("七、附属单位上缴收入", 0), ("八、其他收入", 0)]
    classes = [(f"{'一二三四'[i]}、{NAMES[c]}", sum(v)) for i, (c, v) in enumerate(r for r in _tree(spent)[0] if len(r[0]) == 3)]
    two = [["收入", None, "支出", None], ["项目", "预算数", "项目", "预算数"]]
    rows = _beside(income, classes)
    rows += [["本年收入合计", _n(total - kind.carried), "本年支出合计", _n(total)], ["上年结转", _n(kind.carried), "结转下年", ""],
             ["收入总计", _n(total), "支出总计", _n(total)]]
    tables = [_table("收支总表", two, rows)]
    by_source = _add({c: (sum(v), 0, 0, 0, 0) for c, v in kind.general.items()}, {c: (0, sum(v), 0, 0, 0) for c, v in fund.items()},
                     {c: (0, 0, sum(v), 0, 0) for c, v in capital.items()}, {c: (0, 0, 0, sum(v), 0) for c, v in special.items()},
                     {c: (0, 0, 0, 0, sum(v)) for c, v in carried.items()})
    tables.append(_income(kind, by_source))
    head = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    tables.append(_spending("支出总表", head, spent))
    three = _add({c: (sum(v), 0, 0) for c, v in _add(kind.general, carried).items()}, {c: (0, sum(v), 0) for c, v in fund.items()},
                 {c: (0, 0, sum(v)) for c, v in capital.items()})
    tables.append(_appropriation(kind, year, three))
    general = _add(kind.general, carried)
    if kind.parts:
        split = {c: (max(v[0] - 75, 0) if c == "2050101" else v[0], 75 if c == "2050101" else 0, v[1]) for c, v in general.items()}
        tree, sums = _tree(split)
        body = [["合计", None, *_parts(sums)], *([c, NAMES[c], *_parts(v)] for c, v in tree)]
        tables.append(_table("一般公共预算支出表", [["科目编码", "科目名称", "合计", "基本支出", None, None, "项目支出"],
                                           [None, None, None, "小计", "人员经费", "公用经费", None]], body))
    else:
        tables.append(_spending("一般公共预算支出表", head, general))
    basic = [["合计", None, "340.00", "265.00", "75.00"]]
    basic += [[c, n, _n(v), _n(v) if c[:3] != "302" else "", _n(v) if c[:3] == "302" else ""] for c, n, v in ECONOMIC]
    tables.append(_table("一般公共预算基本支出表", [["科目编码", "科目名称", "合计", "人员经费", "公用经费"]], basic))
    tables.append(_three_public(kind))
    tables.append(_spending("政府性基金支出表", head, fund) if fund else _table("政府性基金支出表", [head], [["合计", None, "", "", ""]]))
    tables.append(_spending("国有资本经营预算表", head, capital) if capital else _table("国有资本经营预算表", [head], [["合计", None, "", "", ""]]))
    tables.append(_table("机关运行经费表", [["科目编码", "科目名称", "机关运行经费支出"]],
                         [["合计", None, "60.00"], ["302", "商品和服务支出", "60.00"], ["30201", "办公费", "60.00"]]))
    return document(tables, template_id=TEMPLATE, kind="部门预算", unit_name="示例市示例局", year=2025, amount_unit="万元")


def _table(table_id: str, header: Sequence[Sequence[str | None]], rows: Sequence[Sequence[str | None]]):  # type: ignore[no-untyped-def]
    return table(table_id, rows, template_id=TEMPLATE, header=header, unit="万元")


def _beside(left: Sequence[tuple[str, int]], right: Sequence[tuple[str, int]]) -> list[list[str | None]]:
    rows: list[list[str | None]] = []
    for i in range(max(len(left), len(right))):
        one = [left[i][0], _n(left[i][1])] if i < len(left) else ["", ""]
        rows.append([*one, *([right[i][0], _n(right[i][1])] if i < len(right) else ["", ""])])
    return rows


def _spending(table_id: str, head: Sequence[str], items: Amounts):  # type: ignore[no-untyped-def]
    tree, sums = _tree(items)
    return _table(table_id, [head], [["合计", None, _n(sum(sums)), *map(_n, sums)], *([c, NAMES[c], _n(sum(v)), *map(_n, v)] for c, v in tree)])


def _parts(v: Sequence[int]) -> list[str]:
    return [_n(sum(v)), _n(v[0] + v[1]), *map(_n, v)]


def _income(kind: Province, items: Amounts):  # type: ignore[no-untyped-def]
    tree, sums = _tree(items)
    funds = ["一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户管理资金"]
    if kind.grouped:
        header = [["科目编码", "科目名称", "合计", "本年收入", *[None] * 4, "上年结转结余"], [None, None, None, "小计", *funds, None]]

        def cells(v: Sequence[int]) -> list[str]:
            return [_n(sum(v)), _n(sum(v[:4])), *map(_n, v)]
    elif kind.front:
        header = [["科目编码", "科目名称", "合计", "上年结转", *(f"{f}收入" for f in funds)]]

        def cells(v: Sequence[int]) -> list[str]:
            return [_n(sum(v)), _n(v[4]), *map(_n, v[:4])]
    else:
        header = [["科目编码", "科目名称", "合计", *funds, "上年结转"]]

        def cells(v: Sequence[int]) -> list[str]:
            return [_n(sum(v)), *map(_n, v)]
    return _table("收入总表", header, [["合计", None, *cells(sums)], *([c, NAMES[c], *cells(v)] for c, v in tree)])


def _appropriation(kind: Province, year: int, items: Amounts):  # type: ignore[no-untyped-def]
    tree, sums = _tree(items)
    left = [("一、本年收入", year + kind.fund + kind.capital), ("（一）一般公共预算拨款", year), ("（二）政府性基金预算拨款", kind.fund),
            ("（三）国有资本经营预算拨款", kind.capital), ("二、上年结转", kind.carried), ("（一）一般公共预算拨款", kind.carried),
            ("（二）政府性基金预算拨款", 0), ("（三）国有资本经营预算拨款", 0)]
    right: list[tuple[str, Sequence[int]]] = [("一、本年支出", sums)]
    right += [(f"（{'一二三四'[i]}）{NAMES[c]}" if kind.numbered else NAMES[c], v) for i, (c, v) in enumerate(r for r in tree if len(r[0]) == 3)]
    right.append(("二、结转下年", [0, 0, 0]))
    rows: list[list[str | None]] = []
    for i in range(max(len(left), len(right))):
        one = [left[i][0], _n(left[i][1])] if i < len(left) else ["", ""]
        rows.append([*one, *([right[i][0], _n(sum(right[i][1])), *map(_n, right[i][1])] if i < len(right) else [""] * 5)])
    rows.append(["收入总计", _n(sum(sums)), "支出总计", _n(sum(sums)), *map(_n, sums)])
    return _table("财政拨款收支总表", [["收入", None, "支出", *[None] * 4],
                               ["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]], rows)


def _three_public(kind: Province):  # type: ignore[no-untyped-def]
    if kind.by_rows:
        return _table("三公经费表", [["项目", "预算数"]], [["合计", "20.00"], ["因公出国（境）费", ""], ["公务接待费", "5.00"], ["公务用车购置及运行费", "15.00"],
                                                   ["公务用车购置费", "5.00"], ["公务用车运行维护费", "10.00"]])
    return _table("三公经费表", [["“三公”经费合计", "因公出国（境）费", "公务用车购置及运行费", None, None, "公务接待费"],
                           [None, None, "小计", "公务用车购置费", "公务用车运行费", None]], [["20.00", "", "15.00", "5.00", "10.00", "5.00"]])


PROVINCES = (Province(), Province(numbered=False), Province(fund=50, capital=20, special=30, parts=True, grouped=True), Province(fund=50, carried=15, special=30, by_rows=True),
             Province(carried=15, front=True, parts=True), Province(carried=15, grouped=True))
