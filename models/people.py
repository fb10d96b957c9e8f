"""People: who may sign in at a desk, and what they may do there.

Everyone has two bosses (双重管理, P12): the department for business, the office for
attendance and daily management.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from peewee import TextField

from models.base import DayField, Record, transaction
from models.clock import today
from models.desks import Department
from models.errors import UserError


class PersonRole(StrEnum):
    """What a person is at the centre.  Stored and synced: never rename a value."""

    ASSISTANT = "assistant"
    TEACHER = "teacher"
    OFFICE = "office"


PERSON_ROLE_LABELS: dict[str, str] = {
    PersonRole.ASSISTANT: "学生助理",
    PersonRole.TEACHER: "部门老师",
    PersonRole.OFFICE: "中心办公室",
}


class PersonStatus(StrEnum):
    """From application to leaving (P3).  Stored and synced: never rename a value."""

    APPLIED = "applied"
    INTERVIEWED = "interviewed"
    TRAINING = "training"
    ACTIVE = "active"
    LEFT = "left"


PERSON_STATUS_LABELS: dict[str, str] = {
    PersonStatus.APPLIED: "报名",
    PersonStatus.INTERVIEWED: "面试",
    PersonStatus.TRAINING: "培训",
    PersonStatus.ACTIVE: "在岗",
    PersonStatus.LEFT: "离岗",
}


class Person(Record):
    """Somebody who works at the centre."""

    audience = "all"
    written_by = "office"

    number = TextField(index=True, verbose_name="学号/工号")
    name = TextField(verbose_name="姓名")
    role = TextField(default=PersonRole.ASSISTANT, verbose_name="身份")
    department_uid = TextField(default="", verbose_name="部门标识")
    department_name = TextField(default="", verbose_name="部门")
    class_name = TextField(default="", verbose_name="班级")
    phone = TextField(default="", verbose_name="电话")
    card = TextField(default="", index=True, verbose_name="卡号")
    status = TextField(default=PersonStatus.ACTIVE, verbose_name="状态")
    ends_on = DayField(null=True, verbose_name="离岗日期")
    initials = TextField(default="", verbose_name="拼音首字母")
    trained_on = DayField(null=True, verbose_name="培训日期")

    class Meta:
        table_name = "person"

    @property
    def role_label(self) -> str:
        return PERSON_ROLE_LABELS.get(self.role, self.role)

    @property
    def status_label(self) -> str:
        return PERSON_STATUS_LABELS.get(self.status, self.status)

    @property
    def may_sign_in(self) -> bool:
        """Leaving ends access at once, at the latest on the end date (P3)."""
        on_time = self.ends_on is None or today() <= self.ends_on
        return on_time and self.status in (PersonStatus.TRAINING, PersonStatus.ACTIVE)


def typed_number(text: str) -> str:
    """A number or card as typed or swiped: full width and blanks straightened."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _require_people(by: Person) -> None:
    # The table of permissions knows people, so it is asked for when needed.
    from models.permissions import Operation, require

    require(by, Operation.PEOPLE)


def person_signing_in(text: str) -> Person:
    """The person whose number or card was typed or swiped."""
    typed = typed_number(text)
    if not typed:
        raise UserError("请刷卡，或输入学号、工号。")
    if not typed.isascii():
        raise UserError("没有读到卡号，请切换到英文输入法后重刷。")
    found = list(
        Person.select()
        .where((Person.number == typed) | (Person.card == typed))
        .limit(2)
    )
    if len(found) != 1 or not found[0].may_sign_in:
        raise UserError("没有这个学号、工号或卡号，或已离岗，请核对后重试。")
    return found[0]


def add_person(
    *,
    by: Person | None,
    number: str,
    name: str,
    role: str,
    department: Department | None = None,
    card: str = "",
    phone: str = "",
    class_name: str = "",
    in_training: bool = False,
) -> Person:
    """Let somebody work at the centre.  *by* is None only for the very first one."""
    from models.pinyin import initials_of

    if by is None:
        if Person.select().exists():
            raise UserError("请先登录，再添加人员。")
    else:
        _require_people(by)
    number, name, card = (
        typed_number(number),
        " ".join(name.split()),
        typed_number(card),
    )
    _check_person(number, name, card, role, department)
    with transaction():
        for text in filter(None, (number, card)):
            taken = Person.get_or_none((Person.number == text) | (Person.card == text))
            if taken is not None:
                raise UserError(f"“{text}”已经属于{taken.name}，请核对。")
        return Person(
            number=number,
            name=name,
            role=role,
            department_uid=department.uid if department else "",
            department_name=department.name if department else "中心办公室",
            class_name=class_name.strip(),
            phone=typed_number(phone),
            card=card,
            initials=initials_of(name),
            status=PersonStatus.TRAINING if in_training else PersonStatus.ACTIVE,
        ).write(by=by)


def _check_person(
    number: str, name: str, card: str, role: str, department: Department | None
) -> None:
    if not number:
        raise UserError("请填写学号或工号。")
    for text, what in ((number, "学号、工号"), (card, "卡号")):
        if text and not (text.isascii() and text.isalnum()):
            raise UserError(f"{what}只能由数字和字母组成，请核对。")
    if not name:
        raise UserError("请填写姓名。")
    if role not in PERSON_ROLE_LABELS:
        raise UserError("请选择身份。")
    if role != PersonRole.OFFICE and department is None:
        raise UserError("请选择所属部门。")


def finish_training(person: Person, *, by: Person, on: date) -> Person:
    """Note that somebody was trained for the post (P14), on which day."""
    _require_people(by)
    if on > today():
        raise UserError("培训日期不能晚于今天。")
    with transaction():
        person.trained_on = on
        if person.status == PersonStatus.TRAINING:
            person.status = PersonStatus.ACTIVE
        return person.write(by=by)


def end_service(person: Person, *, by: Person) -> None:
    """Note that somebody has left; signing in is refused from now on."""
    _require_people(by)
    with transaction():
        person.status, person.ends_on = PersonStatus.LEFT, today()
        person.write(by=by)


def people(*roles: str) -> list[Person]:
    """Everyone still here, by name; of the given roles if any are given."""
    query = Person.select().where(Person.status != PersonStatus.LEFT)
    if roles:
        query = query.where(Person.role.in_(roles))
    return list(query.order_by(Person.role, Person.number))
