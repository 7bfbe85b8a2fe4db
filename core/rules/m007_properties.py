"""M007: what the file itself says of its title and author."""
from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from core.results import INFO, WARNING, Evidence, Outcome, not_run, of_span, passed, problem
from core.rules.base import Case, rule
from core.text import fold

_CHINESE = re.compile(r"[一-鿿]")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PERSON = re.compile(r"[一-鿿]{2,3}|[一-鿿]{1,2}·[一-鿿]{1,4}")
_NOT_PERSON = re.compile(r"局|委|办|部|厅|院|校|所|站|队|馆|会|处|中心|政府|财政|用户|公司|系统|软件|微软|管理员|单位|部门|办公|作者|匿名|电脑|科技|雨林|番茄|深度|文档|默认")
_SURNAMES = frozenset("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
                      "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀惠甄家封靳"
                      "段巫焦牧山谷车侯全班秋仲伊宫宁仇栾甘祖武符刘景詹束龙叶幸司黎薄印白怀蒲台从索咸赖卓蔺屠乔闻党翟谭贡姬申冉雍桑桂牛寿通边燕尚农温庄晏柴瞿阎慕连习艾容向古易慎戈廖终衡步都耿满匡国文寇广阙东欧利师巩聂晁敖冷辛阚那简饶曾沙丰关查游权益桓公闫肖苑")


@rule(id="M007", title="文件属性没有清理", family="metadata", severity=WARNING, basis=("custom", "open-information-15"),
      example="文件属性的标题是另一单位上年的决算，作者是个人姓名。", remedy="发布前在文件属性中改标题、删去作者。")
def properties(case: Case) -> Iterable[Outcome]:
    """公开的文件属性（标题、作者）任何人都能看到。标题是另一份文件的、作者是经办人姓名的，发布前应清理。单位名称和年度从不以文件属性为准。"""
    relation = "文件属性与公开内容相符"
    doc = case.doc
    values = {k.lower().lstrip("/"): v.strip() for k, v in doc.properties.items() if v and v.strip()}
    title, author = values.get("title", ""), values.get("author", "") or values.get("creator", "")
    if not title and not author:
        yield not_run(relation, "文件属性中没有标题和作者")
        return
    place = of_span(doc.unit_name.span, "place") or (Evidence(1, None, role="place"),)
    wrong = False
    years = {int(y) for y in _YEAR.findall(title)}
    name = fold(doc.unit_name.value)
    other_year = bool(years) and doc.year is not None and doc.year not in years
    about = bool(_CHINESE.search(title)) and len(fold(title)) >= 8
    other_body = about and bool(name) and fuzz.partial_ratio(name, fold(title)) < 50 and bool(re.search("局|委|院|校|中心|政府|街道|办事处|厅", title))
    if other_year or other_body:
        wrong = True
        why = "年度不同" if other_year else "像是另一单位的文件"
        yield problem(relation, f"文件属性的标题是“{title}”，与本文件{why}", *place, expected=f"{doc.unit_name.value}{doc.year or ''}年{doc.kind}",
                      actual=title, severity=WARNING if about or other_year else INFO, suggestion="在文件属性中更正标题。")
    if author and author[0] in _SURNAMES and _PERSON.fullmatch(author) and not _NOT_PERSON.search(author):
        wrong = True
        yield problem(relation, f"文件属性的作者像是个人姓名（{author[0]}{'*' * (len(author) - 1)}）", *place, actual=f"{author[0]}{'*' * (len(author) - 1)}",
                      suggestion="在文件属性中删去作者。")
    if not wrong:
        yield passed(relation)
