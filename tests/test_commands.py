"""The command line over the days of a sample college."""

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from commandline import ROOT, answer, desk
from docx import Document

import models


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> tuple[Path, dict]:
    root = tmp_path_factory.mktemp("样例 学院") / "两 天"
    return root, answer("demo", root, "--days", 2, "--visits", 60)


def test_the_sample_days_arrive_at_the_office_whole(sample):
    _root, made = sample
    assert len(made["stations"]) == 6
    for key, total in made["office"].items():
        assert sum(counts[key] for counts in made["stations"].values()) == total > 0
    assert made["office"]["visits"] == 120
    assert made["confirmed"] > 0 == made["unconfirmed"]


def test_the_ledgers_have_a_line_for_each_record(sample):
    _root, made = sample
    rows = {ledger["name"]: ledger["rows"] for ledger in made["ledgers"]}
    office = made["office"]
    # The sheet of check-ins has a line more for each A who did not come.
    assert rows.pop("签到签退表") > office["attendances"]
    assert rows.pop("请假替岗登记") > 0 < rows.pop("考勤更正登记")
    assert rows.pop("勤工助学工时统计表") == rows.pop("勤工助学酬金发放表") > 0
    assert 0 < rows.pop("转办登记") < rows.pop("限时办结台账") < office["visits"]
    assert rows == {
        "来访登记台账": office["visits"],
        "印章使用登记台账": office["seal_uses"],
        "印章登记表": 8,
        # One seal is stopped after the first day, and goes on after the second.
        "印章移交登记表": 30,
        "印章外借登记表": 1,
        "印章停用销毁登记表": 2,
        "交接班记录表": office["handovers"],
        "物资借用登记表": 0,
        "场馆使用登记表": 0,
        "窗口事项变更记录": 2,
    }
    assert all(Path(ledger["path"]).is_file() for ledger in made["ledgers"])


def test_each_ledger_says_what_was_recorded(sample):
    _root, made = sample
    unlike = [ledger for ledger in made["ledgers"] if not ledger["verified"]]
    # Who is late is reckoned by the clock until the day is over.
    assert [ledger["name"] for ledger in unlike] == [
        *("签到签退表", "请假替岗登记", "勤工助学工时统计表", "勤工助学酬金发放表")
    ]
    for ledger in unlike:
        (note,) = ledger["notes"]
        assert "导出时期间还没有结束" in note


def test_cases_and_seals_live_through_what_happens_to_them(sample):
    _root, made = sample
    cases, seals = made["cases"], made["seals"]
    assert cases["referred"] > cases["taken"] > 0 < cases["open"]
    assert cases["contradictions"] == 1 and cases["missing"] == 0
    assert cases["late_entries"] == 4
    assert 40 <= seals["students"] <= 120 and seals["batches"] == 2
    assert (seals["lent"], seals["outings"], seals["from_paper"]) == (1, 1, 10)
    assert (seals["sheets"], seals["sheets_open"]) == (2, 1)


def open_at(folder: Path) -> dict[str, list]:
    """What the station there knows of each open case: its steps and its state."""
    models.open_database(folder)
    try:
        here = models.this_desk() if folder.name != "office" else None
        return {
            case.visit.number: [
                case.desk_uid,
                case.status,
                case.due_on,
                [step.uid for step in case.steps],
                case.contradictions,
            ]
            for case in models.all_open_cases(here)
        }
    finally:
        models.close_database()


def test_every_case_is_at_the_desk_that_has_it_as_the_office_knows_it(sample):
    root, made = sample
    at_office = open_at(root / "office")
    at_desks: dict[str, list] = {}
    for code in made["stations"]:
        at_desks |= open_at(root / "stations" / code)
    assert at_desks == at_office and len(at_office) == made["cases"]["open"]


def test_slips_and_the_sheet_for_a_power_cut_are_printed_too(sample):
    _root, made = sample
    slips = [Path(path) for path in made["slips"]]
    assert [path.name.split("_")[0] for path in slips] == [
        *("受理回执", "受理回执", "一次性告知单", "不予受理告知书")
    ]
    texts = ["".join(p.text for p in Document(path).paragraphs) for path in slips]
    # 教务处 has a template of its own.
    assert ["教务系统公布" in text for text in texts[:2]] == [True, False]
    (sheet,) = [x for x in made["sheets"] if x["name"] == "断电表"]
    assert sheet["rows"] == 10 and Path(sheet["path"]).is_file()


def test_the_ledgers_are_valid_and_libreoffice_prints_them(sample, tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice Writer is not installed")
    _root, made = sample
    paths = [Path(ledger["path"]) for ledger in made["ledgers"]]
    checker = ROOT / "tests" / "ooxml" / "ooxml_check.py"
    subprocess.run([sys.executable, checker, *paths], check=True)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
        + [str(path) for path in paths],
        check=True,
        capture_output=True,
    )
    for path in paths:
        printed = subprocess.run(
            ["pdftotext", "-layout", tmp_path / f"{path.stem}.pdf", "-"],
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout
        pages = printed.rstrip("\f").split("\f")
        assert path.stem.split("_")[0] in pages[0]
        assert "（公章）" in pages[-1]
        for at, page in enumerate(pages, start=1):
            assert re.search(rf"—\s*{at}\s*—", page), page[-300:]


def test_all_seven_databases_verify(sample):
    root, _made = sample
    folders = [root / "office", *(root / "stations").iterdir()]
    assert len(folders) == 7
    for folder in folders:
        found = answer("verify", "--data", folder)
        assert found["faults"] == [] and found["entries"] > 100


def test_a_ledger_is_verified_where_its_records_are(sample, tmp_path):
    root, _made = sample
    desk_folder, path = root / "stations" / "jiaowu", tmp_path / "a.docx"
    desk(
        *("export", "seal_uses", "--data", desk_folder, "-o", path),
        *("--from", "2026-01-01", "--to", "2099-12-31"),
    )
    for folder in (desk_folder, root / "office"):
        found = answer("verify", "--ledger", path, "--data", folder)
        assert found["good"] and found["rows_agree"]
        # Other desks' rows, which the office has, are none of this ledger.
        assert (found["faults"], found["later"]) == ([], [])
    elsewhere = root / "stations" / "jiuye"
    found = answer("verify", "--ledger", path, "--data", elsewhere, code=1)
    assert found["cells_agree"] and found["rows_agree"] is None
    assert "到导出的电脑或办公室核验" in found["notes"][0]


def test_a_forged_ledger_fails_and_the_forged_cell_is_named(sample, tmp_path):
    root, made = sample
    (printed,) = [x for x in made["ledgers"] if x["name"] == "印章使用登记台账"]
    document = Document(printed["path"])
    row = document.tables[0].rows[3]
    number, old = row.cells[0].text, row.cells[7].text
    row.cells[7].text = "99"
    document.save(str(tmp_path / "a.docx"))
    arguments = ("verify", "--ledger", tmp_path / "a.docx", "--data", root / "office")
    said = desk(*arguments, code=1).stdout
    # The first row of the table says whose the group is.
    assert f"第 2 行（编号 {number}）“枚数”：打印的是 99，记录是 {old}" in said
    missing = desk(*arguments[:2], tmp_path / "b.docx", *arguments[3:], code=1)
    assert missing.stderr.strip() == "没有文件“b.docx”，请检查路径。"


def test_all_six_outcomes_covers_and_transfers_occur(sample):
    root, made = sample
    models.open_database(root / "office")
    try:
        outcomes = {v.outcome for v in models.Visit.select(models.Visit.outcome)}
        assert outcomes == set(models.VISIT_OUTCOME_LABELS)
        cover = models.Attendance.cover_for_uid != ""
        covers = models.Attendance.select().where(cover).count()
        assert covers == made["term"]["covers"] > 0
        assert models.SealTransfer.select().count() == 30
        assert {h.status for h in models.Handover.select()} >= {"taken_over"}
    finally:
        models.close_database()


def test_the_plan_in_force_on_the_sample_days_goes_on_today(sample):
    root, made = sample
    models.open_database(root / "office")
    try:
        assert models.teaching_week(models.clock.today()) is not None
        for day in (made["term"]["last"], models.clock.today().isoformat()):
            assert len(models.plans_in_force(date.fromisoformat(day))) == 8
    finally:
        models.close_database()


def test_the_same_seed_makes_the_same_days(sample, tmp_path):
    root, _made = sample
    again = tmp_path / "again"
    answer("demo", again, "--days", 2, "--visits", 60)
    seen = []
    for office in (root / "office", again / "office"):
        models.open_database(office)
        query = models.Visit.select().order_by(models.Visit.number)
        seen.append([(v.number, v.visitor_name, v.outcome) for v in query])
        models.close_database()
    assert seen[0] == seen[1]


def test_the_sample_is_not_made_over_anything(sample):
    root, _made = sample
    done = desk("demo", root, code=1)
    assert done.stderr.strip().endswith("请换一个文件夹。")
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_sample_is_summed_up_in_words(tmp_path):
    said = desk("demo", tmp_path / "一天", "--days", 1, "--visits", 0).stdout
    assert re.search(r"班次 2\d，代班 \d+，缺勤 \d+，更正 \d+，计薪 \d+\.\d 小时", said)
    assert "AB岗备案表" in said
    assert "来访登记台账" in said and "打印的内容与打印时的记录一致" in said


def test_status_has_its_stable_keys(sample):
    root, _made = sample
    state = answer("status", "--data", root / "stations" / "jiaowu")
    keys = "station epoch journal rows confirmed published waiting quarantined"
    assert {*keys.split(), "conflicts", "missing"} <= set(state)
    assert set(state["journal"]) == {"length", "head"}
    assert (state["waiting"], state["published"], state["missing"]) == (0, 0, [])
    assert state["confirmed"] == state["journal"]["length"]
    assert state["rows"]["student"] == 2000
    for arguments in (
        ("status", "--data", root / "office"),
        ("--data", root / "office", "status"),
    ):
        assert "中心办公室" in desk(*arguments).stdout


def test_sync_again_moves_nothing(sample):
    root, _made = sample
    done = answer("sync", "--data", root / "stations" / "houqin")
    assert (done["published"], done["merged"], done["trouble"]) == (0, 0, "")


def test_a_ledger_is_exported_for_a_desk_and_a_seal(sample, tmp_path):
    root, _made = sample
    out = tmp_path / "台账.docx"
    days = ("--from", "2020-01-01", "--to", "2099-12-31", "-o", out)
    office = ("--data", root / "office")
    desk("export", "visits", *days, "--desk", "jiaowu", *office)
    assert out.stat().st_size > 5_000
    desk("export", "印章使用登记台账", *days, "--seal", "教务处", *office)
    refused = desk("export", "attendances", *days, "--seal", "教务处", *office, code=1)
    assert "不能按印章导出" in refused.stderr
    unknown = desk("export", "visits", *days, "--desk", "火星", *office, code=1)
    assert "没有窗口“火星”" in unknown.stderr
    own = ("--data", root / "stations" / "xuesheng")
    elsewhere = desk("export", "visits", *days, "--desk", "jiaowu", *own, code=1)
    assert "只有学生事务窗口的记录" in elsewhere.stderr
    assert "由中心办公室导出" in desk("export", "pay", *days, *own, code=1).stderr
    desk("export", "visits", *days, *own)
    assert "窗口：学生事务窗口" in Document(str(out)).paragraphs[2].text
    desk("export", "openings", *days, *own)
    folder = tmp_path / "全部"
    some = ("--department", "教务处", "--masked", *office, "-o", folder)
    assert "行）" in desk("export", "all", *days[:-2], *some).stdout
    names = {path.name.split("_")[0] for path in folder.iterdir()}
    assert {"来访登记台账", "印章使用登记台账"} <= names and "转办登记" not in names


def test_doctor_looks_around(sample, tmp_path):
    root, _made = sample
    assert "✗" not in desk("doctor", "--data", root / "stations" / "xinxi").stdout
    assert "还没有设立工作站" in desk("doctor", "--data", tmp_path / "new").stdout


@pytest.mark.parametrize("sheet", ["hours", "pay"])
def test_a_month_to_come_has_no_sheet_yet(sample, tmp_path, sheet):
    out = tmp_path / "表.docx"
    asked = ("export", sheet, "--from", "2199-12-01", "-o", out)
    said = desk(*asked, "--data", sample[0] / "office", code=1).stderr
    assert "2199-12 还没有到" in said
    assert not out.exists()


def test_the_roster_is_imported_at_the_office(sample, tmp_path):
    root, _made = sample
    file = tmp_path / "新生.csv"
    file.write_bytes(
        "学号,姓名,班级\n2026110001,单晓,软件2601\n,无名,x\n".encode("gbk")
    )
    dry = answer("import", "roster", file, "--dry-run", "--data", root / "office")
    assert (dry["new"], dry["updated"], dry["skipped"]) == (1, 0, 0)
    (refused,) = dry["rejected"]
    assert refused["row"] == 3 and "学号" in refused["reason"]
    assert answer("import", "roster", file, "--data", root / "office")["new"] == 1
    assert answer("import", "roster", file, "--data", root / "office")["skipped"] == 1
    at_desk = desk(
        "import", "roster", file, "--data", root / "stations" / "jiaowu", code=1
    )
    assert "办公室" in at_desk.stderr
