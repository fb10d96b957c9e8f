"""窗口事项变更记录: changes of the catalogue read back from the document (P2)."""

from datetime import date, datetime

import pytest
from ledgers.records import Page

import models
from models import Service, clock


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(datetime(2026, 11, 23, 9, 30)):
        yield


@pytest.fixture
def changed(chief):
    deferral = Service.get(Service.name == "缓考申办")
    models.change_service(
        deferral,
        by=chief,
        starts_on=date(2026, 12, 1),
        basis="领导小组第 3 次会议纪要",
        working_days=5,
    )
    models.set_department_phone(
        models.department_by_name("教务处"), by=chief, phone="8620", basis="教务处来函"
    )
    return models.desk_by_code("jiaowu")


def test_a_change_fills_every_column(changed, tmp_path):
    page = Page("catalogue_changes", tmp_path / "台账.docx", desk=changed)
    assert page.lines[1] == "窗口事项变更记录"
    assert page.rows == [
        {
            "登记时间": "2026-11-23 09:30",
            "窗口": "教务事务窗口",
            "责任部门": "教务处",
            "变更类别": "调整事项",
            "变更前": "缓考申办：承诺工作日 3",
            "变更后": "缓考申办：承诺工作日 5",
            "生效日期": "2026-12-01",
            "依据": "领导小组第 3 次会议纪要",
            "登记人": "顾主任",
        }
    ]


def test_the_closing_line_counts_by_kind(changed, tmp_path):
    page = Page("catalogue_changes", tmp_path / "台账.docx")
    assert page.rows[1]["窗口"] == "—"
    assert page.rows[1]["变更前"] == "电话 无"
    assert page.closing == "合计　共 2 项：调整事项 1、部门电话 1。"
