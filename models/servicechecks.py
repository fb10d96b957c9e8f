"""What a version of a service must be like before it is written."""

from models.catalogue import refusal
from models.desks import Desk, departments_of
from models.services import SERVICE_KIND_LABELS, Service, ServiceKind

MOST_DAYS = 365


def check_service(service: Service, desk: Desk) -> None:
    """Raise `UserError` at the field that makes no sense at *desk*."""
    name, first = service.name, service.first_day
    if not name:
        raise refusal("请填写事项名称。", "name")
    if service.kind not in SERVICE_KIND_LABELS:
        raise refusal(f"请选择“{name}”是即办、承诺还是咨询。", "kind")
    promised = service.kind == ServiceKind.PROMISED
    if promised and not 1 <= service.working_days <= MOST_DAYS:
        raise refusal(
            f"“{name}”是承诺件，请填写 1 到 {MOST_DAYS} 个工作日。", "working_days"
        )
    if not desk.in_service(first):
        raise refusal(
            f"“{desk.name}”在 {first} 不开设，请换一个窗口或日期。", "starts_on"
        )
    serving = departments_of(desk, first)
    if service.department_uid not in {department.uid for department in serving}:
        known = "、".join(department.name for department in serving)
        raise refusal(
            f"{service.department_name}不在“{desk.name}”服务，请选择{known}。",
            "department",
        )
    _refuse_twice(service, desk)


def _refuse_twice(service: Service, desk: Desk) -> None:
    same = Service.select().where(
        (Service.desk_uid == desk.uid) & (Service.name == service.name)
    )
    for other in same:
        if other.item != service.item and (
            max(other.first_day, service.first_day)
            <= min(other.last_day, service.last_day)
        ):
            raise refusal(
                f"“{desk.name}”已经有“{service.name}”了，请修改它，或换一个名称。",
                "name",
            )
