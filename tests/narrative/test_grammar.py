from core.narrative.grammar import clean_subject, read_paragraphs
from core.narrative.lexer import folded
from tests.builders import paragraph

BODY = "示例县示例局"


def read(*texts, year=2024, known=lambda subject: False):
    return read_paragraphs([folded(paragraph(t)) for t in texts], year, known, (BODY,))


def text(figure):
    return figure.text if figure else None


def test_a_share_belongs_to_its_part_and_the_part_to_its_head():
    head, basic, project = read("2024年度示例县示例局支出预算100.00万元，其中：基本支出40.00万元，占40.00%；项目支出60.00万元，占60.00%。")
    assert (head.subject, head.year, text(head.value)) == ("支出预算", 2024, "100.00万元")
    assert [(p.subject, text(p.value), text(p.share), p.parent) for p in (basic, project)] == [
        ("基本支出", "40.00万元", "40.00%", head), ("项目支出", "60.00万元", "60.00%", head)]


def test_a_change_after_several_parts_speaks_of_the_head():
    head, year, carried = read("预算收入总计57.00万元，其中：本年收入50.00万元，上年结转7.00万元，比上年增加3.00万元，增长5.56%。")
    assert (text(head.change), text(head.rate), head.sign, head.base) == ("3.00万元", "5.56%", 1, "上年")
    assert year.change is None and carried.change is None


def test_a_change_after_one_part_speaks_of_the_part():
    head, part, other = read("收入预算90.00万元，其中：财政拨款收入90.00万元，比2023年预算执行数增加8.00万元；事业收入0万元。")
    assert head.change is None and text(part.change) == "8.00万元" and part.base == "2023年预算执行数"
    assert other.parent is head


def test_last_year_in_a_comparison_is_the_prior_figure():
    (one,) = read("机关运行经费预算52.68万元，比2023年预算56.26万元，减少3.58万元，下降6.36%，原因是办公经费减少。")
    assert [text(f) for f in (one.value, one.prior, one.change, one.rate)] == ["52.68万元", "56.26万元", "3.58万元", "6.36%"]
    assert [m.text for m in one.marks] == ["减少", "下降"]
    assert one.source.text[slice(*one.reason)] == "办公经费减少"


def test_two_years_side_by_side_inside_a_reason():
    head, inner = read("预算收入总计10.00万元，比上年增加1.00万元，主要原因是甲中心人员增加，2024年收入31.00万元，2023年27.00万元，比上年增加4.00万元，增长14.81%。")
    assert inner.in_reason and not head.in_reason
    assert [text(f) for f in (inner.value, inner.prior, inner.change, inner.rate)] == ["31.00万元", "27.00万元", "4.00万元", "14.81%"]


def test_an_item_paragraph_keeps_title_prior_and_repetition():
    (item,) = read("31. “住房保障支出（类）住房改革支出（款）住房公积金（项）”350.35万元，主要用于住房公积金。2023年当年预算执行数为348.52万元，"
                   "2024年预算安排352.67万元，比2023年预算执行数增加0.53%。主要原因是：住房公积金经费增加。")
    assert item.item.names == ("住房保障支出", "住房改革支出", "住房公积金")
    assert (text(item.value), [text(f) for f in item.again], text(item.prior), text(item.rate)) == ("350.35万元", ["352.67万元"], "348.52万元", "0.53%")
    assert item.source.text[slice(*item.purpose)] == "住房公积金"


def test_other_ways_to_write_an_item():
    dashed, coded = read("1. “教育支出-普通教育-小学教育”科目10.00万元，主要用于小学。", "2. 公共安全支出（204类）司法（06款）基层司法业务（04项）3.00万元")
    assert dashed.item.names == ("教育支出", "普通教育", "小学教育") and text(dashed.value) == "10.00万元"
    assert coded.item.codes == ("204", "06", "04") and coded.item.names[2] == "基层司法业务"


def test_budget_accounts_and_completion():
    (one,) = read("一般公共预算财政拨款支出年初预算为0万元，全年预算为321.02万元，支出决算为307.82万元，完成年初预算的95.89%。决算数小于预算数的主要原因：节约。")
    assert [(n, text(f)) for n, f in one.budgets] == [("年初预算", "0万元"), ("全年预算", "321.02万元")]
    assert (text(one.value), text(one.done), one.done_base, one.versus.text) == ("307.82万元", "95.89%", "年初预算", "小于")


def test_the_same_as_last_year_is_a_direction():
    total, abroad = read("“三公”经费预算13.20万元与2023年预算数相同。其中：因公出国（境）费0万元，与上年预算数相同。")
    assert total.sign == 0 and total.base == "2023年预算数"
    assert abroad.sign == 0 and abroad.parent is total


def test_a_reason_ends_where_the_next_subject_of_the_section_begins():
    buying, running = read("公务用车购置费25万元，比2023年预算增加25万元，主要原因是更新车辆；公务用车运行费21.56万元，比2023年预算持平。",
                           known=lambda s: s.startswith("公务用车"))
    assert not running.in_reason and text(running.value) == "21.56万元" and running.sign == 0
    assert buying.sign == 1


def test_a_list_after_a_colon_hangs_on_its_subject():
    one, two = read("人员经费9.00万元，主要包括：基本工资、津贴补贴等；公用经费1.00万元，主要包括：办公费、维修（护）费。")
    assert [i.name for i in one.listed] == ["基本工资", "津贴补贴"] and one.list_open
    assert [i.name for i in two.listed] == ["办公费", "维修(护)费"] and not two.list_open


def test_a_bracket_with_figures_is_a_group_of_its_own():
    head, up, counted, rest, down = read("总建筑面积13459平方米，其中地上建筑面积为8103平方米（其中计容面积7998平方米，不计容面积105平方米），地下建筑面积为5356平方米。")
    assert (up.parent, down.parent) == (head, head) and (counted.parent, rest.parent) == (up, up)


def test_parts_over_several_paragraphs_stay_with_the_head_that_ends_in_a_colon():
    head, part = read("基本支出10.00万元，其中：", "人员经费9.00万元。")
    assert part.parent is head


def test_a_name_that_ends_in_a_direction_word_is_no_change():
    head, one, two = read("项目总预算60.00万，其中支持外贸发展30.00万，支持商销稳增长30.00万。")
    assert text(two.value) == "30.00万" and two.change is None


def test_counts_carry_the_amount_that_follows():
    head, one = read("纳入绩效目标管理的二级项目9个，共计金额5,104.26万元。其中：其他运转类项目1个，涉及金额0.90万元。")
    assert (text(head.count), text(head.value)) == ("9个", "5,104.26万元")
    assert (one.subject, text(one.count), text(one.value), one.parent) == ("其他运转类项目", "1个", "0.90万元", head)


def test_subjects_lose_years_numbering_verbs_and_the_body():
    assert clean_subject("2024年度示例县示例局预算收入总计", (BODY,)) == "预算收入总计"
    assert clean_subject("其中:本部门面向中小企业预留金额为") == "面向中小企业预留金额"
    assert clean_subject("1.实有") == "实有"


def test_a_sentence_that_only_compares_speaks_of_the_whole_before_it():
    head, year, carried = read("预算收入总计795.00万元，其中：本年收入775.00万元，上年结转20.00万元。比上年预算增加65.00万元，增长8.90%。")
    assert (text(head.change), text(head.rate)) == ("65.00万元", "8.90%")
    assert year.change is None and carried.change is None
