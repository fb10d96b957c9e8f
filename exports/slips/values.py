"""What the fields of a slip hold, by the names of `models.slip_fields`.

What was told at the desk comes from the visit, with names as they were; where and how
to go on comes from the card of the service.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from exports.ledgers.selection import day_in_words
from models import clock
from models.casefold import CaseStatus
from models.caselists import case_of
from models.catalogue import CatalogueChange
from models.desks import Desk, desks
from models.installation import installation
from models.people import Person
from models.services import SERVICE_KIND_LABELS, Service, ServiceCard, card_of
from models.slip_templates import SLIP_KIND_LABELS
from models.steps import StepKind
from models.visits import VISIT_CHANNEL_LABELS, Visit, VisitOutcome

ENQUIRY_DESK = "咨询台"

# A list within a text; what stands in brackets belongs to one item.
_ITEM = re.compile(r"(?:（[^（）]*）|\([^()]*\)|[^、；;\n])+")


def values_of(kind: str, visit: Visit, person: Person) -> dict[str, str]:
    """Every field with its text; "" where there is nothing to tell."""
    return {
        "中心名称": installation().centre_name,
        "单据名称": SLIP_KIND_LABELS.get(kind, kind),
        **_told(visit),
        **_reached(visit),
        **_offered(visit),
        "咨询台": "、".join(_enquiry_desks()) or ENQUIRY_DESK,
        "打印人": person.name,
        "打印日期": day_in_words(clock.today()),
    }


def _told(visit: Visit) -> dict[str, str]:
    return {
        "编号": visit.number,
        "受理日期": day_in_words(visit.arrived_at.date()),
        "受理时间": _moment(visit.arrived_at),
        "渠道": VISIT_CHANNEL_LABELS.get(visit.channel, visit.channel),
        "来访人": visit.visitor_name,
        "学号": visit.student_number,
        "班级": visit.class_name,
        "电话": visit.phone,
        "事项": visit.service_name,
        "件型": SERVICE_KIND_LABELS.get(visit.service_kind, visit.service_kind),
        "件数": str(visit.quantity),
        "处理情况": visit.outcome_label,
        "办理结果": visit.result,
        "所收材料": numbered(
            [f"{item['name']}　{item['count']} 份" for item in visit.materials]
        ),
        "材料份数": str(sum(item["count"] for item in visit.materials)),
        "窗口": visit.desk_name,
        "责任部门": visit.department_name,
        "首问负责人": visit.first_receiver_name,
        "承办人": visit.handler_name,
        "备注": visit.note,
    }


def _offered(visit: Visit) -> dict[str, str]:
    """What the version of the service says that the visit was taken down for."""
    service = Service.get_or_none(Service.uid == visit.service_uid)
    desk = Desk.get_or_none(Desk.uid == visit.desk_uid)
    if service is None:
        names = ("所需材料", "承诺时限", "依据", "咨询电话", "办理流程")
        return {**dict.fromkeys(names, ""), "办理地点": desk.position if desk else ""}
    card = card_of(service)
    days = card.working_days
    return {
        "所需材料": numbered(_ITEM.findall(card.materials)),
        "承诺时限": f"{days} 个工作日" if days else "",
        "依据": _basis(service, card),
        "办理地点": card.place or (desk.position if desk else ""),
        "咨询电话": card.phone,
        "办理流程": card.guide,
    }


def _basis(service: Service, card: ServiceCard) -> str:
    """The requirements that applied, and the decision that brought them about."""
    since = f"，{day_in_words(card.starts_on)}起执行" if card.starts_on else ""
    change = (
        CatalogueChange.select(CatalogueChange.basis)
        .where(CatalogueChange.subject_uid == service.uid)
        .order_by(CatalogueChange.at.desc(), CatalogueChange.uid.desc())
        .first()
    )
    more = f"；{change.basis}" if change is not None and change.basis else ""
    return f"“{card.name}”办理要求（第 {card.version} 版{since}）{more}"


def _reached(visit: Visit) -> dict[str, str]:
    """How far the case has come, as the student is told."""
    case = case_of(visit)
    waiting = "" if case.is_closed else case.pause_reason
    told = visit.result if visit.outcome == VisitOutcome.NOTIFIED else ""
    referred = [step.desk_name for step in case.steps if step.kind == StepKind.REFERRED]
    return {
        "应办结日": day_in_words(case.due_on) if case.due_on else "",
        "待补材料": waiting or told,
        "不予受理原因": case.result if case.status == CaseStatus.REFUSED else "",
        "转往窗口": referred[-1] if referred else "",
    }


def _enquiry_desks() -> list[str]:
    return [
        f"{desk.name}（{desk.position}）" if desk.position else desk.name
        for desk in desks()
        if desk.takes_enquiries
    ]


def numbered(items: Sequence[str]) -> str:
    """One a line, with numbers when there are several."""
    stripped = [item.strip() for item in items if item.strip()]
    if len(stripped) < 2:
        return "".join(stripped)
    return "\n".join(f"{n}. {item}" for n, item in enumerate(stripped, 1))


def _moment(at: datetime) -> str:
    return f"{day_in_words(at.date())} {at:%H:%M}"
