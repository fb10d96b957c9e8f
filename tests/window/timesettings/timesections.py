"""时间设置 in the real window: what its tests do and read there."""

from datetime import date

TODAY = date(2026, 11, 2)
TABS = "学期 作息 放假调休 服务时间 轮值 临时窗口 考勤规则 办件规则 培训".split()
NEXT_SYNC = "各窗口下次同步后生效"


def said(section):
    return section.window.status.text


def fill(section, **values):
    for name, value in values.items():
        section.form.set(name, value)


def select(section, at):
    tree = section.table.tree
    tree.selection_set(tree.get_children()[at])
    section.table.tree.update()
