"""工作台: what it says is what was recorded, and every number leads to its list."""

import itertools
from datetime import datetime, timedelta

import pytest

from desk import dialogs, theme
from desk.palettes import contrast
from desk.widgets.charts import Bar, BarChart
from desk.widgets.donut import SHADES, Donut, Slice
from exports.sync import sync
from models import clock, storage, visitcounter, visitcounts
from models.attendance import check_out, on_duty
from models.checkins import check_in
from models.desks import this_desk
from models.handovers import hand_over
from models.people import person_signing_in
from models.reception import record_visit
from models.services import services_of
from models.visits import rate_visit

MONDAY = datetime(2026, 11, 23, 10)


# As people press them: one after the other, and not in the burst of a card reader.
times = itertools.count(1000, 1000)


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    monkeypatch.setattr(dialogs, "SETTLE_SECONDS", 0)


@pytest.fixture
def monday():
    with clock.set_at(MONDAY):
        yield


def fill():
    """Two weeks of a desk: visits, a promise that is late, somebody on duty."""
    by, services = person_signing_in("T001"), services_of(this_desk())
    for days, count in ((12, 1), (7, 3), (1, 1), (0, 4)):
        for n in range(count):
            at = MONDAY - timedelta(days=days, minutes=n)
            outcome = ("done", "enquiry", "promised", "done")[n]
            due = (at - timedelta(days=1)).date() if outcome == "promised" else None
            visit = record_visit(
                by=by,
                service=services[min(n, 2)],
                outcome=outcome,
                visitor_name="赵思远",
                result="办妥",
                arrived_at=at,
                **({"due_on": at.date()} if due else {}),
            )
            if n == 0:
                rate_visit(visit, 4, by=by)
    with clock.set_at(MONDAY - timedelta(hours=1)):
        check_in(person_signing_in("2023010101"))


def shown(window, drive, name="dashboard"):
    window.show(name)
    settle(window, drive)
    return window.page


def settle(window, drive):
    page = window.pages["dashboard"]
    drive.wait_until(
        lambda: not page._steps and not page._counting.running, "the dashboard"
    )
    drive.pump()


def press(widget, key, drive):
    widget.focus_force()
    drive.pump()
    widget.event_generate(f"<{key}>", time=next(times))
    drive.pump()


def test_it_says_what_was_recorded_and_leads_to_the_lists(at_work, monday, drive):
    fill()
    page = shown(at_work, drive)
    cards = {name: card.texts for name, card in page.cards.items()}
    assert cards["duty"][0] == "张小明　A 岗　09:00 起"
    assert cards["duty"][1] == "一周内没有排班。去排班（Ctrl+F6）"
    assert cards["cases"] == ["2 未办结", "1 ！今日到期", "1 ‼ 超期"]
    assert cards["visits"][:3] == ["4 来访", "4 件数", "4.0 评分（1 人）"]
    assert cards["visits"][3:] == ["当场办结 2", "承诺办结 1", "咨询 1"]
    assert "李老师 保管" in cards["seals"][0]
    assert cards["handover"] == ["没有等待接班的交班。"]
    assert cards["sync"][0].endswith("未上传") and cards["sync"][0] != "0 未上传"
    assert [bar.value for bar in page.bars.parts][-8:] == [3, 0, 0, 0, 0, 0, 1, 4]
    assert "".join("休" * bar.is_off or "-" for bar in page.bars.parts[-3:]) == "休休-"
    values = [part.value for part in page.services.parts]
    assert values == sorted(values, reverse=True) and sum(values) == 9

    # Figures and lines, by key: each list is the one that was counted.
    press(page.cards["cases"].links[True][2], "Return", drive)
    assert at_work.page is at_work.pages["cases"]
    assert at_work.page.views.get() == "due" and at_work.page.table.count == 2
    shown(at_work, drive)
    press(page.cards["visits"].links[False][1], "space", drive)
    finding = at_work.page
    assert finding is at_work.pages["finding"] and finding.table.count == 1
    assert finding.bar.fields["status"].widget.get() == "承诺办结"
    today = MONDAY.date()
    days = [finding.bar.fields[name].read() for name in ("first", "last")]
    assert days == [today, today]
    assert finding.bar.fields["desk"].widget.winfo_ismapped()
    at_work.root.event_generate("<Control-n>")
    drive.pump()
    assert finding.table.count == 9 and not finding.bar.fields["first"].read()
    assert not finding.bar.fields["desk"].widget.winfo_ismapped()
    shown(at_work, drive)
    for link, name in (
        (page.cards["duty"].links[False][0], "attendance"),
        (page.cards["duty"].links[False][1], "plans"),
        (page.cards["seals"].links[False][0], "seals"),
        (page.cards["handover"].links[False][0], "handover"),
        (page.cards["sync"].links[True][0], "sync"),
    ):
        press(link, "Return", drive)
        assert at_work.page is at_work.pages[name]
        shown(at_work, drive)


def test_the_charts_are_walked_through_by_keys(at_work, monday, drive):
    fill()
    page = shown(at_work, drive)
    bars, donut = page.bars, page.services
    press(bars, "Home", drive)
    assert bars.find_withtag("ring")
    press(bars, "End", drive)
    press(bars, "Left", drive)
    words = page.bars_words.cget("text")
    assert words == "11-22 周日（周末）1 次来访，Enter 查看"
    press(bars, "Return", drive)
    finding = at_work.page
    assert finding.table.count == 1
    assert finding.bar.fields["first"].read() == (MONDAY - timedelta(days=1)).date()
    shown(at_work, drive)
    for key, span, total in (
        ("Left", "week", 4),
        ("Left", "today", 4),
        ("Left", "today", 4),
        ("Right", "week", 4),
        ("Right", "month", 9),
        ("Right", "school_year", 9),
    ):
        press(donut, key, drive)
        settle(at_work, drive)
        assert page.span.get() == span
        assert sum(part.value for part in donut.parts) == total
    press(donut, "Down", drive)
    second = donut.parts[1]
    press(donut, "Return", drive)
    assert at_work.page is finding and finding.table.count == second.value
    assert finding.bar.fields["service"].widget.get() == second.label
    assert finding.bar.fields["first"].read() == datetime(2026, 9, 1).date()


def test_a_look_changes_texts_only(at_work, monday, drive):
    page = shown(at_work, drive)
    assert page.cards["duty"].texts[0] == "现在没有人在岗。去签到（F4）"
    assert page.cards["visits"].texts[-1] == "今天还没有来访。去登记（F2）"
    assert page.bars_action.winfo_ismapped() and not page.bars.parts
    press(page.bars_action, "Return", drive)
    assert at_work.page is at_work.pages["visits"]
    shown(at_work, drive)
    link = page.cards["duty"].links[False][0]
    link.focus_force()
    fill()
    hand_over(by=person_signing_in("T001"))
    with clock.set_at(MONDAY + timedelta(minutes=50)):
        at_work.watch._tick()
        settle(at_work, drive)
        assert page.cards["duty"].links[False][0] is link
        assert at_work.root.focus_get() is link and "张小明" in link.text
        waiting = page.cards["handover"].texts[0]
        assert waiting == "！ 李老师 10:00 交班，等待接班 50 分"
        assert page.cards["visits"].texts[0] == "4 来访"
        assert not page.bars_action.winfo_ismapped()
        check_out(on_duty(this_desk())[0])
        at_work.on_refresh()
        settle(at_work, drive)
        assert link.text == "现在没有人在岗。去签到（F4）"


def test_it_says_that_it_counts_and_fills_in(at_work, monday, drive, monkeypatch):
    fill()
    visitcounter.forget()
    with monkeypatch.context() as patch:
        patch.setattr(visitcounts, "SOON", -1)  # as if there were a million to read
        page = shown(at_work, drive)
        assert page.cards["visits"].texts[0].startswith("正在统计来访…")
        assert not page.bars.parts and page.cards["cases"].texts[0] == "2 未办结"
    visitcounter.forget()
    at_work.on_refresh()
    settle(at_work, drive)
    assert page.cards["visits"].texts[0] == "4 来访" and len(page.bars.parts) == 14
    assert visitcounts.is_ready() and not visitcounter.backlog()


def test_a_service_that_ended_can_still_be_asked_for(at_work, monday, drive):
    fill()
    service = services_of(this_desk())[0]
    retired = type(service)(**{**service.__data__, "uid": "f" * 32, "item_uid": ""})
    at_work.open_finding(service=retired, first=MONDAY.date())
    box = at_work.page.bar.fields["service"].widget
    assert box.get() == f"{service.name}（已停办）" and at_work.page.table.count == 0
    at_work.page.refresh()
    assert box.get() == f"{service.name}（已停办）"
    at_work.open_finding(service=service)
    assert box.get() == service.name and at_work.page.table.count == 4
    at_work.open_finding(status="void")
    assert box.get() == "全部事项" and at_work.page.table.count == 0


def test_the_office_sees_every_desk(office_window, centre, monday, drive):
    storage.open_database(centre / "desk")
    fill()
    hand_over(by=person_signing_in("T001"))
    sync()
    storage.open_database(centre / "office")
    sync()
    office_window.sign_in(person_signing_in("9001"))
    page = office_window.page
    assert page is office_window.pages["dashboard"]  # the office begins here
    settle(office_window, drive)
    cards = {name: card.texts for name, card in page.cards.items()}
    assert cards["duty"][:2] == ["1 人在岗", "1 个窗口有人"]
    assert cards["cases"] == ["2 未办结", "1 ！今日到期", "1 ‼ 超期"]
    assert cards["handover"][0].startswith("！ 教务事务窗口：李老师")
    rows = {row[0]: row[1:] for row in page.desk_lines.texts}
    assert rows["教务事务窗口"] == ["4", "1", "2", "‼ 1", "！ 10:00", "10:00"]
    assert rows["学生事务窗口"] == ["0", "0", "0", "0", "—", "还没有"]
    at = list(rows).index("教务事务窗口")
    first = page.desk_lines.cells[0][0]
    for _ in range(at):
        press(office_window.root.focus_get() if _ else first, "Down", drive)
    press(page.desk_lines.cells[at][0], "Right", drive)
    assert office_window.root.focus_get() is page.desk_lines.cells[at][1]
    stops = [c for row in page.desk_lines.cells for c in row if c.cget("takefocus")]
    assert stops == [page.desk_lines.cells[at][1]]
    press(page.desk_lines.cells[at][1], "Return", drive)
    finding = office_window.page
    assert finding.bar.fields["desk"].widget.get() == "教务事务窗口"
    assert finding.table.count == 4
    shown(office_window, drive)
    press(page.desk_lines.cells[at][3], "Return", drive)
    assert office_window.page.desk_filter.box.get() == "教务事务窗口"
    assert office_window.page.table.count == 2
    shown(office_window, drive)
    press(page.desk_lines.cells[at][5], "Return", drive)
    ledgers = office_window.pages["ledgers"]
    assert office_window.page is ledgers and ledgers.form.value("ledger") == "handovers"
    assert ledgers.form.widget("desk").get() == "教务事务窗口"
    shown(office_window, drive)
    press(page.cards["handover"].shown()[0], "Return", drive)
    assert ledgers.form.widget("desk").get() == "全部窗口"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_charts_follow_the_theme_and_can_be_read(root, drive, mode):
    opened = []
    bars = BarChart(root, on_open=opened.append, lines=9)
    donut = Donut(root, on_open=opened.append, lines=9)
    for chart in (bars, donut):
        chart.pack(fill="both", expand=True)
    theme.set_mode(root, mode)
    bars.show([Bar(n, f"{n}", "一", n * 40, f"{n}", is_off=n > 4) for n in range(6)])
    donut.show([Slice(n, "事项" * 12, 100 - n * 15) for n in range(7)])
    drive.pump()
    assert bars.cget("background") == theme.colour("bg")
    outlines = {
        bars.itemcget(item, "dash")
        for item in bars.find_all()
        if bars.type(item) == "rectangle"
    }
    assert len(outlines) == 2  # days off are told without their colour
    for fill, text in SHADES:
        ink = theme.colour(text) if text else "#ffffff"
        assert contrast(ink, theme.colour(fill)) >= 4.5
    wide, high = donut.winfo_width(), donut.winfo_height()
    for item in donut.find_all():
        left, top, right, foot = donut.bbox(item)
        assert left >= -2 and right <= wide + 2 and top >= -2 and foot <= high + 2
    texts = [
        donut.itemcget(i, "text") for i in donut.find_all() if "text" in donut.type(i)
    ]
    assert [str(n + 1) in texts for n in range(7)] == [True] * 7
    left, top, right, foot = donut.boxes[2]
    donut.event_generate("<Button-1>", x=int(left + 5), y=int((top + foot) / 2))
    assert opened == [2]
    donut.show([Slice("only", "全部", 3)])
    drive.pump()
    assert any(donut.type(item) == "arc" for item in donut.find_all()) is False
    for chart in (bars, donut):
        chart.destroy()
    theme.set_mode(root, "light")
