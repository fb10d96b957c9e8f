"""A new installation starts with the policy's desks, departments and services."""

import models
from models import Service, ServiceKind
from models.centre import DESKS

# Words of the policy's section three; each must be found among a desk's services.
SAID = {
    "dangtuan": "社团活动组织审批 场馆使用审批 物资借用 组织关系转接 入团申请 团员证 "
    "校外勤工助学 社团入团 学生会入会咨询",
    "jiaowu": "免修 重修 缓考 学生信息更正 学籍证明 异动 退伍复学 选课 考务 教材教具 "
    "转专业 转本",
    "xuesheng": "奖助学金 助学贷款 勤工助学 学费补偿 学生证 火车购票优惠卡 退住宿",
    "jiuye": "建档 调档 派遣 就业政策 岗位信息发布 就业协议 毕业生登记表",
    "xinxi": "一卡通业务咨询 报表处理 一卡通设备报修 水电充值 故障报修 违章电器送电 "
    "闸机 今日校园 网络故障",
    "houqin": "报修咨询 接单 户籍 在校生入伍 毕业生入伍 失物招领 突发事件报警",
}


def test_six_desks_with_every_service_the_policy_names(office):
    desks = models.desks()
    assert [desk.code for desk in desks] == list(SAID)
    for desk in desks:
        names = [service.name for service in models.services_of(desk)]
        for word in SAID[desk.code].split():
            assert any(word in name for name in names), (desk.name, word)


def test_two_desks_are_joint(office):
    served = {
        desk.code: [department.name for department in models.departments_of(desk)]
        for desk in models.desks()
    }
    assert served["dangtuan"] == ["党委工作部", "团委"]
    assert served["houqin"] == ["后勤处", "保卫处"]
    assert sum(len(names) for names in served.values()) == 8


def test_promised_services_have_days_and_others_have_none(office):
    for service in Service.select():
        assert (service.working_days > 0) == (service.kind == ServiceKind.PROMISED)


def test_a_department_is_found_by_any_of_its_names(office):
    for name, text in (
        ("招就处", "就业办"),
        ("信管中心", "信管科"),
        ("学生处", "学工"),
    ):
        assert models.department_by_name(text).name == name


def test_services_are_found_by_initials(office):
    service = Service.get(Service.name == "缓考申办")
    assert "hksb" in service.initials.split()


def test_the_data_is_checked_against_itself():
    for plan in DESKS:
        for service in plan.services:
            assert service[2] in plan.departments
