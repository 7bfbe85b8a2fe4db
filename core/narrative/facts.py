"""All statements of a disclosure's narrative with their sections and cells; the facts that formulas and the window use."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.model import Document, Paragraph, Section, Span
from core.narrative.binding import Binding, Bound, bind, binds, find_item, near_items
from core.narrative.binding import at as bound_at
from core.narrative.grammar import Statement, read_paragraphs
from core.narrative.lexer import Figure, Folded, folded
from core.narrative.topics import topics
from core.numbers import Amount
from core.results import Evidence, of_span
from core.rules.base import Case
from core.text import fold

_NUMBERED = re.compile(r"\d{1,2}[.、．](?!\d)|[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[一二三四]")
_HEAD = re.compile(r"(?:\d{1,2}[.、．]|[(（]\d{1,2}[)）])\s*[^。，,：:；;\d]{2,24}。(?=\s*20\d\d年)"
                   r"|(?:\d{1,2}[.、．]|[(（][一二三四五六七八九十\d]{1,3}[)）])\s*[^。，,：:；;\d]{2,24}[。：:](?=\s*20\d\d年度?(?:年初)?预算(?:数|安排|为|\d))")
ROLE_LABELS = {
    "value": "金额", "again": "金额", "count": "数量", "prior": "上年数", "change": "增减额", "rate": "增减率", "share": "占比",
    "budget": "预算数", "done": "完成率",
}


@dataclass(frozen=True, eq=False)
class Told:
    """A statement where it stands, bound to the cells of its value."""

    statement: Statement
    section: Section
    topic: str
    binding: Binding | None

    @property
    def subject(self) -> str:
        return self.statement.subject

    @property
    def label(self) -> str:
        """How a finding names the subject."""
        item = self.statement.item
        return "—".join(item.names) if item else self.statement.subject or (self.binding.label if self.binding else "") or "该处"

    def span(self, figure: Figure) -> Span:
        return self.statement.source.span(figure.start, figure.end)

    def evidence(self, figure: Figure, what: str, role: str = "actual") -> tuple[Evidence, ...]:
        """The exact figure as evidence, named by its subject and the part it plays."""
        return of_span(self.span(figure), role, row=self.label, column=ROLE_LABELS.get(what, what))

    def words(self, start: int, end: int, role: str = "actual", column: str = "") -> tuple[Evidence, ...]:
        return of_span(self.statement.source.span(start, end), role, row=self.label, column=column)

    def sentence(self) -> str:
        """The whole paragraph as printed, for messages."""
        return self.statement.source.paragraph.text


@dataclass(frozen=True, eq=False)
class Narrative:
    """Everything the narrative says, in reading order."""

    told: tuple[Told, ...]
    sources: tuple[tuple[Section, str, Folded], ...]

    def of(self, topic: str) -> list[Told]:
        return [t for t in self.told if t.topic == topic]

    def find(self, statement: Statement | None) -> Told | None:
        return next((t for t in self.told if t.statement is statement), None) if statement is not None else None

    def quantity(self, name: str, *, topic: str = "") -> list[Told]:
        return [t for t in self.told if t.binding and t.binding.quantity == name and not t.statement.in_reason and topic in ("", t.topic)]


@dataclass(frozen=True)
class Fact:
    """One figure of the narrative. `role`: value, again, count, prior, change, rate, share, budget, done.

    `quantity` is what it is (income_total, three_public, class:农林水支出, item:…; "" when not recognised), `cells` where the tables hold it.
    """

    subject: str
    quantity: str
    role: str
    kind: str
    year: int | None
    amount: Amount | None
    text: str
    span: Span
    section: Section
    cells: tuple[Bound, ...] = ()


def narrative(doc: Document) -> Narrative:
    """The document's narrative as statements; read once and kept with the document."""
    kept = doc.__dict__.get("_narrative")
    if isinstance(kept, Narrative):
        return kept
    made = _read(doc)
    doc.__dict__["_narrative"] = made
    return made


def bodies(doc: Document) -> tuple[str, ...]:
    """The disclosing body's name as subjects may begin with it, the longest form first."""
    name = fold(doc.unit_name.value)
    plain = name.removesuffix("(部门)").removesuffix("(单位)").removesuffix("(本级)").removesuffix("(本部)")
    return tuple(n for n in dict.fromkeys((name, plain)) if len(n) > 3)


def _read(doc: Document) -> Narrative:
    about = topics(doc.sections)
    names = bodies(doc)
    told: list[Told] = []
    sources: list[tuple[Section, str, Folded]] = []
    for index, section in enumerate(doc.sections):
        topic = about[index]
        paragraphs = [folded(_headed(p)) for p in _joined(section.paragraphs)]
        sources += [(section, topic, p) for p in paragraphs]
        if not topic:
            continue
        for statement in read_paragraphs(paragraphs, doc.year, lambda s, t=topic: binds(s, t), names):  # type: ignore[misc]
            told.append(Told(statement, section, topic, _binding(doc, topic, statement)))
    return Narrative(tuple(told), tuple(sources))


def _joined(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs, those put together that break off in mid-sentence: a printed line may end before a figure."""
    found: list[Paragraph] = []
    for paragraph in paragraphs:
        before = found[-1] if found else None
        if before is not None and _goes_on(before.text.strip(), paragraph.text.strip()):
            found[-1] = Paragraph(before.text + paragraph.text, before.section, before.chars + paragraph.chars, before.ocr or paragraph.ocr)
        else:
            found.append(paragraph)
    return found


def _headed(paragraph: Paragraph) -> Paragraph:
    """"2.公务接待费。2025年预算数1.50万元": the name that heads the paragraph is what its first figure speaks of, as if no stop stood behind it."""
    found = _HEAD.match(paragraph.text)
    if found is None:
        return paragraph
    at = found.end() - 1
    return replace(paragraph, text=f"{paragraph.text[:at]} {paragraph.text[at + 1:]}")


def _goes_on(before: str, after: str) -> bool:
    if not before or not after:
        return False
    if after[0] in "。；，、：;,":
        return True
    return len(before) >= 25 and before[-1] not in "。；：;:！？!?）)”\"》" and not _NUMBERED.match(after)


def _binding(doc: Document, topic: str, statement: Statement) -> Binding | None:
    if statement.in_reason:
        return None
    if statement.item is not None:
        return _item_binding(doc, topic, statement)
    if topic == "basic" and statement.parent is None or topic != "performance":
        return bind(doc, topic, statement.subject)
    return None


_ITEM_TABLES = {"fund": ("fund",), "capital": ("capital",)}


def _item_binding(doc: Document, topic: str, statement: Statement) -> Binding:
    assert statement.item is not None
    name = "—".join(statement.item.names)
    for role in _ITEM_TABLES.get(topic, ("general", "fund", "capital")):
        table = doc.table(role)
        column = table.column("合计") if table else None
        if table is None or column is None:
            continue
        line = find_item(table, statement.item)
        if line is None and len(near := near_items(table, statement.item)) == 1:
            line = near[0]
        if line is not None:
            return Binding("item:" + line.code, name, (bound_at(table, line, column),))
    known = any(doc.table(r) is not None for r in _ITEM_TABLES.get(topic, ("general",)))
    return Binding("item:", name, (), "表中未找到这一科目" if known else "未识别到一般公共预算支出表")


def narrative_facts(case: Case) -> list[Fact]:
    """Every figure of the narrative with what it is and which cells hold it, in reading order."""
    facts: list[Fact] = []
    for told in narrative(case.doc).told:
        facts += _facts_of(told)
    return facts


def _facts_of(told: Told) -> list[Fact]:
    s = told.statement
    parts: Sequence[tuple[str, Figure | None]] = (
        ("value", s.value), ("count", s.count), *(("again", f) for f in s.again), ("prior", s.prior), ("change", s.change), ("rate", s.rate),
        ("share", s.share), *(("budget", f) for _, f in s.budgets), ("done", s.done))
    cells = told.binding.cells if told.binding else ()
    quantity = told.binding.quantity if told.binding else ""
    return [Fact(told.subject, quantity, role, f.kind, s.year, f.amount, f.text, told.span(f), told.section,
                 cells if role in ("value", "again") else ()) for role, f in parts if f is not None]
