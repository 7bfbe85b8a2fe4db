"""What a section of the narrative speaks of, by the role its template gives it, else by its title or the section above it."""
from __future__ import annotations

import re
from collections.abc import Sequence

from core.model import Section
from core.text import fold

_ROLES = {
    "change_note": "change", "income_note": "income", "expenditure_note": "expenditure", "appropriation_note": "appropriation",
    "general_note": "general", "general_scale_note": "general", "general_structure_note": "general", "general_detail_note": "general",
    "basic_note": "basic", "three_public_note": "three_public", "fund_note": "fund", "capital_note": "capital",
    "operating_note": "operating", "procurement_note": "procurement", "performance_note": "performance",
    "overall_performance_note": "performance", "project_performance_note": "performance", "assets_note": "assets",
    "service_catalogue_note": "service", "project_note": "project", "part_notes": "notes", "other_note": "other", "other_rest_note": "other",
    "part_other": "other", "duties": "", "organisation": "", "glossary": "", "part_overview": "", "part_tables": "",
}
_TITLES = (
    ("", r"名词解释|主要(?:职能|职责)|职责$|机构设置|单位构成|概况$|目录$"),
    ("three_public", r'三公"?经费'), ("operating", "机关运行经费"), ("service", "政府购买服务"), ("procurement", "政府采购"),
    ("assets", "国有资产|资产占有"), ("performance", "绩效"), ("fund", "政府性基金"), ("capital", "国有资本经营"),
    ("basic", "基本支出"), ("project", "项目经费|\\(项目\\)"), ("general", "一般公共预算"), ("appropriation", "财政拨款收(?:支|入支出)"),
    ("change", "收支(?:预算|决算)?(?:数据)?(?:总体|变动)|收支(?:预算|决算)?总[体表]|收入支出(?:预算|决算)总体|收支情况"), ("income", "收入(?:预算|决算|总体|总表)"),
    ("expenditure", "支出(?:预算|决算|总体|总表)"), ("notes", "编制说明|情况说明"),
)


def topics(sections: Sequence[Section]) -> dict[int, str]:
    """For each section's position its topic; "" where no figures are to be bound (职责, 名词解释)."""
    found: dict[int, str] = {}
    open_sections: list[tuple[int, str]] = []
    for index, section in enumerate(sections):
        while open_sections and open_sections[-1][0] >= section.level:
            open_sections.pop()
        above = open_sections[-1][1] if open_sections else None
        topic = _ROLES.get(section.role) if section.role else None
        if topic is None:
            title = fold(section.title)
            topic = next((name for name, pattern in _TITLES if re.search(pattern, title)), None)
        if above == "project":
            topic = above
        if topic is None or topic == "notes" and above not in (None, "", "notes"):
            topic = above if above is not None else "notes"
        found[index] = topic
        open_sections.append((section.level, topic))
    return found
