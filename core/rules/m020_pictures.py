"""M020: pictures in a Word file, of which nothing is known."""
from __future__ import annotations

from collections.abc import Iterable

from core.model import UNREAD_PICTURE
from core.results import INFO, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import narrative


@rule(id="M020", title="图片没有读取", family="metadata", severity=INFO, basis=("custom",),
      example="Word 文件中有一张 15 × 20 厘米的图片，里面可能是一张报表。", remedy="打开由它生成的 PDF（扫描页会自动识别），或人工核对图片中的内容。")
def pictures(case: Case) -> Iterable[Outcome]:
    """Word 文件里大的图片（6 × 4 厘米以上）可能是扫描的报表或盖章页，其中的文字和数字没有读取，也没有检查。"""
    relation = "文件中没有未读的大图片"
    if case.doc.path.lower().endswith(".pdf"):
        yield not_run(relation, "PDF 的图片页由文字识别读取，没有读出的页另行列出")
        return
    found = [p for p in narrative(case.doc) if p.text.startswith(UNREAD_PICTURE)]
    if not found:
        yield passed(relation)
        return
    yield problem(relation, f"文件中有 {len(found)} 张大的图片，图片里的文字和表格没有读取，也没有检查", *(e for p in found for e in p.at(0, len(p.text))),
                  severity=INFO, suggestion="打开由它生成的 PDF，扫描页会自动识别。")
