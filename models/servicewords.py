"""How a version of a service is told in the record of changes."""

from models.services import Service, desk_of

# What a change may give anew, as a ledger tells it.
TOLD: dict[str, str] = {
    "name": "名称",
    "kind": "件型",
    "working_days": "承诺工作日",
    "desk_uid": "窗口",
    "department_name": "责任部门",
    "materials": "所需材料",
    "guide": "办理流程",
    "place": "办理地点",
    "phone": "咨询电话",
}


def differing(before: Service, after: Service) -> list[str]:
    """The columns that two versions tell differently."""
    return [name for name in TOLD if getattr(before, name) != getattr(after, name)]


def said(service: Service, column: str) -> str:
    """`承诺工作日 5`."""
    if column == "desk_uid":
        return f"窗口 {desk_of(service).name}"
    value = service.kind_label if column == "kind" else getattr(service, column)
    if isinstance(value, str):
        value = value.rstrip("。；")  # another field follows in the same sentence
    return f"{TOLD[column]} {value or '无'}"


def in_full(service: Service) -> str:
    """`缓考申办（承诺，3 个工作日）；所需材料 申请表`."""
    texts = [
        said(service, column)
        for column in ("materials", "guide", "place", "phone")
        if getattr(service, column)
    ]
    return "；".join([f"{service.name}（{service.promise}）", *texts])
