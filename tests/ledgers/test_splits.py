"""A ledger in several files: all of them or none, and each stands up to checking."""

import random
from datetime import date, datetime

import pytest
from docx import Document
from sheets import ReadBack

from exports.ledgers import (
    Split,
    export_ledger,
    ledger_by_code,
    splits,
)
from exports.ledgers.checking import check_ledger
from ledgers.records import NOVEMBER, OTHER_SEAL, PERSON, SEAL, seal_use, visit
from models import UserError

AUTUMN = {"first": date(2026, 9, 15), "last": date(2026, 11, 30)}


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "台账"
    folder.mkdir()

    def export(code, split, name="a.docx", **chosen):
        return export_ledger(
            ledger_by_code(code),
            folder / name,
            split=split,
            person=PERSON,
            **{**NOVEMBER, **chosen},
        )

    export.folder = folder
    return export


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_each_month_is_a_ledger_of_its_own_also_without_records(export):
    visit(1, arrived_at=datetime(2026, 9, 20, 9), finished_at=None)
    visit(2)
    visit(3)
    made = export("visits", Split.MONTH, **AUTUMN)
    assert [path.name for path in made.paths] == [
        "a_2026-09.docx",
        "a_2026-10.docx",
        "a_2026-11.docx",
    ]
    assert (made.path, made.rows) == (made.paths[0], 3)
    assert names_in(export.folder) == [path.name for path in made.paths]
    pages = [ReadBack(path) for path in made.paths]
    assert [page.subtitle.split("　")[0] for page in pages] == [
        "期间：2026年9月15日至2026年9月30日",
        "期间：2026年10月1日至2026年10月31日",
        "期间：2026年11月1日至2026年11月30日",
    ]
    assert [len(page.rows) for page in pages] == [1, 0, 2]
    assert pages[1].closing == "本期无记录（零报告）"
    for path in made.paths:
        assert check_ledger(path).good


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_so_many_rows_each_and_the_totals_in_the_last(export, monkeypatch, suffix):
    monkeypatch.setattr(splits, "ROWS_PER_FILE", 4)
    for number in range(1, 10):
        seal_use(number, students=["2024001001", "2024001002"] if number == 2 else [])
    seen: list = []
    made = export(
        "seal_uses",
        Split.ROWS,
        f"a{suffix}",
        seal=None,
        report=lambda *told: seen.append(told),
    )
    assert [path.name for path in made.paths] == [f"a_{n}{suffix}" for n in (1, 2, 3)]
    assert made.rows == 9
    assert [told[:2] for told in seen] == [(0, 0), (4, 9), (8, 9), (9, 9), (9, 9)]
    if suffix == ".xlsx":
        return
    pages = [ReadBack(path) for path in made.paths]
    sizes = (4, 4, 1)  # behind the last one stands the annex
    numbers = [
        page.column("编号")[:rows] for page, rows in zip(pages, sizes, strict=True)
    ]
    assert numbers == [
        [f"2026-{n:04d}" for n in some]
        for some in (range(1, 5), range(5, 9), range(9, 10))
    ]
    assert "第 2 册，共 3 册（第 5–8 条）" in pages[1].subtitle
    assert pages[0].closing == "本册 4 条（第 1–4 条），合计见第 3 册。"
    assert pages[2].closing.startswith("合计　2026 年第 0001–0009 号，共 9 次")
    assert [len(Document(str(path)).tables) for path in made.paths] == [1, 1, 2]
    for path in made.paths:
        check = check_ledger(path)
        assert check.good, (check.faults, check.notes)


def test_a_group_goes_on_in_the_next_file(export, monkeypatch):
    monkeypatch.setattr(splits, "ROWS_PER_FILE", 4)
    for number in range(1, 4):
        seal_use(number)
        seal_use(number, seal=OTHER_SEAL)
    made = export("seal_uses", Split.ROWS)
    assert all(check_ledger(path).good for path in made.paths)
    first, second = (ReadBack(path).last for path in made.paths)
    names = [f"印章：{SEAL.name}", f"印章：{OTHER_SEAL.name}"]
    assert [text for (text,) in first if "印章：" in text] == names
    assert sum(text.startswith("小计") for (text,) in first) == 1
    assert next(text for (text,) in second) == f"{names[1]}（续）"
    assert second[1][0].startswith("小计　2026 年第 0001–0003 号")


def test_a_changed_part_and_a_part_in_anothers_place_are_found_out(export, monkeypatch):
    monkeypatch.setattr(splits, "ROWS_PER_FILE", 2)
    for number in range(1, 5):
        seal_use(number)
    made = export("seal_uses", Split.ROWS)
    document = Document(str(made.paths[1]))
    document.paragraphs[2].runs[0].text = "期间：2026年11月1日至2026年11月30日"
    document.save(str(made.paths[1]))
    assert any("标题下应有" in fault for fault in check_ledger(made.paths[1]).faults)
    document = Document(str(made.paths[0]))
    document.tables[0].rows[1].cells[0].paragraphs[0].runs[0].text = "2026-0003"
    document.save(str(made.paths[0]))
    assert not check_ledger(made.paths[0]).cells_agree


def test_few_rows_are_one_file_under_the_name_that_was_given(export):
    seal_use(1)
    made = export("seal_uses", Split.ROWS)
    assert names_in(export.folder) == ["a.docx"]
    assert check_ledger(made.path).good


def test_what_shows_how_things_stand_has_no_months(export):
    with pytest.raises(UserError, match="不能按月分"):
        export("seal_register", Split.MONTH)


class Cancelled(Exception):
    pass


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_cancelled_at_any_point_old_files_stand_and_new_ones_do_not(
    export, monkeypatch, suffix
):
    monkeypatch.setattr(splits, "ROWS_PER_FILE", 3)
    for number in range(1, 9):
        seal_use(number)
    kept = export("seal_uses", Split.NONE, f"a_2{suffix}").path
    old = kept.read_bytes()
    calls = []
    counted = export(
        "seal_uses", Split.ROWS, f"b{suffix}", report=lambda *t: calls.append(t)
    )
    for path in counted.paths:
        path.unlink()
    assert len(calls) >= 4
    points = random.Random(suffix).sample(range(len(calls)), min(4, len(calls)))
    for point in points:
        left = iter(range(point + 1))

        def report(done, total, text, left=left, point=point):
            if next(left) == point:
                raise Cancelled

        with pytest.raises(Cancelled):
            export("seal_uses", Split.ROWS, f"a{suffix}", report=report)
        assert names_in(export.folder) == [kept.name]
        assert kept.read_bytes() == old


@pytest.mark.parametrize("split", [Split.ROWS, Split.MONTH])
def test_one_target_that_cannot_be_replaced_stops_all(export, monkeypatch, split):
    monkeypatch.setattr(splits, "ROWS_PER_FILE", 1)
    seal_use(1, used_at=datetime(2026, 10, 5, 9))
    seal_use(2)
    folder, (_, second) = export.folder, ("_1", "_2")
    name = f"a{second}.docx" if split == Split.ROWS else "a_2026-11.docx"
    (folder / name).mkdir()
    days = {"first": date(2026, 10, 1)}
    with pytest.raises(UserError, match="是一个文件夹"):
        export("seal_uses", split, **days)
    assert names_in(folder) == [name]


def test_a_split_is_proposed_for_what_is_too_much_for_one_file():
    term = date(2026, 9, 1), date(2026, 12, 31)
    assert splits.proposed(10_000, *term) == Split.NONE
    assert splits.proposed(30_000, *term) == Split.MONTH
    assert splits.proposed(90_000, *term) == Split.ROWS
    assert splits.proposed(20_000, term[1], term[1]) == Split.ROWS
    assert [part.rows for part in splits.parts_of(12_000)] == [5_000, 5_000, 2_000]
