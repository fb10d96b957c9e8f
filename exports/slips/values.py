"""What the fields of a slip hold, by the names of `models.slip_fields`.

What was told at the desk comes from the visit, with names as they were; where and how
to go on comes from the card of the service.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from exports.ledgers.selection import day_in_words
from models import clock
from models.cases import steps_of
from models.catalogue import CatalogueChange
from models.desks import Desk, desks
from models.installation import installation
from models.people import Person
from models.services import SERVICE_KIND_LABELS, Service, ServiceCard, card_of
from models.slip_templates import SLIP_KIND_LABELS
from models.steps import StepKind, VisitStep
from models.visits import VISIT_CHANNEL_LABELS, Visit, VisitOutcome

ENQUIRY_DESK = "咨询台"

# A list within a text; what stands in brackets belongs to one item.
_ITEM = re.compile(r"(?:（[^（）]*）|\([^()]*\)|[^、；;\n])+")


class Standing(NamedTuple):
    """How far the case is, as the student is told."""

    due_on: date | None
    missing: str
    refusal: str
    referred_to: str


def values_of(kind: str, visit: Visit, person: Person) -> dict[str, str]:
    """Every field with its text; "" where there is nothing to tell."""
    return {
        "中心名称": installation().centre_name,
        "单据名称": SLIP_KIND_LABELS.get(kind, kind),
        **_told(visit),
        **_reached(standing_of(visit)),
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


def _reached(standing: Standing) -> dict[str, str]:
    return {
        "应办结日": day_in_words(standing.due_on) if standing.due_on else "",
        "待补材料": standing.missing,
        "不予受理原因": standing.refusal,
        "转往窗口": standing.referred_to,
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


def standing_of(visit: Visit) -> Standing:
    """From the visit and its steps, as far as they are known here."""
    steps = steps_of(visit)
    waiting = _last(steps, StepKind.WAITING, StepKind.COMPLETE)
    refused = _last(steps, StepKind.REFUSED, StepKind.REOPENED)
    referred = _last(steps, StepKind.REFERRED)
    missing = refusal = ""
    if waiting is not None and waiting.kind == StepKind.WAITING:
        missing = waiting.note
    elif visit.outcome == VisitOutcome.NOTIFIED:
        missing = visit.result
    if refused is not None and refused.kind == StepKind.REFUSED:
        refusal = refused.note
    elif refused is None and visit.outcome == VisitOutcome.REFUSED:
        refusal = visit.result
    promises = [visit.due_on, *(step.due_on for step in steps)]
    due_on = [day for day in promises if day is not None][-1:]
    return Standing(
        due_on=due_on[0] if due_on and not missing else None,
        missing=missing,
        refusal=refusal,
        referred_to=referred.desk_name if referred else "",
    )


def _last(steps: Sequence[VisitStep], *kinds: StepKind) -> VisitStep | None:
    return next((step for step in reversed(steps) if step.kind in kinds), None)


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
