"""K010–K011: what the text says of services to be bought against the catalogue that is attached."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.reference import Catalogue
from core.results import ERROR, INFO, WARNING, Outcome, not_run, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import says_none
from core.rules.passages import Passage, narrative, softened, title_evidence
from core.text import fold, fold_with_map

_QUOTED = re.compile(r"(?<![A-Z\d])([AB](?:\d\d){1,3})(?!\d)[:、\-\s]*([一-鿿()、,]{4,40}?)?(?=[。;:,)\s\d]|$)")
_LEVELLED = re.compile(r"[一二三四]级目录:\"?([一-鿿()、]{4,60}?)\"?(?=[。;,]|$)")
_PROVINCIAL = re.compile(r"^(?:省政府|省级|省直|省委|全省)")
_NO_CATALOGUE = re.compile(r"(?:本部门|本单位|我部门|我单位|我局)?(?:无|没有|未编制)[^。,;]{0,10}?政府购买服务(?:指导性)?目录")


def _own_codes(case: Case) -> dict[str, set[str]]:
    """Code to names (folded): those of the attached catalogue, else of the province's."""
    table = case.table("catalogue")
    entries = table.entries if table is not None else ()
    if not entries:
        return {code: set(names) for code, names in case.reference.catalogue.names_of.items()}
    found: dict[str, set[str]] = {}
    for entry in entries:
        found.setdefault(entry.code, set()).add(fold(entry.name))
    return found


def _passages(case: Case) -> Iterator[Passage]:
    for passage in narrative(case.doc):
        if passage.role == "service_catalogue_note":
            yield passage


@rule(id="K010", title="引用的目录条目不符", family="catalogue", severity=WARNING, basis=("mof-order-102", "shanxi-catalogue-2023"),
      example="乡镇的说明照抄省级机关才有的条目。", remedy="按本部门实际购买的服务填写目录代码和名称，没有的写“无”。")
def quoted_entries(case: Case) -> Iterable[Outcome]:
    """说明中引用的目录代码应在目录中，名称应是该代码的名称；“几级目录：某某服务”的名称应是目录中的条目。非省级单位引用“省政府……”“省级……”的条目，多半是照抄省级目录。引用条目不在摘录的目录中时，以省级目录为准。"""
    relation = "引用的目录条目在目录中"
    catalogue = case.reference.catalogue
    known = _own_codes(case)
    everywhere = {name for names in known.values() for name in names} | {name for names in catalogue.names_of.values() for name in names}
    province = fold(case.doc.unit_name.value)
    found = wrong = False
    for passage in _passages(case):
        text, where = fold_with_map(passage.text)
        for hit in _QUOTED.finditer(text):
            found = True
            outcome = _code(passage, hit, known, catalogue, where)
            if outcome is not None:
                wrong = True
                yield outcome
        for hit in _LEVELLED.finditer(text):
            found = True
            name, start, end = hit.group(1), where[hit.start(1)], where[hit.end(1) - 1] + 1
            local = bool(province) and not re.match(r".{2,3}省", province) and bool(re.search("[县市区乡镇]|街道", province))
            if name not in everywhere:
                wrong = True
                yield problem(relation, f"说明引用的目录条目“{name}”不在目录中", *passage.at(start, end), actual=name,
                              severity=softened(WARNING, passage.ocr), suggestion="按目录中的名称填写。")
            elif local and _PROVINCIAL.match(name):
                wrong = True
                yield problem(relation, f"说明引用的“{name}”是省级机关的条目，与本单位不符，疑为照抄", *passage.at(start, end), actual=name,
                              severity=softened(WARNING, passage.ocr), suggestion="按本单位实际填写，没有的写“无”。")
    if not found:
        yield not_run(relation, "说明没有引用目录条目")
    elif not wrong:
        yield passed(relation)


def _code(passage: Passage, hit: re.Match[str], known: dict[str, set[str]], catalogue: Catalogue, where: list[int]) -> Outcome | None:
    """What is wrong with a quoted code, if anything."""
    code, name = hit.group(1), hit.group(2) or ""
    names = known.get(code, set()) | set(catalogue.names_of.get(code, ()))
    place = passage.at(where[hit.start()], where[hit.end() - 1] + 1)
    if not names:
        return problem("引用的目录条目在目录中", f"说明引用的目录代码 {code} 不在目录中", *place, actual=code,
                       severity=softened(ERROR if known else WARNING, passage.ocr), suggestion="核对目录代码。")
    if name and name not in names:
        shown = catalogue.usual_name(code) or sorted(names)[0]
        return problem("引用的目录条目在目录中", f"说明引用的 {code} 名称是“{name}”，目录中是“{shown}”", *place, expected=shown, actual=name,
                       severity=softened(WARNING, passage.ocr), suggestion="按目录更正名称。")
    return None


@rule(id="K011", title="说明没有目录却附了目录", family="catalogue", severity=WARNING, basis=("mof-order-102",),
      example="说明写“本部门无政府购买服务指导性目录”，随后附省级目录全文。", remedy="没有的，删去所附目录；适用省级目录的，写明适用并摘取本部门部分。")
def said_to_have_none(case: Case) -> Iterable[Outcome]:
    """说明写没有政府购买服务指导性目录的，后面不应又附目录全文；说明没有购买项目而附目录的，只作提示。"""
    relation = "说明与所附目录一致"
    table = case.table("catalogue")
    section = case.doc.section("service_catalogue_note")
    if table is None or section is None:
        yield not_run(relation, "没有附目录，或没有该节说明")
        return
    denial = next((p for p in section.paragraphs if _NO_CATALOGUE.search(fold(p.text))), None)
    no_project = next((p for p in section.paragraphs if says_none(p.text) and len(p.text) <= 40), None)
    first = denial or no_project
    if first is None:
        yield passed(relation, *of_span(section.span, "source"))
        return
    message = (f"说明写“{first.text[:30]}”，文件却附有《{table.title}》" if denial else
               f"说明写“{first.text[:30]}”，其后直接附《{table.title}》全文，没有说明二者的关系")
    yield problem(relation, message, *of_span(first.span()), *title_evidence(table, "source"), actual=first.text[:30],
                  severity=softened(WARNING if denial else INFO, first.ocr), suggestion="删去所附目录，或写明适用省级目录并摘取本部门部分。")
