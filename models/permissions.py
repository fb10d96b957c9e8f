"""Who may do what (双重管理, P12): one table, asked by every operation.

Everyone has two bosses: the department for its business, the office for attendance and
daily management.  So the office never changes a department's business record, and a
department never changes attendance; it only gives its opinion on it.  To a department
belong its own people, and assistants while they are on duty for it by plan.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from models.errors import UserError
from models.people import Person, PersonRole


class Scope(StrEnum):
    """On what an operation may be done."""

    NONE = "none"
    SELF = "self"  # what is one's own: a visit one took, a seal one holds
    OWN = "own"  # what belongs to the department one works for
    OTHERS = "others"  # whatever is not about oneself
    OWN_OTHERS = "own_others"  # of one's department, and not about oneself
    ANY = "any"


class Operation(StrEnum):
    """What people do."""

    VISIT_TAKE = "visit_take"
    VISIT_VOID = "visit_void"
    VISIT_RATE = "visit_rate"
    CASE_WORK = "case_work"
    CASE_EXTEND = "case_extend"
    SLIP_TEMPLATE = "slip_template"
    LOAN = "loan"
    LOAN_VOID = "loan_void"
    BOOKING = "booking"
    SEAL_USE = "seal_use"
    SEAL_VOID = "seal_void"
    SEAL_TRANSFER = "seal_transfer"
    SEAL_TAKE_OUT = "seal_take_out"
    SEAL_RESERVE = "seal_reserve"
    SEAL_REGISTER = "seal_register"
    SEAL_DISPOSE = "seal_dispose"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    CATALOGUE = "catalogue"
    CASE_RULES = "case_rules"
    PEOPLE = "people"
    ROSTER = "roster"
    STATION = "station"
    LOCAL_SETTINGS = "local_settings"
    TIME_SETTINGS = "time_settings"
    PLAN_EDIT = "plan_edit"
    PLAN_DECIDE = "plan_decide"
    TIMETABLE_EDIT = "timetable_edit"
    CORRECTION_REQUEST = "correction_request"
    ATTENDANCE_REVIEW = "attendance_review"
    PAY = "pay"
    PIN_RESET = "pin_reset"
    SCREEN_PIN = "screen_pin"
    OPINION_READ = "opinion_read"
    SETTLE = "settle"
    ERASE = "erase"


OPERATION_LABELS: dict[str, str] = {
    Operation.VISIT_TAKE: "登记来访",
    Operation.VISIT_VOID: "作废来访",
    Operation.VISIT_RATE: "登记满意度",
    Operation.CASE_WORK: "办理办件",
    Operation.CASE_EXTEND: "延期",
    Operation.SLIP_TEMPLATE: "更换单据模板",
    Operation.LOAN: "办理物资借用",
    Operation.LOAN_VOID: "作废物资借用",
    Operation.BOOKING: "办理场馆使用",
    Operation.SEAL_USE: "登记用印",
    Operation.SEAL_VOID: "作废或更正用印",
    Operation.SEAL_TRANSFER: "移交印章",
    Operation.SEAL_TAKE_OUT: "办理印章外带",
    Operation.SEAL_RESERVE: "打印断电表",
    Operation.SEAL_REGISTER: "登记印章",
    Operation.SEAL_DISPOSE: "停用、调配或销毁印章",
    Operation.HAND_OVER: "交班",
    Operation.TAKE_OVER: "接班",
    Operation.CATALOGUE: "调整窗口和事项",
    Operation.CASE_RULES: "设置办件规则",
    Operation.PEOPLE: "管理人员",
    Operation.ROSTER: "导入名册",
    Operation.STATION: "批准工作站",
    Operation.LOCAL_SETTINGS: "更改本机设置",
    Operation.TIME_SETTINGS: "设置时间和规则",
    Operation.PLAN_EDIT: "排班",
    Operation.PLAN_DECIDE: "备案或退回排班",
    Operation.TIMETABLE_EDIT: "录入课表",
    Operation.CORRECTION_REQUEST: "申请考勤更正",
    Operation.ATTENDANCE_REVIEW: "审核考勤",
    Operation.PAY: "审批工时酬金",
    Operation.PIN_RESET: "重置签到密码",
    Operation.SCREEN_PIN: "设置屏幕密码",
    Operation.OPINION_READ: "查看意见",
    Operation.SETTLE: "处理同步问题",
    Operation.ERASE: "删除个人信息和设置保存期限",
}


class Rights(NamedTuple):
    """What each role may do an operation on."""

    assistant: Scope
    teacher: Scope
    office: Scope

    def of(self, role: str) -> Scope:
        """A role of a newer program may do nothing here."""
        by_role: dict[str, Scope] = {
            PersonRole.ASSISTANT: self.assistant,
            PersonRole.TEACHER: self.teacher,
            PersonRole.OFFICE: self.office,
        }
        return by_role.get(role, Scope.NONE)


_NONE, _SELF, _OWN, _ANY = Scope.NONE, Scope.SELF, Scope.OWN, Scope.ANY

RIGHTS: dict[Operation, Rights] = {
    # Business: the departments' (P15, P16).
    Operation.VISIT_TAKE: Rights(_ANY, _ANY, _NONE),
    Operation.VISIT_VOID: Rights(_SELF, _OWN, _NONE),
    Operation.VISIT_RATE: Rights(_ANY, _ANY, _NONE),
    Operation.CASE_WORK: Rights(_OWN, _OWN, _NONE),
    Operation.CASE_EXTEND: Rights(_OWN, _OWN, _NONE),
    Operation.SLIP_TEMPLATE: Rights(_NONE, _OWN, _ANY),
    Operation.LOAN: Rights(_OWN, _OWN, _NONE),
    Operation.LOAN_VOID: Rights(_SELF, _OWN, _NONE),
    Operation.BOOKING: Rights(_OWN, _OWN, _NONE),
    Operation.SEAL_USE: Rights(_OWN, _OWN, _NONE),
    Operation.SEAL_VOID: Rights(_SELF, _OWN, _NONE),
    Operation.SEAL_TRANSFER: Rights(_SELF, _SELF, _NONE),
    Operation.SEAL_TAKE_OUT: Rights(_NONE, _SELF, _NONE),
    Operation.SEAL_RESERVE: Rights(_OWN, _OWN, _NONE),
    # Daily management: the office's.
    Operation.SEAL_REGISTER: Rights(_NONE, _NONE, _ANY),
    Operation.SEAL_DISPOSE: Rights(_NONE, _NONE, _ANY),
    Operation.HAND_OVER: Rights(_ANY, _ANY, _ANY),
    Operation.TAKE_OVER: Rights(_ANY, _ANY, _ANY),
    Operation.CATALOGUE: Rights(_NONE, _NONE, _ANY),
    Operation.CASE_RULES: Rights(_NONE, _NONE, _ANY),
    Operation.PEOPLE: Rights(_NONE, _NONE, _ANY),
    Operation.ROSTER: Rights(_NONE, _NONE, _ANY),
    Operation.STATION: Rights(_NONE, _NONE, _ANY),
    Operation.LOCAL_SETTINGS: Rights(_NONE, _ANY, _ANY),
    Operation.TIME_SETTINGS: Rights(_NONE, _NONE, _ANY),
    Operation.PLAN_EDIT: Rights(_NONE, _OWN, _ANY),
    Operation.PLAN_DECIDE: Rights(_NONE, _NONE, _ANY),
    Operation.TIMETABLE_EDIT: Rights(_NONE, _ANY, _ANY),
    Operation.CORRECTION_REQUEST: Rights(_SELF, _ANY, _ANY),
    Operation.ATTENDANCE_REVIEW: Rights(_NONE, Scope.OWN_OTHERS, Scope.OTHERS),
    Operation.PAY: Rights(_NONE, _NONE, _ANY),
    Operation.PIN_RESET: Rights(_NONE, _OWN, _ANY),
    Operation.SCREEN_PIN: Rights(_NONE, _ANY, _ANY),
    Operation.OPINION_READ: Rights(_NONE, Scope.OWN_OTHERS, Scope.OTHERS),
    # What did not come through whole, on the PC one stands at; and the law (个保法).
    Operation.SETTLE: Rights(_NONE, _OWN, _ANY),
    Operation.ERASE: Rights(_NONE, _NONE, _ANY),
}

_ROLE_WORDS: dict[str, str] = {
    PersonRole.ASSISTANT: "学生助理",
    PersonRole.TEACHER: "老师",
    PersonRole.OFFICE: "中心办公室",
}

_SCOPE_WORDS: dict[Scope, str] = {
    Scope.SELF: "{role}本人",
    Scope.OWN: "本部门的{role}",
    Scope.OTHERS: "{role}（不涉及本人的）",
    Scope.OWN_OTHERS: "本部门的{role}（不涉及本人的）",
    Scope.ANY: "{role}",
}


def may(
    by: Person,
    operation: Operation,
    *,
    departments: Iterable[str] = (),
    about: str = "",
) -> bool:
    """May *by* do *operation* on something of these departments (their uids)?

    *about* is the uid of the person it belongs to or is about.
    """
    scope = RIGHTS[operation].of(by.role)
    if scope in (Scope.OTHERS, Scope.OWN_OTHERS) and about == by.uid:
        return False
    if scope in (Scope.OWN, Scope.OWN_OTHERS):
        return works_for(by, departments)
    if scope == Scope.SELF:
        return about == by.uid
    return scope != Scope.NONE


def require(
    by: Person,
    operation: Operation,
    *,
    departments: Iterable[str] = (),
    about: str = "",
) -> None:
    """Raise `UserError`, saying who may, when *by* may not."""
    if not may(by, operation, departments=departments, about=about):
        raise UserError(
            f"{OPERATION_LABELS[operation]}由{who_may(operation)}办理，"
            "请由他们登录后操作。"
        )


def who_may(operation: Operation) -> str:
    """`本部门的老师或中心办公室`, for refusals and for buttons that are off."""
    rights = RIGHTS[operation]
    return "或".join(
        _SCOPE_WORDS[rights.of(role)].format(role=word)
        for role, word in _ROLE_WORDS.items()
        if rights.of(role) != Scope.NONE
    )


def works_for(by: Person, departments: Iterable[str]) -> bool:
    """Is *by* of one of these departments, or an assistant on duty for one now?"""
    wanted = set(departments)
    if by.department_uid in wanted or by.role != PersonRole.ASSISTANT:
        return by.department_uid in wanted
    from models.attendance import Attendance

    on_duty = Attendance.select(Attendance.department_uid).where(
        (Attendance.person_uid == by.uid) & Attendance.checked_out_at.is_null()
    )
    return any(row.department_uid in wanted for row in on_duty)
