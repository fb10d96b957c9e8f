"""What the command line says of itself, and to those who use it wrongly."""

import pytest
from commandline import desk


def test_export_lists_the_ledgers_and_sheets():
    listed = desk("export", "--list").stdout.splitlines()
    assert [line.split("\t")[1] for line in listed] == [
        "来访登记台账",
        "限时办结台账",
        "转办登记",
        "印章使用登记台账",
        "印章登记表",
        "印章移交登记表",
        "印章外借登记表",
        "印章停用销毁登记表",
        "签到签退表",
        "请假替岗登记",
        "考勤更正登记",
        "勤工助学工时统计表",
        "勤工助学酬金发放表",
        "交接班记录表",
        "物资借用登记表",
        "场馆使用登记表",
        "窗口事项变更记录",
        "AB 岗备案表",
        "服务时间安排",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nosuch",), 1, "没有台账“nosuch”，export --list 列出所有台账"),
        (("nosuch", "-o", "x.docx"), 1, "没有台账“nosuch”"),
        (("visits",), 2, "缺少 --from 开始日期；"),
        (("hours",), 2, "缺少 -o 文件；"),
    ],
)
def test_what_an_export_lacks_is_said_in_words(arguments, code, said):
    assert said in desk("export", *arguments, code=code).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("demo",),
        ("demo", "x", "--days", "many"),
        ("demo", "x", "--weeks", "-1"),
        ("export", "visits", "--from", "2026-02-30"),
        ("export",),
        ("import", "people", "x.csv"),
    ],
)
def test_wrong_usage_is_2_and_says_so_in_chinese(arguments):
    said = desk(*arguments, code=2).stderr
    assert "error" not in said and any("\u4e00" <= c <= "\u9fff" for c in said)


@pytest.mark.parametrize("command", ["status", "sync", "verify"])
def test_a_folder_without_a_station_is_refused_in_one_line(tmp_path, command):
    said = desk(command, "--data", tmp_path / "nowhere", code=1).stderr
    assert len(said.strip().splitlines()) == 1 and "没有工作站的数据" in said
    assert not (tmp_path / "nowhere").exists()


def test_help_is_chinese():
    said = desk("--help").stdout
    assert said.startswith("用法：") and "options" not in said
