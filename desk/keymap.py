"""The one table of keys: bindings, the Ctrl+/ sheet, hints and tests all read it."""

from typing import Any, NamedTuple

from desk.pages import pages_of
from models.installation import Installation


class Key(NamedTuple):
    """One shortcut.

    `page` opens that page; otherwise `action` names a method of the window, or of
    the page in front, whichever has it.
    """

    sequences: tuple[str, ...]
    shown: str
    text: str
    action: str = ""
    page: str = ""
    hint: bool = False  # worth a place in the status bar
    at: str = "all"  # "desk" or "office" if no page of the other answers it
    office_text: str = ""  # there, where `text` names pages of the desks
    rows: bool = False  # acts on the marked row, so the menu of the rows has it
    row_text: str = ""  # what the menu says


KEYS = (
    Key(("<F1>",), "F1", "帮助：这一页怎么用", "show_help"),
    Key(("<Control-slash>",), "Ctrl+/", "快捷键一览", "show_keys"),
    Key(("<F2>",), "F2", "来访登记", page="visits"),
    Key(("<Control-F2>",), "Ctrl+F2", "办件", page="cases"),
    Key(("<F3>",), "F3", "用印登记", page="seals"),
    Key(("<F4>",), "F4", "签到签退", page="attendance"),
    Key(("<Shift-F4>",), "Shift+F4", "考勤审核", page="approvals"),
    Key(("<F6>",), "F6", "交接班", page="handover"),
    Key(("<Control-F1>",), "Ctrl+F1", "借用场馆", page="loans"),
    # Not Ctrl+Shift+F: input methods change to traditional characters with it.
    Key(("<Control-F3>",), "Ctrl+F3", "查找来访和用印", page="finding"),
    Key(("<F7>",), "F7", "台账查看与导出", page="ledgers"),
    Key(("<Shift-F7>",), "Shift+F7", "名册导入", page="roster"),
    Key(("<Control-F6>",), "Ctrl+F6", "排班", page="plans"),
    Key(("<Control-F7>",), "Ctrl+F7", "窗口事项", page="catalogue"),
    Key(("<Control-F5>",), "Ctrl+F5", "单据模板", page="sliptemplates"),
    Key(("<Shift-F5>",), "Shift+F5", "数据同步", page="sync"),
    Key(("<Control-F4>",), "Ctrl+F4", "同步问题", page="troubles"),
    Key(("<Control-Shift-F7>",), "Ctrl+Shift+F7", "个人信息", page="privacy"),
    Key(("<Shift-F2>",), "Shift+F2", "人员管理", page="people"),
    Key(("<Shift-F3>",), "Shift+F3", "印章管理", page="seal_setup"),
    Key(("<F8>",), "F8", "工作台", page="dashboard"),
    Key(("<Shift-F8>",), "Shift+F8", "日历", page="calendar"),
    Key(("<Shift-F6>",), "Shift+F6", "工时酬金", page="pay"),
    Key(("<Control-Shift-F8>",), "Ctrl+Shift+F8", "工作站", page="stations"),
    Key(("<Control-F8>",), "Ctrl+F8", "时间设置", page="timesettings"),
    Key(("<Shift-F1>",), "Shift+F1", "设置", page="settings"),
    Key(("<F5>",), "F5", "刷新；在同步页为立即同步", "on_refresh"),
    Key(
        ("<Control-s>", "<Control-Return>", "<Control-KP_Enter>"),
        "Ctrl+S 或 Ctrl+Enter",
        "保存并开始下一条",
        "on_save",
        hint=True,
    ),
    Key(("<Control-n>",), "Ctrl+N", "清空，重新填写", "on_new"),
    Key(("<Control-d>",), "Ctrl+D", "沿用上一条", "on_repeat", at="desk"),
    Key(
        ("<Control-Key-1>",),
        "Ctrl+1",
        "来访页：+1 咨询",
        "on_add_enquiry",
        hint=True,
        at="desk",
    ),
    Key(
        ("<Control-Key-5>",), "Ctrl+5", "来访页：请学生评价", "on_ask_rating", at="desk"
    ),
    Key(
        ("<Control-j>",),
        "Ctrl+J",
        "来访页：保存，同一人下一项",
        "on_same_visitor",
        at="desk",
    ),
    Key(
        ("<Control-k>",),
        "Ctrl+K",
        "来访页：查看事项卡；用印页：学生名单",
        "on_card",
        at="desk",
    ),
    Key(("<Control-g>",), "Ctrl+G", "来访页：置顶事项或取消", "on_pin", at="desk"),
    Key(("<Control-h>",), "Ctrl+H", "保存后保留光标所在的一项", "pin_field", at="desk"),
    Key(
        ("<Control-o>",),
        "Ctrl+O",
        "来访、查找页：打开办件",
        "on_open_case",
        office_text="查找页：打开办件",
        rows=True,
        row_text="打开办件",
    ),
    Key(
        ("<Control-m>",),
        "Ctrl+M",
        "用印、查找页：更正选中的用印",
        "on_correct",
        at="desk",
        rows=True,
        row_text="更正",
    ),
    Key(
        ("<Control-p>",),
        "Ctrl+P",
        "打印单据；用印页：断电表",
        "on_print",
        office_text="打印单据",
        rows=True,
        row_text="打印单据",
    ),
    Key(
        ("<Control-F9>",),
        "Ctrl+F9",
        "补录纸质登记；用印页：补录断电表",
        "on_late_entry",
        at="desk",
    ),
    Key(("<F9>",), "F9", "挂起正在填写的内容", "on_park", at="desk"),
    Key(("<Shift-F9>",), "Shift+F9", "取回挂起的内容", "on_unpark", at="desk"),
    Key(
        ("<Control-Shift-F9>",),
        "Ctrl+Shift+F9",
        "恢复上次没保存的内容",
        "bring_drafts",
    ),
    Key(("<Control-f>",), "Ctrl+F", "查找", "on_find"),
    Key(("<Escape>",), "Esc", "关闭提示、清除查找、取消操作", "on_escape"),
    Key(("<Control-e>",), "Ctrl+E", "导出 Word", "on_export"),
    Key(("<Control-r>",), "Ctrl+R", "排班：报送", "on_submit"),
    Key(("<Control-b>",), "Ctrl+B", "排班：备案", "on_accept", at="office"),
    Key(("<Control-u>",), "Ctrl+U", "排班：退回", "on_return", at="office"),
    Key(("<Control-i>",), "Ctrl+I", "排班：导入课表", "on_timetables"),
    Key(
        ("<Delete>",),
        "Delete",
        "列表中：作废选中的记录",
        "on_void",
        rows=True,
        row_text="作废",
    ),
    Key(("<Control-l>",), "Ctrl+L", "锁定，换人使用", "lock", hint=True),
    Key(("<Control-equal>", "<Control-plus>"), "Ctrl+=", "放大字号", "zoom_in"),
    Key(("<Control-minus>",), "Ctrl+-", "缩小字号", "zoom_out"),
    Key(("<Control-Key-0>",), "Ctrl+0", "恢复字号", "zoom_reset"),
    Key(("<Control-t>",), "Ctrl+T", "浅色与深色切换", "toggle_mode"),
)
# Keys that the widgets answer themselves; listed for the sheet only.
WIDGET_KEYS = (
    ("Enter / Shift+Enter", "下一项 / 上一项"),
    ("Tab / Shift+Tab", "走到下一个 / 上一个栏目或按钮"),
    ("↑ ↓", "在候选中选择；在列表中移动"),
    ("F4 或 Alt+↓", "日期框：打开月历；下拉框：展开"),
    ("空格", "按下按钮、勾选"),
    ("Ctrl+Z / Ctrl+Y", "撤销输入 / 恢复"),
    ("↑↓←→ N Delete", "排班周表：移动、添加、删除；Enter 编辑"),
    ("← →", "办件列表：换一类看；工作台：在图上移动、换时段"),
    ("Ctrl+Tab", "查找、借用页：换一类看；时间设置：下一张"),
    ("Home End Ctrl+A Ctrl+C", "列表：首行、末行、全选、复制"),
    ("Alt+F4", "关闭程序；签到屏、评价屏：退出"),
    ("Ctrl+D F2 Ctrl+Delete", "补录表：同上（也可填〃）、修改、清空一行"),
)
# Taken by input methods, chat tools or Tk's menus: never to be bound.
AVOIDED = (
    "<F10>",
    "<F11>",
    "<F12>",
    "<Control-space>",
    "<Shift-space>",
    "<Control-period>",
    "<Control-semicolon>",
    "<Alt-a>",
)


def keys_of(here: Installation | None) -> list[Key]:
    """The keys that do something at this station; None before there is one."""
    pages = {entry.name for entry in pages_of(here)} if here else set()
    kinds = ["all", "office" if here.is_office else "desk"] if here else ["all"]
    keys = [key for key in KEYS if (key.page in pages if key.page else key.at in kinds)]
    if here is None or not here.is_office:
        return keys
    return [key._replace(text=key.office_text or key.text) for key in keys]


def key_at(page: Any, key: Key) -> Key:
    """The key, told as what it does on this page."""
    words = getattr(page, "save_words", "") if key.action == "on_save" else ""
    return key._replace(text=words) if words else key


def key_of_action(name: str) -> str:
    """How the key of an action is written on its button; "" if it has none."""
    return next((key.shown for key in KEYS if key.action == name), "")


def key_of_page(name: str) -> str:
    """How the key that opens page *name* is written on screen; "" if none does."""
    return next((key.shown for key in KEYS if key.page == name), "")
