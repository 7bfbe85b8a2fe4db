"""Figures of the narrative know the cells they were checked against."""
from dataclasses import replace

from core.citations import AGREES, UNVERIFIED, WRONG, citations, citing, section_at, sentence_at
from core.results import Coverage, Result
from tests.builders import document
from tests.gui.demo import CHANGE, demo_result


def texts(result):
    out = {}
    for c in citations(result):
        paragraph = result.document.sections[c.section].paragraphs[c.paragraph]
        out.setdefault(paragraph.text[c.start:c.end], []).append(c)
    return out


def test_a_figure_that_agrees_names_its_cell():
    (found,) = texts(demo_result())["1000.50"]
    assert found.state == AGREES and [(e.table, e.row) for e in found.cells] == [("表三", "合计")]


def test_a_figure_that_fails_brings_its_finding():
    (found,) = texts(demo_result())["10.33%"]
    assert found.state == WRONG and found.finding.rule == "N105" and found.severity == "error"


def test_a_figure_that_nothing_looked_at_is_said_to_be_unverified():
    (found,) = texts(demo_result())["112.36万元"]
    assert found.state == UNVERIFIED and not found.checks


def test_a_cell_finds_the_sentences_that_cite_it():
    result = demo_result()
    total = result.document.table("表三").line("合计").cells["合计"]
    assert [c.section for c in citing(citations(result), "表三", total)] == [1]


def test_figures_do_not_overlap():
    found = citations(demo_result())
    for one, two in zip(found, found[1:], strict=False):
        assert (one.section, one.paragraph) != (two.section, two.paragraph) or one.end <= two.start


def test_the_sentence_of_a_place():
    paragraph = demo_result().document.sections[0].paragraphs[0]
    assert sentence_at(paragraph, 5) == (0, len(CHANGE))


def test_the_section_of_a_place():
    result = demo_result()
    assert section_at(result.document, 21, (50, 100, 60, 110)).id == "3.3"
    assert section_at(result.document, 2, (50, 100, 60, 110)) is None


def test_nothing_to_cite():
    assert citations(Result(document(), (), (), Coverage(0, 0))) == ()


def test_paragraphs_without_boxes_are_linked_by_their_words():
    result = demo_result()
    bare = []
    for section in result.document.sections:
        part = f"正文 {section.id}"
        paragraphs = tuple(replace(p, chars=tuple((part, None) for _ in p.text)) for p in section.paragraphs)
        bare.append(replace(section, paragraphs=paragraphs))
    checks = tuple(replace(c, evidence=tuple(replace(e, page=f"正文 {_section(result, e)}", box=None) if e.cell is None and e.text else e
                                             for e in c.evidence)) for c in result.checks)
    word = replace(result, document=replace(result.document, sections=tuple(bare)), checks=checks)
    (found,) = texts(word)["1000.50"]
    assert found.state == AGREES and found.cells[0].table == "表三"


def _section(result, evidence):
    return next((s.id for s in result.document.sections if s.title == evidence.row), "")
