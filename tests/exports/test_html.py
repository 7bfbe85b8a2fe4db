"""The report: self-contained, and nothing in a document can become markup."""
from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from core.exports.html import render, write_html
from core.review_file import Verdict
from tests.exports.samples import failed_entry, sample_entry


def test_it_tells_findings_relations_and_the_verdict() -> None:
    text = render([sample_entry()])
    for part in ("合计两表不一致", "■ 错误", "▲ 警告", "1200.00", "1300.50", "100.50", "《预算法》第四十六条", "没有表七", "○ 未运行", "检查不完整"):
        assert part in text


def test_text_of_the_document_is_never_markup() -> None:
    entry = sample_entry("<img src=x onerror=alert(1)>.pdf")
    text = render([entry])
    assert "<img" not in text and "&lt;img" in text and "不一致 &lt;b&gt;" in text


def test_nothing_is_fetched_or_run() -> None:
    text = render([sample_entry()])
    assert not re.search(r"<script|<link|<img|src=|https?://|@import|url\(", text)
    assert "default-src 'none'" in text


def test_several_documents_have_a_list_that_leads_to_each() -> None:
    text = render([sample_entry("a.pdf"), failed_entry("坏.pdf")])
    assert '<a href="#d2">坏.pdf</a>' in text and '<section id="d2">' in text and text.count("文件已加密") == 2


def test_the_verdict_of_the_reviewer_is_shown() -> None:
    entry = sample_entry()
    assert entry.result
    verdict = Verdict("dismissed", "四舍五入所致", "", "张三")
    assert "排除，四舍五入所致，张三" in render([replace(entry, verdicts={entry.result.findings[0].fingerprint: verdict})])


def test_it_is_written_whole(tmp_path: Path) -> None:
    write_html(tmp_path / "报告.html", [sample_entry()])
    assert (tmp_path / "报告.html").read_text("utf-8").rstrip().endswith("</html>")
