"""The rows of 单据模板: which template holds for whom, and who may change it."""

from typing import NamedTuple

from models.desks import Department, departments, departments_of, this_desk
from models.installation import Installation
from models.people import Person
from models.permissions import Operation, may, who_may
from models.slip_templates import SlipTemplate, template_for

EVERYBODY = "全部部门"


class TemplateRow(NamedTuple):
    """A department, or all that have none of their own, and what holds for it."""

    department: Department | None
    template: SlipTemplate | None

    @property
    def uid(self) -> str:
        return self.department.uid if self.department else "all"

    @property
    def department_uid(self) -> str:
        return self.department.uid if self.department else ""

    @property
    def name(self) -> str:
        return self.department.name if self.department else EVERYBODY

    @property
    def is_own(self) -> bool:
        """Whether it was put in for just this row, and can be given up again."""
        template = self.template
        return template is not None and template.department_uid == self.department_uid

    @property
    def source(self) -> str:
        """`内置`, `办公室` or `本部门`."""
        if self.template is None:
            return "内置"
        return "本部门" if self.template.department_uid else "办公室"

    @property
    def in_words(self) -> str:
        """`本部门模板“回执.docx”，第 2 版`."""
        if self.template is None:
            return "内置模板"
        return (
            f"{self.source}模板“{self.template.file_name}”，"
            f"第 {self.template.version} 版"
        )

    @property
    def since(self) -> str:
        """When it was put in, and by whom."""
        if self.template is None:
            return ""
        return f"{self.template.added_at:%Y-%m-%d} {self.template.author_name}"


def template_rows(kind: str, here: Installation, by: Person) -> list[TemplateRow]:
    """What holds for a kind of slip; at a desk for the departments it serves."""
    if here.is_office:
        shown = departments()
    else:
        served = {department.uid for department in departments_of(this_desk())}
        served.add(by.department_uid)
        shown = [department for department in departments() if department.uid in served]
    return [
        TemplateRow(
            department, template_for(kind, department.uid if department else "")
        )
        for department in (None, *shown)
    ]


def why_not_replace(row: TemplateRow, here: Installation, by: Person) -> str:
    """Why *by* cannot put a template in here; "" when they can."""
    if row.department is None and not here.is_office:
        return "全部部门共用的模板由中心办公室在办公室的电脑上更换。"
    if may(by, Operation.SLIP_TEMPLATE, departments={row.department_uid}):
        return ""
    return (
        f"{row.name}的模板由{who_may(Operation.SLIP_TEMPLATE)}更换，"
        "这里可以查看、另存和试打。"
    )
