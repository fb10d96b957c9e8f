"""轮值 and 临时窗口: turns at a joint desk, desks for a while."""

from datetime import date
from tkinter import font

from timesections import NEXT_SYNC, TODAY, fill, said, select

from desk.pages.time_desks import read_services
from models import calendar
from models.desks import desk_by_code
from models.services import services_of

# -- 轮值 ------------------------------------------------------------------------


def test_the_preview_follows_what_is_typed_and_saving_keeps_it(opened, drive):
    section = opened("轮值")
    form = section.form
    assert form.widget("desk").get() == "党团事务窗口"
    assert form.text("units") == "党委工作部、团委"
    form.set("every", "half_day")
    drive.pump()
    rows = section.preview.rows()
    assert len(rows) == 10
    assert rows[0] == ("2026-11-02 周一", "上午", "党委工作部")
    assert rows[1] == ("2026-11-02 周一", "下午", "团委")
    form.set("every", "week")
    section.on_swap()
    assert section.preview.rows()[1] == ("2026-11-09 周一", "一周", "党委工作部")
    form.primary.invoke()
    desk = desk_by_code("dangtuan")
    assert calendar.unit_on(desk, TODAY).name == "团委"
    assert calendar.unit_on(desk, date(2026, 11, 9)).name == "党委工作部"
    assert "自 2026-11-02 起按周轮值：团委、党委工作部" in said(section)
    assert section.table.rows()[0][-1] == "现行"


def test_why_there_are_no_turns_is_said_below_the_headings(opened, root, drive):
    section = opened("轮值")
    for size in ("1366x740", "1024x640"):
        root.geometry(f"{size}+0+0")
        drive.pump(0.2)
        tree, note = section.table.tree, section.table._empty
        headings = tree.winfo_height() - tree.winfo_reqheight()
        headings += int(root.style.lookup("Treeview", "rowheight"))
        assert note.winfo_y() >= headings
        assert note.winfo_y() + note.winfo_height() <= section.table.winfo_height()


NO_TURNS = [
    ({"units": "团委、教务处"}, "units", "“教务处”不在这个窗口服务，可填"),
    ({"units": "团委"}, "units", "至少要有两个不同的部门"),
    ({"starts_on": None}, "starts_on", "请填写从哪天起"),
    ({"starts_on": date(2026, 11, 1)}, "starts_on", "已经过去"),
]


def test_turns_that_make_no_sense_are_refused(opened):
    section = opened("轮值")
    for values, field, problem in NO_TURNS:
        right = {name: section.form._fields[name].read() for name in values}
        fill(section, **values)
        section.form.primary.invoke()
        assert problem in section.form.problems()[0]
        assert section.form._fields[field].is_wrong
        assert desk_by_code("dangtuan").rotation == []
        fill(section, **right)


# -- 临时窗口 --------------------------------------------------------------------


def fill_desk(section, **values):
    department = dict(section.form.widget("leading").choices)["学生处"]
    usual = {
        "name": "迎新窗口",
        "code": "yingxin",
        "prefix": "yx",
        "leading": department,
        "others": "保卫处",
        "opens_on": date(2026, 11, 10),
        "closes_on": date(2026, 11, 20),
        "services": "报到咨询\n材料盖章 即办\n学籍核对 承诺 3",
    }
    fill(section, **{**usual, **values})


def test_a_temporary_desk_opens_with_services_and_closes(opened, shown):
    section = opened("临时窗口")
    fill_desk(section)
    section.form.primary.invoke()
    desk = desk_by_code("yingxin")
    assert not desk.in_service(TODAY) and desk.in_service(date(2026, 11, 20))
    offered = services_of(desk, date(2026, 11, 10))
    assert [(s.name, s.kind, s.working_days) for s in offered] == [
        ("报到咨询", "enquiry", 0),
        ("材料盖章", "instant", 0),
        ("学籍核对", "promised", 3),
    ]
    row = section.table.rows()[-1]
    assert row[:2] == ("迎新窗口", "未启用") and row[4] == "学生处、保卫处"
    assert "2026-11-10 至 2026-11-20" in said(section) and NEXT_SYNC in said(section)
    select(section, -1)
    shown.answers = ["2026-11-15", "会议纪要"]
    section.list_buttons["停用窗口"].invoke()
    assert desk_by_code("yingxin").closes_on == date(2026, 11, 15)


def test_names_and_states_are_whole_on_a_small_screen(opened, root, drive):
    section = opened("临时窗口")
    root.geometry("1024x640+0+0")
    drive.pump(0.2)
    tree = section.table.tree
    assert {"0", "1"} <= set(map(str, tree.cget("displaycolumns")))
    measure = font.nametofont("TkDefaultFont", root=root).measure
    for name, state, *_ in section.table.rows():
        assert tree.column("0", "width") > measure(name)
        assert tree.column("1", "width") > measure(state)


NO_DESKS = [
    ({"code": "迎新"}, "code", "窗口代码请用"),
    ({"code": "jiaowu"}, "code", "代码“jiaowu”已有窗口用过"),
    ({"prefix": "1"}, "prefix", "编号前缀请用"),
    ({"name": ""}, "name", "请填写窗口名称"),
    ({"name": "教务事务窗口"}, "name", "已有窗口用过"),
    ({"others": "后勤部"}, "others", "没有部门“后勤部”"),
    ({"closes_on": None}, "closes_on", "请填写停用日期"),
    ({"closes_on": date(2026, 11, 9)}, "closes_on", "停用日期不能早于启用日期"),
    ({"services": "学籍核对 承诺"}, "services", "第 1 行“学籍核对”是承诺件"),
]


def test_a_desk_that_makes_no_sense_is_refused_at_the_field(opened):
    section = opened("临时窗口")
    for values, field, problem in NO_DESKS:
        fill_desk(section, **values)
        section.form.primary.invoke()
        assert problem in section.form.problems()[0]
        assert section.form._fields[field].is_wrong
        if field != "services":
            assert "材料盖章 即办" in section.form.value("services")


def test_services_are_read_from_lines():
    assert read_services("报到 咨询\n学籍核对 5天\n开 门 即办") == [
        ("报到", "enquiry", 0),
        ("学籍核对", "promised", 5),
        ("开 门", "instant", 0),
    ]
