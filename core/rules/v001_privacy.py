"""V001–V004: personal numbers and marks of internal papers."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.model import Cell
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import Passage, everything, softened

_MOBILE = re.compile(r"(?<![\d.,\-])1[3-9]\d(?:[ \-]?\d{4}){2}(?!\s*(?:\d|\.\d|,\d|万?元|%|[-—]\d))")
_CONTACT = re.compile(r"电话|手机|联系|负责人|经办|填表|填报|咨询|热线|微信|(?:^|[:：、，,\s])[一-鿿]{2,3}[（(:：\s]*$")
_ID = re.compile(r"(?<!\d)([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?!\d)")
_CARD = re.compile(r"(?<![\d.,])((?:62|4|5[1-5]|35|3[47])\d{2}(?:[ ]?\d{4}){2,3}[ ]?\d{1,4})(?!\d|\s*万?元|\.\d)")
_CARD_WORD = re.compile(r"卡号|账号|帐号|银行|开户|收款|户名")
_MARK = re.compile(r"(?:绝密|机密|秘密)\s*[★☆]|^\s*(?:绝密|机密|秘密)\s*$|内部(?:资料|文件|材料)[，,、\s]*(?:注意保存|请勿外传|不得外传|严禁外传|妥善保管|仅供参考)?$|"
                   r"仅供内部(?:审核|审阅|使用|参考|讨论)|仅限内部(?:使用|传阅)|(?:送审|征求意见|讨论|内部审核)稿(?![一-鿿])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mask(number: str) -> str:
    """Personal numbers are never repeated in full: first three and last four remain."""
    plain = re.sub(r"\D", "", number[:-1]) + number[-1]
    return f"{plain[:3]}{'*' * (len(plain) - 7)}{plain[-4:]}"


def valid_id(number: str) -> bool:
    """Whether the check digit of an 18-digit ID number is right (GB 11643)."""
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def luhn(number: str) -> bool:
    """Whether a card number's check digit is right."""
    digits = [int(d) for d in number if d.isdigit()][::-1]
    return (sum(digits[::2]) + sum(d * 2 - 9 * (d > 4) for d in digits[1::2])) % 10 == 0


def _exact(passage: Passage, start: int, end: int) -> tuple[Evidence, ...]:
    """The place of a number: evidence holds what is printed there, also in a cell with more in it. What is shown and exported as text is masked."""
    return tuple(replace(e, text=passage.text[start:end] if i == 0 else "") for i, e in enumerate(passage.at(start, end)))


def _sentence(passage: Passage, start: int, end: int) -> tuple[Evidence, ...]:
    """The sentence around it: a name beside a number is what makes it a person's."""
    if not passage.narrative:
        return ()
    first = max(passage.text.rfind(stop, 0, start) for stop in "。；;\n") + 1
    last = min((at for stop in "。；;\n" if (at := passage.text.find(stop, end)) >= 0), default=len(passage.text))
    return passage.at(first, last, "source")


def _outcomes(case: Case, relation: str, hits: Iterable[tuple[Passage, int, int, str, str]], group: str) -> Iterator[Outcome]:
    """One problem for each hit: passage, start, end, severity, word for the kind of number."""
    wrong = False
    for passage, start, end, severity, kind in hits:
        wrong = True
        shown = mask(passage.text[start:end])
        yield problem(relation, f"公开了{kind}（{shown}）", *_exact(passage, start, end), *_sentence(passage, start, end), actual=shown,
                      severity=softened(severity, passage.ocr), suggestion="删去，或遮盖中间各位后再公开。", group=group)
    if not wrong:
        yield passed(relation) if any(True for _ in everything(case.doc)) else not_run(relation, "没有识别出文字")


@rule(id="V001", title="公开了手机号码", family="privacy", basis=("open-information-15",),
      example="绩效目标表下方“联系电话：138****5678”。", remedy="删去手机号码，改用单位固定电话。")
def mobile_numbers(case: Case) -> Iterable[Outcome]:
    """个人手机号码属于个人信息，不应随预决算公开。与姓名、联系电话等字样在一起的作错误，单独出现的作提醒。消息中只显示前三位和后四位；全文合并为一条，注明处数。"""
    def hits() -> Iterator[tuple[Passage, int, int, str, str]]:
        for passage in everything(case.doc):
            if isinstance(passage.source, Cell) and passage.source.amount is not None:
                continue
            for hit in _MOBILE.finditer(passage.text):
                near = _CONTACT.search(passage.text[max(0, hit.start() - 14):hit.start()]) or passage.role == "performance" or not passage.narrative
                yield passage, hit.start(), hit.end(), ERROR if near else WARNING, "个人手机号码"

    yield from _outcomes(case, "没有个人手机号码", hits(), "mobile")


@rule(id="V002", title="公开了身份证号码", family="privacy", basis=("open-information-15",),
      example="补助名单中列出 18 位身份证号。", remedy="删去身份证号，或只保留前三位、后四位。")
def id_numbers(case: Case) -> Iterable[Outcome]:
    """18 位公民身份号码，出生日期成立且校验码正确的，确定是身份证号码。校验码不对的不报。"""
    def hits() -> Iterator[tuple[Passage, int, int, str, str]]:
        for passage in everything(case.doc):
            for hit in _ID.finditer(passage.text):
                if valid_id(hit.group(1)):
                    yield passage, hit.start(), hit.end(), ERROR, "身份证号码"

    yield from _outcomes(case, "没有身份证号码", hits(), "id")


@rule(id="V003", title="公开了银行卡号", family="privacy", basis=("open-information-15",),
      example="“户名张某，卡号6222……”。", remedy="删去银行卡号。")
def card_numbers(case: Case) -> Iterable[Outcome]:
    """16 至 19 位、校验码正确，且旁边有卡号、账号、开户等字样的，是银行卡号。没有这些字样的长数字不报。"""
    def hits() -> Iterator[tuple[Passage, int, int, str, str]]:
        for passage in everything(case.doc):
            for hit in _CARD.finditer(passage.text):
                digits = re.sub(r"\D", "", hit.group(1))
                around = passage.text[max(0, hit.start() - 20):hit.end() + 10]
                if 16 <= len(digits) <= 19 and luhn(digits) and _CARD_WORD.search(around) and not (len(digits) == 18 and valid_id(digits)):
                    yield passage, hit.start(), hit.end(), ERROR, "银行卡号"

    yield from _outcomes(case, "没有银行卡号", hits(), "card")


@rule(id="V004", title="带有内部或密级标志", family="privacy", severity=WARNING, basis=("budget-law-14", "open-information-15"),
      example="每页有“仅供内部审核”水印。", remedy="确认可以公开，换上不带标志的正式稿。")
def internal_marks(case: Case) -> Iterable[Outcome]:
    """公开稿不应带有“机密★”“内部资料”“仅供内部审核”“送审稿”等标志。只查标志本身，职责中写到的“保守国家机密”不算。是否涉密由人判断。"""
    relation = "没有内部或密级标志"
    wrong = seen = False
    for passage in everything(case.doc):
        seen = True
        for hit in _MARK.finditer(passage.text):
            wrong = True
            yield problem(relation, f"文中有标志“{hit.group().strip()}”", *passage.at(*hit.span()), actual=hit.group().strip(),
                          severity=softened(WARNING, passage.ocr), suggestion="确认可以公开，换上正式稿。", group=hit.group().strip())
    if not wrong:
        for page in case.doc.pages:
            for word in page.words:
                if _MARK.search(word.text):
                    wrong = True
                    yield problem(relation, f"页面上有标志“{word.text}”", Evidence(page.number, word.box, text=word.text, ocr=word.confidence is not None),
                                  actual=word.text, suggestion="确认可以公开，换上正式稿。", group=word.text)
    if not wrong:
        yield passed(relation) if seen or case.doc.pages else not_run(relation, "没有识别出文字")
