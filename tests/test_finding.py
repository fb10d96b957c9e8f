"""Finding, through the front door: what is typed, and what comes back."""

import shutil
from datetime import date, datetime, timedelta
from itertools import chain

import pytest
from exchange import add_station, exchange

import models
from models import StepKind, UserError, VisitOutcome, clock, searchindex
from models.base import connection, db
from models.finding import find_seal_uses, find_visits

MONDAY = datetime(2026, 11, 23, 9)


def take(by, service, outcome=VisitOutcome.DONE, **more):
    more.setdefault("visitor_name", "张伟")
    more.setdefault("result", "当场办妥")
    return models.record_visit(by=by, service=service, outcome=outcome, **more)


def seal_for(by, seal, **more):
    usual = {
        "applicant": "张伟",
        "unit": "数字化学院",
        "document_title": "在读证明",
        "purpose": "办理助学贷款",
        "approver": "李老师",
    }
    return models.record_seal_use(by=by, seal=seal, **usual | more)


def uids(page):
    return [row.uid for row in page.rows]


def found(*texts, **filters):
    return [uids(find_visits(text, **filters)) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        *("JW20261123-001", "jw2026", "20261123", "001", "1", "20261123-001"),
        *("2023110002", "20231", "2", "覃小燕", "小燕", "覃", "燕"),
        *("qxy", "QX", "txy", "t", "免修", "软件2301", "软件", "2301", "ＪＷ2026"),
        *("毕业后补办", "后补", "成绩单", "签收", "覃 软件 免修", "qxy 001 补办"),
    ],
)
def test_a_visit_is_found_by(text, assistant, service):
    with clock.set_at(MONDAY):
        wanted = take(
            assistant,
            service,
            student=models.student_by_number("2023110002"),
            visitor_name="",
            result="毕业后补办",
            note="家长代为签收",
            materials=[{"name": "成绩单", "count": 2}],
        )
        other = take(assistant, service, visitor_name="赵六", outcome="enquiry")
        assert wanted.uid in uids(find_visits(text))
        assert other.uid not in uids(find_visits(f"{text} 覃"))


@pytest.mark.parametrize(
    "text", ["燕小", "单成", "qy", "JW2027", "办补", "龘", "覃 赵"]
)
def test_it_is_not_found_by(text, assistant, service):
    with clock.set_at(MONDAY):
        take(assistant, service, visitor_name="覃小燕", note="毕业后补办 成绩单")
        take(assistant, service, visitor_name="赵六")
        assert find_visits(text) == ([], None, 0)


def test_words_of_more_than_two_characters_stand_together(assistant, service):
    apart = take(assistant, service, note="在读、读证、证明，CET 4")
    assert found("在读证明", "cet4", "读、读证", "cet 4") == [
        [],
        [],
        *[[apart.uid]] * 2,
    ]


def test_names_with_dots_are_found_with_and_without_them(assistant, service):
    visit = take(assistant, service, visitor_name="𠮷田·买买提")
    assert found("𠮷田·买", "𠮷田买", "买买提", "jtm") == [[visit.uid]] * 4


def test_what_happened_to_a_case_finds_its_visit(assistant, service):
    visit = take(assistant, service, VisitOutcome.PROMISED)
    assert found("盖章") == [[]]
    models.add_step(visit, StepKind.PROGRESS, by=assistant, note="等学院盖章")
    assert found("盖章", "张伟 盖章") == [[visit.uid]] * 2


def test_filters_narrow(assistant, service, desk):
    other_service = models.services_of(desk)[0]
    if other_service.uid == service.uid:
        other_service = models.services_of(desk)[1]
    with clock.set_at(MONDAY):
        promised = take(assistant, service, VisitOutcome.PROMISED)
    with clock.set_at(MONDAY + timedelta(days=1)):
        done = take(assistant, other_service)
        void = take(assistant, service)
        models.void_visit(void, by=assistant, reason="重复登记")
    assert found("", status="open") == [[promised.uid]]
    assert found("", status="done") == [[done.uid]]
    assert found("张伟", "重复", status="void") == [[void.uid]] * 2
    assert found("", service=other_service) == [[done.uid]]
    assert found("张", service=service, desk=desk) == [[void.uid, promised.uid]]
    assert found("", desk=models.desk_by_code("xuesheng")) == [[]]
    day = MONDAY.date()
    assert found("", "张", first=day, last=day) == [[promised.uid]] * 2
    assert found("", "张", first=day + timedelta(days=1)) == [[void.uid, done.uid]] * 2
    with pytest.raises(UserError, match="处理情况"):
        find_visits(status="nothing")


def test_a_finished_case_is_no_longer_open(assistant, service):
    visit = take(assistant, service, VisitOutcome.PROMISED)
    assert found("", status="open") == [[visit.uid]]
    models.finish_case(visit, by=assistant, result="已领取")
    assert found("", status="open") == [[]]
    assert found("已领取", status="promised") == [[visit.uid]]


def test_the_versions_of_a_service_are_one_item(assistant, service):
    visit = take(assistant, service)
    newer = models.Service(name="新名称", item_uid=service.item)
    assert newer.uid != visit.service_uid
    assert found("", "张伟", service=newer) == [[visit.uid]] * 2
    assert found("", service=models.Service(name="别的")) == [[]]


def test_a_seal_use_is_found_by_number_people_paper_and_every_student(teacher, seal):
    with clock.set_at(MONDAY):
        batch = seal_for(
            teacher,
            seal,
            applicant="曾单",
            document_title="集体奖状",
            document_number="校学〔2026〕8号",
            students=["2023110001", "2023110003"],
        )
        uses = [seal_for(teacher, seal, purpose="出国") for _ in range(12)]
    everything = ("2026-0001", "0001", "zs", "cd", "曾单", "奖状", "校学〔2026〕8号")
    for text in (*everything, "2023110003", "20231100", "曾 奖状"):
        assert uids(find_seal_uses(text)) == [batch.uid], text
    assert uids(find_seal_uses("12")) == [uses[10].uid]
    assert uids(find_seal_uses("2026-0012")) == [uses[10].uid]
    assert uids(find_seal_uses(student_number="2023110001")) == [batch.uid]
    assert uids(find_seal_uses(student_number="202311000")) == []
    assert len(find_seal_uses("出国", seal=seal).rows) == 12
    assert len(find_seal_uses(seal=seal).rows) == 13
    tomorrow = MONDAY.date() + timedelta(days=1)
    assert uids(find_seal_uses("出国", first=tomorrow)) == []


def test_a_void_seal_use_is_found_by_its_reason(teacher, seal):
    use = seal_for(teacher, seal)
    assert uids(find_seal_uses("写错")) == []
    models.void_seal_use(use, by=teacher, reason="写错单位")
    assert [row.is_void for row in find_seal_uses("写错").rows] == [True]


def test_a_page_goes_on_where_the_one_before_ended(assistant, service):
    visits = []
    for minute in (0, 1, 1, 1, 1, 2, 3):
        with clock.set_at(MONDAY + timedelta(minutes=minute)):
            visits.append(take(assistant, service))
    with clock.set_at(MONDAY):
        early = MONDAY - timedelta(days=1)
        visits.insert(0, take(assistant, service, arrived_at=early))
    wanted = sorted(visits, key=lambda v: (v.arrived_at, v.uid), reverse=True)
    for text, more in (("", {}), ("张伟", {}), ("", {"status": "done"})):
        pages, after = [], None
        while True:
            page = find_visits(text, after=after, limit=2, **more)
            pages.append(uids(page))
            after = page.after
            if after is None:
                break
        assert [len(page) for page in pages] == [2, 2, 2, 2]
        assert list(chain(*pages)) == [visit.uid for visit in wanted]


def test_punctuation_alone_finds_nothing(assistant, service):
    take(assistant, service, note="……")
    assert find_visits("，").rows == [] and find_visits("。", status="done").rows == []


def test_a_relayed_or_merged_visit_is_found_at_the_office(centre, small_centre):
    folder = add_station(centre, "xuesheng")
    models.open_database(centre.office)
    assert find_visits().rows == []
    models.open_database(folder)
    by = models.person_signing_in("2024110201")
    service = models.services_of(models.this_desk())[0]
    visit = take(by, service, visitor_name="仇查")
    exchange(folder, centre.office)
    assert found("qz", "仇") == [[visit.uid]] * 2
    assert found("仇", desk=models.desk_by_code("xuesheng")) == [[visit.uid]]
    assert found("仇", desk=models.desk_by_code("jiaowu")) == [[]]


def test_a_broken_or_missing_index_is_made_again(assistant, service):
    visit = take(assistant, service)
    assert found("张伟") == [[visit.uid]]
    for damage in (
        "UPDATE find_visit_data SET block = zeroblob(40)",
        "DELETE FROM find_visit_data",
        "DROP TABLE find_visit",
        "DROP TABLE find_upto",
        "UPDATE find_upto SET format = 0",
        "UPDATE find_upto SET entry = entry + 10, hash = 'x'",
    ):
        db.execute_sql(damage)
        find_visits("张伟")
        searchindex.catch_up()
        assert found("张伟", "张 伟") == [[visit.uid]] * 2, damage


def test_a_backup_that_was_put_back_is_read_again(centre):
    models.open_database(centre.station)
    by = models.person_signing_in("2024110201")
    service = models.services_of(models.this_desk())[0]
    first = take(by, service, visitor_name="钱一")
    assert found("钱一") == [[first.uid]]
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    models.close_database()
    kept = centre.root / "kept.db"
    shutil.copy2(centre.station / "desk.db", kept)
    models.open_database(centre.station)
    take(by, service, visitor_name="孙二")
    assert find_visits("孙二").rows
    models.close_database()
    for path in centre.station.glob("desk.db*"):
        path.unlink()
    shutil.copy2(kept, centre.station / "desk.db")
    models.open_database(centre.station)
    third = take(by, service, visitor_name="李三")
    assert found("李三", "孙二", "钱一") == [[third.uid], [], [first.uid]]


def test_vacuum_and_verify_leave_the_index_in_order(assistant, service):
    visits = [take(assistant, service, visitor_name=f"钱{n}") for n in range(5)]
    assert len(find_visits("钱").rows) == 5
    db.execute_sql("VACUUM")
    assert found("钱3") == [[visits[3].uid]]
    assert models.verify().faults == []
    assert "find_visit" not in models.row_counts()


def test_while_the_index_is_made_numbers_are_answered(assistant, service, monkeypatch):
    visit = take(assistant, service, VisitOutcome.PROMISED)
    monkeypatch.setattr(searchindex, "SOON", 0)
    page = find_visits(visit.number[:10])
    assert uids(page) == [visit.uid] and page.backlog == searchindex.backlog() > 0
    assert uids(find_visits("张伟")) == []
    assert find_visits("张伟").backlog > 0
    assert uids(find_visits("", status="open", service=service)) == [visit.uid]
    reports = []
    left = searchindex.catch_up(report=lambda *heard: reports.append(heard))
    assert left == 0 and reports[-1][:2] == (page.backlog, page.backlog)
    assert find_visits("张伟").backlog == 0 and found("张伟") == [[visit.uid]]


def test_little_is_read_when_little_is_asked_for(assistant, service):
    for _ in range(3):
        take(assistant, service)
    before = searchindex.backlog()
    assert searchindex.catch_up(most=2) == searchindex.backlog() == before - 2
    assert searchindex.catch_up() == 0


def test_a_cancelled_catching_up_goes_on_where_it_stopped(
    assistant, service, monkeypatch
):
    monkeypatch.setattr(searchindex, "CHUNK", 2)
    visits = [take(assistant, service) for _ in range(4)]

    def stop(done, total, text):
        raise KeyboardInterrupt

    before = searchindex.backlog()
    with pytest.raises(KeyboardInterrupt):
        searchindex.catch_up(report=stop)
    assert searchindex.backlog() == before - 2
    assert len(find_visits("张伟").rows) == len(visits)


def test_another_thread_may_catch_up(assistant, service):
    from concurrent.futures import ThreadPoolExecutor

    take(assistant, service)

    def work():
        with connection():
            return searchindex.catch_up()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() == 0
    assert len(find_visits("张伟").rows) == 1


def test_rows_that_share_a_place_are_told_apart(assistant, service, monkeypatch):
    monkeypatch.setattr(searchindex, "crc32", lambda data: 7)
    with clock.set_at(MONDAY):
        one = take(assistant, service, VisitOutcome.PROMISED, visitor_name="钱一")
        assert found("钱一") == [[one.uid]]
        two = take(assistant, service, visitor_name="孙二")
        assert found("孙二", "钱一", "钱 孙") == [[two.uid], [one.uid], []]
        models.finish_case(one, by=assistant, result="已领取")
        assert found("孙二", "已领取") == [[two.uid], [one.uid]]


def test_dates_at_the_edge_do_no_harm(assistant, service):
    visit = take(assistant, service)
    assert found("张", first=date.min, last=date.max) == [[visit.uid]]
    assert found("张", last=date.min) == [[]]
