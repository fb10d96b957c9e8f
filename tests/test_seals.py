"""The register of seals: names, aliases, keepers, and what the office may change."""

import pytest
from exchange import exchange
from sealing import add_teacher, person, refused, use

import models
from models import Seal, UserError


@pytest.fixture
def league(office):
    return models.department_by_name("团委")


@pytest.fixture
def league_teacher(chief):
    return add_teacher(chief, "T101", "白老师", "团委")


@pytest.fixture
def register(chief, league, league_teacher):
    """Register the seal of 团委, with something said otherwise."""

    def register(**more):
        fields = {
            "by": chief,
            "department": league,
            "desk": models.desk_by_code("dangtuan"),
            "keeper": league_teacher,
        }
        return models.register_seal(**fields | more)

    return register


def test_the_name_follows_the_policy(seal):
    assert seal.name == "教务处—学生社区事务专用章"


def test_everything_the_register_asks_for_is_kept(register):
    seal = register(
        aliases="团委章，  团章、团章",
        material="光敏 42mm",
        engraving="公安备案 2026-7",
        storage_place="保险柜 2 层",
        note="移交自旧址",
    )
    seal = Seal.get_by_id(seal.uid)
    assert seal.aliases == "团委章、团章"
    assert (seal.material, seal.engraving) == ("光敏 42mm", "公安备案 2026-7")
    assert (seal.storage_place, seal.note) == ("保险柜 2 层", "移交自旧址")
    assert (seal.assistants_may_use, seal.state_label) == (False, "启用")


def test_a_department_has_one_seal(register):
    register()
    with refused("已经登记过"):
        register()


def test_only_the_office_keeps_the_register(register, league_teacher):
    seal = register()
    with refused("登记印章由中心办公室办理"):
        register(by=league_teacher)
    with refused("登记印章由中心办公室办理"):
        models.change_seal(seal, by=league_teacher, note="x")


def test_the_keeper_is_one_of_the_department(register):
    with refused("李老师不是团委的人"):
        register(keeper=person("T001"))
    with refused("顾主任不是团委的人"):
        register(keeper=person("B0001"))


def test_the_keeper_is_still_there(register, chief, league_teacher):
    models.end_service(league_teacher, by=chief)
    with refused("不在岗"):
        register()


def test_an_assistant_keeps_only_a_seal_assistants_may_use(register, chief, league):
    keeper = models.add_person(
        by=chief, number="20249", name="小白", role="assistant", department=league
    )
    with refused("学生助理不能保管"):
        register(keeper=keeper)
    assert register(keeper=keeper, assistants_may_use=True).keeper_uid == keeper.uid


def test_it_is_found_by_name_alias_and_department(register):
    seal = register(aliases="团章、青年章")
    for text in (seal.name, " 团章 ", "青年章", "团委", seal.uid):
        assert models.seal_by_name(text) == seal
    with pytest.raises(UserError, match="没有印章“公章”，可用："):
        models.seal_by_name("公章")


def test_an_alias_leads_to_one_seal(register):
    with refused("别名“教务处”已经是"):
        register(aliases="教务处")
    seal = register(aliases="团章")
    other = models.seal_by_name("教务处")
    with refused("别名“团章”已经是“团委—"):
        models.change_seal(other, by=person("B0001"), aliases="团章")
    assert models.change_seal(seal, by=person("B0001"), aliases="团章、青").aliases


def test_the_office_puts_the_register_right_and_nothing_else(register, chief):
    seal = models.change_seal(
        register(), by=chief, note=" 新 ", assistants_may_use=True
    )
    assert (seal.note, seal.assistants_may_use) == ("新", True)
    with pytest.raises(TypeError):
        models.change_seal(seal, by=chief, keeper_uid="x")


def test_a_destroyed_seal_is_followed_by_a_new_one(register, chief):
    old = register(aliases="团章")
    models.destroy_seal(old, by=chief, reason="找不到", approver="院长", lost=True)
    new = register(aliases="团章")
    assert models.seal_by_name("团章") == new
    with refused("已销毁"):
        models.change_seal(old, by=chief, note="x")


def test_a_seal_of_another_desk_is_refused(centre, register):
    elsewhere = register()
    exchange(centre.office, centre.station)
    with refused("不在本窗口"):
        use(person("T001"), elsewhere)


def test_a_seal_that_has_not_arrived_is_refused(centre, register):
    elsewhere = register()
    models.open_database(centre.station)
    with refused("请先同步"):
        use(person("T001"), elsewhere)
