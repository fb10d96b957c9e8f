"""The centre that most tests and measurements begin from."""

from pathlib import Path
from typing import NamedTuple

import models
from exports.sync import enrolment, share, sync
from models import PersonRole
from models.postgres import Server


class Centre(NamedTuple):
    """The folders of a small centre."""

    root: Path

    @property
    def office(self) -> Path:
        return self.root / "office"

    @property
    def station(self) -> Path:
        return self.root / "jiaowu"

    @property
    def share(self) -> Path:
        return self.root / "share"

    def find_share(self) -> None:
        """Both are told where their share is, which was copied with them."""
        for folder in (self.office, self.station):
            models.open_database(folder)
            models.set_share(str(self.share))
        models.close_database()


def found_small_centre(root: Path, server: Server | None = None) -> None:
    """Office, a teacher with a seal, three assistants, and a desk that was let in."""
    enrolment.found_centre(
        root / "office",
        share_folder=root / "share",
        centre_name="测试学院学生社区服务中心",
        number="B0001",
        name="顾主任",
        recovery_file=root / "recovery.key",
        key_in_file=True,
        server=server,
    )
    _fill_office()
    models.close_database()
    enrolment.join_centre(
        root / "jiaowu",
        share_folder=root / "share",
        marker=share.read_marker(root / "share"),
        name="教务窗口 1 号机",
        key_in_file=True,
    )
    models.open_database(root / "office")
    (request,) = enrolment.requests()
    office = models.person_signing_in("B0001")
    enrolment.approve(request, desk=models.desk_by_code("jiaowu"), by=office)
    sync()
    models.open_database(root / "jiaowu")
    sync()
    models.close_database()


def _fill_office() -> None:
    """People, the seal of 教务处, and three students."""
    by = models.person_signing_in("B0001")
    department = models.department_by_name("教务处")
    desk = models.desk_by_code("jiaowu")
    teachers = [
        models.add_person(
            by=by,
            number=f"T00{n}",
            name=name,
            role=PersonRole.TEACHER,
            department=department,
            card=f"800000000{n}",
        )
        for n, name in ((1, "李老师"), (2, "何老师"))
    ]
    for n, name in ((1, "曾单"), (2, "王芳"), (3, "赵六")):
        models.add_person(
            by=by,
            number=f"202411020{n}",
            name=name,
            role=PersonRole.ASSISTANT,
            department=department,
            card=f"700000000{n}",
        )
    models.register_seal(by=by, department=department, desk=desk, keeper=teachers[0])
    with models.transaction():
        models.Student.write_new(
            [
                models.Student(
                    number=f"202311000{n}",
                    name=name,
                    class_name="软件2301",
                    college="数字化学院",
                    phone=f"1380000000{n}",
                    initials=initials,
                )
                for n, name, initials in (
                    (1, "张伟", "zw"),
                    (2, "覃小燕", "qxy txy"),
                    (3, "𠮷田·买买提", "jtmmt"),
                )
            ],
            by=by,
        )
