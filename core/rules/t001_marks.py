"""T001–T003: doubled punctuation and words, brackets and quotes that do not pair."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from core.results import INFO, WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import BLANK
from core.rules.passages import Passage, is_blank_template, names, narrative, softened

_MARKS = "。，、；：,;:"
_PAIRS = {"）": "（", ")": "(", "》": "《", "〉": "〈", "】": "【", "〕": "〔", "]": "[", "”": "“", "’": "‘", "」": "「", "』": "『"}
_ALIKE = {"（": "(", "）": ")", "［": "[", "］": "]", "〈": "《", "〉": "》"}
_LIST_MARK = re.compile(r"(?:^|[。；;，,、：:\s（(])(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[A-Za-z])[）)]")
NO_TEXT = "没有识别出文字"


def doubled(text: str) -> Iterator[tuple[int, int]]:
    """Places of two marks in a row that no sentence needs; an ellipsis or a row of three is something else."""
    for hit in re.finditer(f"[{_MARKS}](?:[ 　]*[{_MARKS}])+", text):
        marks = re.sub(r"\s", "", hit.group())
        before, after = text[max(0, hit.start() - 1):hit.start()], text[hit.end():hit.end() + 1]
        if len(marks) > 2 or before in {".", "…"} or after in {".", "…"}:
            continue
        if all(m in ",;:" for m in marks) and (before.isdigit() and after.isdigit() or marks in ("::", ";;") and before.isascii()):
            continue
        yield hit.span()


@rule(id="T001", title="标点重复", family="text_quality", severity=WARNING, basis=("mof-check-2017",),
      example="“……减少了12.00万元。；本年部门预算支出……”", remedy="删去多余的标点。")
def doubled_marks(case: Case) -> Iterable[Outcome]:
    """两个标点连用（“。；”“。。”“，，”），多半是拼接段落时没有删净。省略号和三个以上的连点不算。"""
    relation = "没有重复的标点"
    if is_blank_template(case.doc):
        yield not_run(relation, BLANK)
        return
    seen = wrong = False
    for passage in narrative(case.doc):
        seen = True
        for start, end in doubled(passage.text):
            wrong = True
            mark = re.sub(r"\s", "", passage.text[start:end])
            yield problem(relation, f"标点重复“{mark}”：“{passage.around(start, end)}”", *passage.at(start, end), actual=mark,
                          severity=softened(WARNING, passage.ocr), suggestion="删去其中一个。", group=mark)
    if not seen:
        yield not_run(relation, NO_TEXT)
    elif not wrong:
        yield passed(relation)


_WORDS = re.compile(r"(主要|其中|增加|减少|增长|下降|万元|以及|或者|并且|因此|由于|按照|根据|截至|包括|比上年|我单位|我部门|本单位|本部门|主要原因|主要用于|原因是|主要原因是)\1|"
                    r"的的(?!确)|了了(?![解然事])|(?<![一二三四五六七八九十百千万\d])元元")


@rule(id="T002", title="字词重复", family="text_quality", severity=WARNING, basis=("mof-check-2017",),
      example="“主要原因是主要原因是人员增加”。", remedy="删去重复的字词。")
def doubled_words(case: Case) -> Iterable[Outcome]:
    """连写两遍的字词。只查一份固定的词表，像“人民政府政府采购”“事业单位单位资金”这样前后各成一词的不算。"""
    relation = "没有重复的字词"
    seen = wrong = False
    for passage in narrative(case.doc):
        seen = True
        for hit in _WORDS.finditer(passage.text):
            wrong = True
            yield problem(relation, f"字词重复“{hit.group()}”：“{passage.around(*hit.span())}”", *passage.at(*hit.span()), actual=hit.group(),
                          severity=softened(WARNING, passage.ocr), suggestion="删去重复的字词。")
    if not seen:
        yield not_run(relation, NO_TEXT)
    elif not wrong:
        yield passed(relation)


def unpaired(text: str) -> list[int]:
    """Places of brackets and quotes without a partner. Widths are made equal; a list mark like “1）” needs none."""
    free = {m.end() - 1 for m in _LIST_MARK.finditer(text)}
    opened: list[tuple[str, int]] = []
    lone: list[int] = []
    pairs = {_ALIKE.get(c, c): _ALIKE.get(o, o) for c, o in _PAIRS.items()}
    for index, char in enumerate(text):
        mark = _ALIKE.get(char, char)
        if mark in pairs.values():
            opened.append((mark, index))
        elif mark in pairs:
            if opened and opened[-1][0] == pairs[mark]:
                opened.pop()
            elif any(o == pairs[mark] for o, _ in opened):
                while opened[-1][0] != pairs[mark]:
                    lone.append(opened.pop()[1])
                opened.pop()
            elif index not in free:
                lone.append(index)
    return sorted(lone + [i for _, i in opened])


@rule(id="T003", title="括号、引号不配对", family="text_quality", severity=INFO, basis=("mof-check-2017",),
      example="“困难群众补助资金(某财社〔2023〕15号”缺右括号。", remedy="补上缺少的一半，或删去多余的一半。")
def pairs(case: Case) -> Iterable[Outcome]:
    """括号、书名号、引号应成对。以段落为单位检查，跨页被拆开的段落与前后段合起来看；序号“1）”不算。项目名称中的括号也查。"""
    relation = "括号、引号成对"
    if is_blank_template(case.doc):
        yield not_run(relation, BLANK)
        return
    seen = wrong = False
    for passage, lone in _whole(case):
        seen = True
        for index in lone:
            wrong = True
            yield problem(relation, f"“{passage.text[index]}”没有配对：“{passage.around(index, index + 1, 14)}”", *passage.at(index, index + 1),
                          actual=passage.text[index], suggestion="补上或删去。", group="names" if not passage.narrative else "")
    if not seen:
        yield not_run(relation, NO_TEXT)
    elif not wrong:
        yield passed(relation)


def _whole(case: Case) -> Iterator[tuple[Passage, list[int]]]:
    """Paragraphs and names of projects with their lone marks; those that pair with a neighbour's, or that OCR read, are let go."""
    groups: list[Sequence[Passage]] = [[Passage(p.text, "front", p) for p in case.doc.front]]
    groups += [[Passage(p.text, s.role, p) for p in s.paragraphs] for s in case.doc.sections]
    for group in groups:
        for index, passage in enumerate(group):
            lone = [] if passage.ocr else unpaired(passage.text)
            joined = [(group[i].text, group[i + 1].text) for i in (index - 1, index) if i >= 0 and i + 1 < len(group)] if lone else []
            torn = any(len(unpaired(a + b)) < len(unpaired(a)) + len(unpaired(b)) for a, b in joined)
            yield passage, [] if torn else lone
    for passage in names(case.doc):
        if passage.role in ("projects", "carried_projects"):
            yield passage, [] if passage.ocr else unpaired(passage.text)
