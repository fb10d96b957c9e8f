"""All tables of the database, in one list each."""

from models import erasure, handovers, journal, pay, plans
from models.alarms import Alarm
from models.approvals import Approval
from models.attendance import Attendance
from models.base import Local, Record, table_of
from models.bookings import Booking
from models.case_rules import CaseRules
from models.catalogue import CatalogueChange
from models.corrections import Correction
from models.custody import SealTransfer
from models.desks import Department, Desk, DeskDepartment
from models.disposals import SealDisposal
from models.drafts import Draft
from models.epochs import EpochChange
from models.erasure import ErasedRow, Erasure
from models.handovers import Handover
from models.holidays import HolidayYear, SpecialDay
from models.installation import Installation
from models.journal import BatchFile, Entry, Stream
from models.loans import Loan
from models.openings import OpeningHours
from models.outings import SealOuting
from models.pay import ExcessDecision, PayMonth
from models.people import Person
from models.pins import Pin
from models.plan_decisions import PlanDecision
from models.plans import ShiftPlan
from models.quicklist import PinnedService
from models.reservations import SealReservation
from models.retention import RetentionRules
from models.rules import WorkRules
from models.seal_uses import SealUse
from models.seals import Seal
from models.services import Service
from models.settling import Settlement
from models.slip_templates import SlipTemplate
from models.stations import Station
from models.steps import VisitStep
from models.students import Student
from models.terms import PeriodTable, Term
from models.timetables import ClassTimetable
from models.troubles import Conflict, Quarantine
from models.visits import Visit

LOCALS: list[type[Local]] = [
    Installation,
    Stream,
    Entry,
    BatchFile,
    Quarantine,
    Conflict,
    Pin,
    PinnedService,
    Draft,
    Alarm,
]

RECORDS: list[type[Record]] = [
    Department,
    Desk,
    DeskDepartment,
    Service,
    Person,
    Student,
    Station,
    Seal,
    Term,
    PeriodTable,
    SpecialDay,
    HolidayYear,
    OpeningHours,
    WorkRules,
    CaseRules,
    CatalogueChange,
    SlipTemplate,
    SealDisposal,
    Visit,
    VisitStep,
    SealUse,
    SealTransfer,
    SealOuting,
    SealReservation,
    Loan,
    Booking,
    Attendance,
    Handover,
    ClassTimetable,
    ShiftPlan,
    PlanDecision,
    Correction,
    Approval,
    ExcessDecision,
    PayMonth,
    EpochChange,
    Settlement,
    Erasure,
    ErasedRow,
    RetentionRules,
]

RECORD_BY_NAME: dict[str, type[Record]] = {
    table_of(model).name: model for model in RECORDS
}

# What people call the tables.
TABLE_TITLES = {
    "department": "部门",
    "desk": "窗口",
    "desk_department": "窗口部门",
    "service": "事项",
    "person": "人员",
    "student": "学生",
    "station": "工作站",
    "seal": "印章",
    "term": "学期",
    "period_table": "作息时间",
    "special_day": "特殊日期",
    "holiday_year": "放假安排",
    "opening_hours": "服务时间",
    "work_rules": "工作规则",
    "case_rules": "办件规则",
    "catalogue_change": "窗口事项变更",
    "slip_template": "单据模板",
    "seal_disposal": "印章处置",
    "visit": "来访",
    "visit_step": "办件步骤",
    "seal_use": "用印",
    "seal_transfer": "印章移交",
    "seal_outing": "印章外带",
    "seal_reservation": "断电表",
    "loan": "物资借用",
    "booking": "场馆使用",
    "attendance": "签到签退",
    "handover": "交接班",
    "class_timetable": "课表",
    "shift_plan": "排班",
    "plan_decision": "排班备案",
    "correction": "考勤更正",
    "approval": "考勤审核",
    "excess_decision": "超限工时处理",
    "pay_month": "月度工时",
    "epoch_change": "编号段更换",
    "settlement": "同步问题处理",
    "erasure": "个人信息删除",
    "erased_row": "删除后保留的内容",
    "retention_rules": "保存期限",
}

TRIGGERS = [
    *journal.TRIGGERS,
    *handovers.TRIGGERS,
    *plans.TRIGGERS,
    *pay.TRIGGERS,
    *(
        f"""CREATE TRIGGER {name}_is_never_deleted BEFORE DELETE ON "{name}"
        BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END"""
        for name in RECORD_BY_NAME
    ),
    *(
        f"""CREATE TRIGGER {name}_is_only_added BEFORE UPDATE ON "{name}"
        {erasure.but_for_blanks(model)}
        BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END"""
        for name, model in RECORD_BY_NAME.items()
        if model.only_added
    ),
]
