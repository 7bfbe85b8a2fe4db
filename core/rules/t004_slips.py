"""T004–T009: document numbers, figures and terms that are typed wrong."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.model import Document
from core.numbers import is_blank, looks_numeric, parse_decimal
from core.results import ERROR, INFO, WARNING, Outcome, not_run, of_cell, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import Passage, forms, names, narrative, notes, softened
from core.rules.t001_marks import NO_TEXT

_DOC_NUMBER = re.compile(r"(?P<issuer>[一-鿿]{2,12}?)\s*(?P<open>[〔\[(（【〈「『〖﹝„‟])\s*(?P<year>\d{1,6})\s*(?P<close>[〕\])）】〉」』〗﹞„‟])\s*(?:第)?\d{1,5}\s*号")
_RIGHT = {("〔", "〕"), ("﹝", "﹞"), ("„", "‟")}
_OLD = 10
"""Years back from which the money of a project's document number is implausible."""


def _texts(doc: Document) -> Iterator[Passage]:
    yield from narrative(doc)
    yield from notes(doc)
    yield from names(doc)
    yield from forms(doc)


_ISSUERS = "国中京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新蒙"


def _short(hit: re.Match[str]) -> str:
    """The document number without the words that run into it: 某财社(2002)15号."""
    issuer, rest = hit.group("issuer")[-6:], hit.group()[hit.start("open") - hit.start():].strip()
    start = next((i for i, char in enumerate(issuer) if char in _ISSUERS and i < len(issuer) - 1), 0)
    return issuer[start:] + rest


@rule(id="T004", title="发文字号不规范", family="text_quality", severity=WARNING, basis=("custom",),
      example="“某财资[20214]15号”年份多一位；“某财社(2002)15号”年份不合理。", remedy="核对原文件，年份用四位数字，外加六角括号〔〕。")
def document_numbers(case: Case) -> Iterable[Outcome]:
    """发文字号的年份应是四位，不应晚于本文件年度；项目依据的资金文件早于本年度十年以上的，多半是年份印错。括号不是六角括号〔〕的，全文合并为一条提示。"""
    relation = "发文字号的年份和括号"
    seen = wrong = False
    year = case.doc.year
    for passage in _texts(case.doc):
        for hit in _DOC_NUMBER.finditer(passage.text):
            seen = True
            printed, number = hit.group("year"), _short(hit)
            why = ""
            if len(printed) != 4 or not printed.startswith(("19", "20")):
                why = f"年份“{printed}”不是四位年份"
            elif year is not None and int(printed) > year + 1:
                why = f"年份 {printed} 晚于本文件的 {year} 年"
            elif year is not None and int(printed) < year - _OLD and passage.role in ("projects", "carried_projects", "performance") \
                    and "财" in hit.group("issuer"):
                why = f"年份 {printed} 距 {year} 年过远"
            if why:
                wrong = True
                yield problem(relation, f"发文字号“{number}”{why}", *passage.at(*hit.span()), actual=number,
                              severity=softened(WARNING, passage.ocr), suggestion="核对原文件的发文字号。", group=number)
            elif (hit.group("open"), hit.group("close")) not in _RIGHT and not passage.ocr:
                wrong = True
                yield problem(relation, f"发文字号“{number}”的年份应加六角括号〔〕", *passage.at(*hit.span()), actual=number, severity=INFO,
                              suggestion="改用六角括号〔〕。", group="brackets")
    if not seen:
        yield not_run(relation, "文中没有发文字号")
    elif not wrong:
        yield passed(relation)


_FIGURE = re.compile(r"(?<![\d.,．A-Za-z〔\[【])-?\d[\d.,．]*\d(?=\s*(?:万元|亿元|元|%|％))")
_GROUPED = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:[.．]\d+)?")


@rule(id="T005", title="数字写法错误", family="text_quality", basis=("mof-check-2017",),
      example="“12.345.67万元”，千分位误用小数点。", remedy="更正为“12,345.67万元”。")
def figures(case: Case) -> Iterable[Outcome]:
    """文字和表格中的金额应是写法正确的数字。两个小数点、千分位位数不对（12.345.67、1,23.45）的数无法确定大小，与它有关的勾稽也无法核对。"""
    relation = "金额的写法正确"
    seen = wrong = False
    for passage in (*narrative(case.doc), *notes(case.doc)):
        for hit in _FIGURE.finditer(passage.text):
            seen = True
            text = hit.group()
            if _GROUPED.fullmatch(text):
                continue
            wrong = True
            yield problem(relation, f"金额“{text}”的写法错误：“{passage.around(*hit.span())}”", *passage.at(*hit.span()), actual=text,
                          expected=_likely(text), severity=softened(ERROR, passage.ocr or case.doc.form == "text"), suggestion="核对后更正。")
    for table in case.doc.tables:
        if table.kind != "budget":
            continue
        amounts = {c.key: c for c in table.columns if c.kind == "amount"}
        for line in table.lines:
            for key, cell in line.cells.items():
                if key not in amounts or cell.amount is not None or is_blank(cell.text) or not looks_numeric(cell.text):
                    continue
                seen = wrong = True
                yield problem(relation, f"{table.id}“{line.label}”{amounts[key].label}一栏的“{cell.text}”不是正确的数字",
                              of_cell(cell, table.id, line.label, amounts[key].label), actual=cell.text, expected=_likely(cell.text),
                              severity=softened(ERROR, cell.ocr), suggestion="核对后更正。")
        seen = seen or bool(amounts)
    if not seen:
        yield not_run(relation, "文中没有金额")
    elif not wrong:
        yield passed(relation)


def _likely(text: str) -> str | None:
    """The figure that was meant, where only its separators are wrong: the last group of one or two digits are the decimals."""
    groups = re.split(r"[.,，．]", text.strip())
    if len(groups) < 2 or not all(g.lstrip("-").isdigit() for g in groups):
        return None
    whole, tail = groups[:-1], groups[-1]
    if len(tail) == 3:
        whole, tail = groups, ""
    if len(whole[0].lstrip("-")) > 3 or any(len(g) != 3 for g in whole[1:]):
        return None
    meant = ",".join(whole) + (f".{tail}" if tail else "")
    return meant if parse_decimal(meant) is not None else None


_BLANKS = re.compile(r"(?<![\d.])\d+(?:,\d{3})*(?:\.[ 　]+\d{1,2}|[ 　]+\.\d{1,2}|\.\d[ 　]+\d)(?=\s*(?:万元|亿元|元))")


@rule(id="T006", title="数字中间有空格", family="text_quality", severity=INFO, basis=("mof-check-2017",),
      example="“1234. 56万元”。", remedy="删去数字中间的空格。")
def blanks_in_figures(case: Case) -> Iterable[Outcome]:
    """一个数字中间夹了空格，容易被读成两个数。也可能只是文件转换造成的，故作提示；全文合并为一条。"""
    relation = "数字中间没有空格"
    seen = wrong = False
    for passage in narrative(case.doc):
        seen = True
        if passage.ocr:
            continue
        for hit in _BLANKS.finditer(passage.text):
            wrong = True
            yield problem(relation, f"数字中间有空格：“{passage.around(*hit.span())}”", *passage.at(*hit.span()), actual=hit.group(),
                          expected="".join(hit.group().split()), suggestion="删去空格。", group="blanks")
    if not seen:
        yield not_run(relation, NO_TEXT)
    elif not wrong:
        yield passed(relation)


_TERMS = (
    (re.compile(r"国有资产经营(?=预算)"), "国有资本经营", ERROR),
    (re.compile(r"国有资本(?:运营|运行)(?=预算)"), "国有资本经营", ERROR),
    (re.compile(r"政府性基本(?=预算)"), "政府性基金", ERROR),
    (re.compile(r"政府性资金(?=预算)"), "政府性基金", WARNING),
    (re.compile(r"一般(?:公用|公用性|共公|公益)(?=预算)"), "一般公共", ERROR),
    (re.compile(r"财政(?:拔|拨拨)款"), "财政拨款", ERROR),
    (re.compile(r"社会(?:保证|报障|保章)和就业"), "社会保障和就业", ERROR),
    (re.compile(r"[“\"]三(?:工|供|功)[”\"]经费"), "“三公”经费", ERROR),
    (re.compile(r"公务车用车"), "公务用车", WARNING),
    (re.compile(r"公务用车(?:购制|购致)"), "公务用车购置", ERROR),
    (re.compile(r"因公出(?:镜|竟)"), "因公出境", ERROR),
    (re.compile(r"机关运(?:形|型)经费"), "机关运行经费", ERROR),
    (re.compile(r"政府(?:彩购|采沟)"), "政府采购", ERROR),
    (re.compile(r"上年结(?:砖|传)"), "上年结转", ERROR),
    (re.compile(r"(?<![学练补复研温实])习(?:进|金)平|习近(?:乎|评|凭)|刁近平"), "习近平", ERROR),
)


@rule(id="T007", title="用语错误", family="text_quality", basis=("mof-check-2017", "budget-law-14"),
      example="“国有资产经营预算拨款收入”，应为“国有资本经营预算”。", remedy="改为规范用语。")
def wrong_terms(case: Case) -> Iterable[Outcome]:
    """预算术语和固定称谓的常见错写。只查一份固定的词表，例如把“国有资本经营预算”写成“国有资产经营预算”。"""
    relation = "预算术语的写法"
    seen = wrong = False
    for passage in _texts(case.doc):
        seen = True
        for pattern, right, severity in _TERMS:
            for hit in pattern.finditer(passage.text):
                wrong = True
                yield problem(relation, f"“{hit.group()}”应为“{right}”：“{passage.around(*hit.span())}”", *passage.at(*hit.span()),
                              expected=right, actual=hit.group(), severity=softened(severity, passage.ocr), suggestion=f"改为“{right}”。",
                              group=hit.group())
    if not seen:
        yield not_run(relation, NO_TEXT)
    elif not wrong:
        yield passed(relation)


_BARE_WAN = re.compile(r"(?<![\d.,])\d[\d,]*\.\d{1,2}万(?=[，。；、,;)）\s]|$)")


@rule(id="T008", title="金额单位写作“万”", family="text_quality", severity=INFO, basis=("custom",),
      example="“预算150.00万”，应为“150.00万元”。", remedy="补上“元”字。")
def bare_wan(case: Case) -> Iterable[Outcome]:
    """金额后面只写“万”而没有“元”。同一文件中其他金额都写“万元”的，应统一。全文合并为一条。"""
    relation = "金额单位写全"
    seen = wrong = False
    for passage in narrative(case.doc):
        seen = seen or "万元" in passage.text
        for hit in _BARE_WAN.finditer(passage.text):
            wrong = True
            yield problem(relation, f"金额“{hit.group()}”缺“元”字：“{passage.around(*hit.span())}”", *passage.at(*hit.span()),
                          expected=f"{hit.group()}元", actual=hit.group(), suggestion="补上“元”字。", group="bare")
    if not seen and not wrong:
        yield not_run(relation, "文字中没有以万元计的金额")
    elif not wrong:
        yield passed(relation)


_MIXED = re.compile(r"（[^（）()]{1,20}\)|\([^（）()]{1,20}）")


@rule(id="T009", title="括号全角半角混用", family="text_quality", severity=INFO, basis=("custom",),
      example="“行政事业单位医疗（款)”。", remedy="前后括号用同一种宽度。")
def bracket_widths(case: Case) -> Iterable[Outcome]:
    """一对括号一半是全角、一半是半角。不影响内容，全文合并为一条提示。"""
    relation = "一对括号同一宽度"
    seen = wrong = False
    for passage in narrative(case.doc):
        seen = True
        if passage.ocr:
            continue
        for hit in _MIXED.finditer(passage.text):
            wrong = True
            yield problem(relation, f"括号全角、半角混用：“{hit.group()}”", *passage.at(*hit.span()), actual=hit.group(),
                          suggestion="统一为全角括号。", group="widths")
    if not seen:
        yield not_run(relation, NO_TEXT)
    elif not wrong:
        yield passed(relation)
