"""The pages, in the order of the sidebar."""

from importlib import import_module
from typing import Any, NamedTuple

from models.installation import Installation


class PageEntry(NamedTuple):
    """A page of the sidebar; its module is imported when it is first shown.

    `at` says where it makes sense: "desk", "office" or "all" stations.
    """

    name: str
    title: str
    icon: str
    class_name: str
    at: str

    def load(self) -> Any:
        """The page's class."""
        return getattr(import_module(f"desk.pages.{self.name}"), self.class_name)


PAGES = (
    PageEntry("dashboard", "工作台", "speedometer2", "DashboardPage", "all"),
    PageEntry("visits", "来访登记", "person-plus", "VisitsPage", "desk"),
    PageEntry("cases", "办件", "hourglass-split", "CasesPage", "all"),
    PageEntry("seals", "用印登记", "patch-check", "SealsPage", "desk"),
    PageEntry("attendance", "签到签退", "credit-card", "AttendancePage", "desk"),
    PageEntry("handover", "交接班", "arrow-left-right", "HandoverPage", "desk"),
    PageEntry("loans", "借用场馆", "box-seam", "LoansPage", "desk"),
    PageEntry("people", "人员管理", "people", "PeoplePage", "office"),
    PageEntry("seal_setup", "印章管理", "bookmark-check", "SealSetupPage", "office"),
    PageEntry("catalogue", "窗口事项", "card-checklist", "CataloguePage", "office"),
    PageEntry("roster", "名册导入", "file-earmark-arrow-down", "RosterPage", "office"),
    PageEntry("approvals", "考勤审核", "check2-square", "ApprovalsPage", "all"),
    PageEntry(
        "timesettings", "时间设置", "clock-history", "TimeSettingsPage", "office"
    ),
    PageEntry("calendar", "日历", "calendar3", "CalendarPage", "all"),
    PageEntry("pay", "工时酬金", "cash-coin", "PayPage", "office"),
    PageEntry("plans", "排班", "calendar-week", "PlansPage", "all"),
    PageEntry("finding", "查找", "search", "FindingPage", "all"),
    PageEntry("ledgers", "台账", "journal-text", "LedgersPage", "all"),
    PageEntry(
        "sliptemplates", "单据模板", "file-earmark-word", "SlipTemplatesPage", "all"
    ),
    PageEntry("stations", "工作站", "pc-display", "StationsPage", "office"),
    PageEntry("sync", "数据同步", "arrow-repeat", "SyncPage", "all"),
    PageEntry("troubles", "同步问题", "exclamation-triangle", "TroublesPage", "all"),
    PageEntry("privacy", "个人信息", "shield-lock", "PrivacyPage", "office"),
    PageEntry("settings", "设置", "gear", "SettingsPage", "all"),
)


def pages_of(here: Installation) -> list[PageEntry]:
    """The pages of this station."""
    kind = "office" if here.is_office else "desk"
    return [entry for entry in PAGES if entry.at in (kind, "all")]


def first_page(here: Installation) -> str:
    """The name of the page that comes after signing in: at a desk one registers, at
    the office one looks around."""
    return "dashboard" if here.is_office else "visits"
