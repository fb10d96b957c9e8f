"""Records of a day in November 2026, and a ledger's document read back."""

from datetime import date, datetime, timedelta

from docx import Document
from sheets import is_heading

from exports.ledgers import export_ledger, ledger_by_code
from models import (
    Attendance,
    Department,
    Desk,
    Handover,
    Person,
    PersonRole,
    Seal,
    SealUse,
    Visit,
    VisitStep,
    transaction,
)

CENTRE = "沙洲职业工学院“一站式”学生社区服务中心"
NOVEMBER = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
JIAOWU = Desk(uid="desk-jw", code="jiaowu", name="教务事务窗口")
XUESHENG = Desk(uid="desk-xs", code="xuesheng", name="学生事务窗口")
TEACHING = Department(uid="dep-jw", name="教务处")
SEAL = Seal(uid="seal-jw", name="教务处—学生社区事务专用章")
OTHER_SEAL = Seal(uid="seal-xs", name="学生处—学生社区事务专用章")
PERSON = Person(
    uid="person-1", number="2024001001", name="李雨桐", role=PersonRole.TEACHER
)


def write(record):
    with transaction():
        return record.write(by=PERSON)


def visit(number=1, **fields):
    return write(
        Visit(
            **{
                "number": f"JW20261123-{number:03d}",
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "department_uid": TEACHING.uid,
                "department_name": TEACHING.name,
                "arrived_at": datetime(2026, 11, 23, 9, 0) + timedelta(minutes=number),
                "student_number": f"20240010{number:02d}",
                "visitor_name": "张三",
                "class_name": "数控技术2431班",
                "phone": "13800001111",
                "service_uid": "service-1",
                "service_name": "缓考申办",
                "service_kind": "promised",
                "outcome": "done",
                "first_receiver_uid": "person-1",
                "first_receiver_name": "李雨桐",
                "handler_uid": "person-2",
                "handler_name": "陈老师",
                "finished_at": datetime(2026, 11, 23, 9, 30),
            }
            | fields
        )
    )


def step(case, kind, at, note=""):
    return write(
        VisitStep(
            visit_uid=case.uid,
            visit_number=case.number,
            kind=kind,
            at=at,
            desk_name=XUESHENG.name if kind == "referred" else "",
            person_uid="person-2",
            person_name="陈老师",
            note=note,
        )
    )


def seal_use(number=1, seal=SEAL, **fields):
    return write(
        SealUse(
            **{
                "seal_uid": seal.uid,
                "seal_name": seal.name,
                "department_uid": TEACHING.uid,
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "year": 2026,
                "number": number,
                "used_at": datetime(2026, 11, 23, 8, 0) + timedelta(minutes=number),
                "unit": "数控技术2431班",
                "applicant": "张三",
                "document_title": "在读证明",
                "purpose": "办理银行卡",
                "approver": "王主任",
                "handler_name": "李雨桐",
                "sealer_uid": "person-2",
                "sealer_name": "陈老师",
            }
            | fields
        )
    )


def attendance(**fields):
    return write(
        Attendance(
            **{
                "person_uid": "person-1",
                "person_number": "2024001001",
                "person_name": "李雨桐",
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "planned_from": datetime(2026, 11, 23, 8, 0),
                "planned_to": datetime(2026, 11, 23, 11, 30),
                "checked_in_at": datetime(2026, 11, 23, 7, 58),
                "checked_out_at": datetime(2026, 11, 23, 11, 30),
                "method_in": "card",
                "method_out": "card",
                "paid_minutes": 210,
            }
            | fields
        )
    )


def handover(**fields):
    return write(
        Handover(
            **{
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "shift_from": datetime(2026, 11, 23, 8, 0),
                "shift_to": datetime(2026, 11, 23, 11, 30),
                "journal_upto": 1,
                "outgoing_uid": "person-1",
                "outgoing_name": "李雨桐",
                "outgoing_signed_at": datetime(2026, 11, 23, 11, 30),
                "incoming_uid": "person-3",
                "incoming_name": "周子涵",
                "incoming_signed_at": datetime(2026, 11, 23, 11, 34),
                "status": "taken_over",
                "visit_count": 23,
                "visits_by_outcome": {"done": 20, "referred": 3},
            }
            | fields
        )
    )


class Page:
    """A ledger that was exported and read back with python-docx."""

    def __init__(self, code, path, **chosen):
        self.result = export_ledger(
            ledger_by_code(code), path, **{**NOVEMBER, "person": PERSON, **chosen}
        )
        document = Document(str(path))
        self.lines = [paragraph.text for paragraph in document.paragraphs]
        tables = []
        for table in document.tables:
            over = sum(map(is_heading, table.rows)) - 1
            rows = list(table.rows)[over:]
            tables.append([[cell.text for cell in row.cells] for row in rows])
        # Behind the row of totals comes the annex, with headings of its own.
        tables = [table for table in tables if table[0] == tables[0][0]]
        self.closing = tables[-1].pop()[0]
        self.rows = [
            dict(zip(heading, row, strict=True))
            for heading, *rows in tables
            for row in rows
        ]
