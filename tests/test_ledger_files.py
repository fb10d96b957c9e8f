"""A file that is written beside its target and then takes its place."""

import errno
import os

import pytest
from test_ledger_writer import SHEET

from exports.files import replacing, replacing_all
from exports.ledgers.writer import write_ledger
from models.errors import UserError


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_appears_whole_and_nothing_else_stays(tmp_path):
    with replacing(tmp_path / "台账.docx") as file:
        file.write(b"new")
        assert not (tmp_path / "台账.docx").exists()
    assert (tmp_path / "台账.docx").read_bytes() == b"new"
    assert names_in(tmp_path) == ["台账.docx"]


def test_an_older_file_is_replaced(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"old")
    with replacing(tmp_path / "a.docx") as file:
        file.write(b"new")
    assert (tmp_path / "a.docx").read_bytes() == b"new"


@pytest.mark.parametrize("stopped_by", [RuntimeError, KeyboardInterrupt])
def test_what_goes_wrong_leaves_the_older_file_alone(tmp_path, stopped_by):
    (tmp_path / "a.docx").write_bytes(b"old")
    with pytest.raises(stopped_by), replacing(tmp_path / "a.docx") as file:
        file.write(b"half")
        raise stopped_by
    assert (tmp_path / "a.docx").read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.docx"]


def test_the_longest_name_a_folder_can_hold_can_be_written(tmp_path):
    name = "账" * 83 + ".docx"  # 254 bytes of 255
    with replacing(tmp_path / name) as file:
        file.write(b"new")
    assert names_in(tmp_path) == [name]
    with pytest.raises(UserError, match="太长"), replacing(tmp_path / f"账{name}"):
        pass


def test_a_file_that_word_holds_open_is_refused_and_kept(tmp_path, monkeypatch):
    (tmp_path / "a.docx").write_bytes(b"old")

    def as_on_windows(source, target):
        raise PermissionError(errno.EACCES, "in use", str(target))

    monkeypatch.setattr(os, "replace", as_on_windows)
    with (
        pytest.raises(UserError, match="请先关闭 a"),
        replacing(tmp_path / "a.docx", busy="请先关闭 {name}。") as file,
    ):
        file.write(b"new")
    assert (tmp_path / "a.docx").read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.docx"]


def test_a_full_disk_is_told_and_leaves_no_half_file(tmp_path):
    with (
        pytest.raises(UserError, match="磁盘空间不足"),
        replacing(tmp_path / "a.docx"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert names_in(tmp_path) == []


def test_a_folder_that_is_missing_is_named(tmp_path):
    missing = tmp_path / "没有" / "a.docx"
    with pytest.raises(UserError, match="没有”不存在"), replacing(missing):
        pass


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "台账").write_bytes(b"")
    target = tmp_path / "台账" / "a.docx"
    with pytest.raises(UserError, match="不能写入"), replacing(target):
        pass


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    (tmp_path / "a.docx").mkdir()
    with (
        pytest.raises(UserError, match=r"“a.docx”是一个文件夹"),
        replacing(tmp_path / "a.docx"),
    ):
        pass


def test_a_read_only_file_is_named_and_kept(tmp_path, monkeypatch):
    path = tmp_path / "a.docx"
    path.write_bytes(b"old")
    path.chmod(0o444)
    if os.access(path, os.W_OK):  # root may write to anything
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UserError, match=r"“a\.docx”是只读文件"), replacing(path):
        pass
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.docx"]


def write_all(paths, *, busy="{name}"):
    with replacing_all(paths, busy=busy) as files:
        for path, file in zip(paths, files, strict=True):
            file.write(b"new " + path.name.encode())


def test_several_files_appear_together(tmp_path):
    paths = [tmp_path / name for name in ("a", "b", "c")]
    paths[1].write_bytes(b"old")
    with replacing_all(paths) as files:
        for file in files:
            file.write(b"new")
            assert [path.exists() for path in paths] == [False, True, False]
    assert [path.read_bytes() for path in paths] == [b"new"] * 3
    assert names_in(tmp_path) == ["a", "b", "c"]


def test_of_several_files_none_appears_when_one_fails(tmp_path):
    paths = [tmp_path / name for name in ("a", "b", "c")]
    paths[0].write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing_all(paths) as files:
        next(files).write(b"new")
        next(files).write(b"half")
        raise RuntimeError
    assert paths[0].read_bytes() == b"old"
    assert names_in(tmp_path) == ["a"]


@pytest.mark.parametrize("links", [True, False])
def test_when_the_last_target_is_open_the_old_files_stand_again(
    tmp_path, monkeypatch, links
):
    paths = [tmp_path / name for name in ("a", "b", "c")]
    for path in (paths[0], paths[2]):
        path.write_bytes(b"old")
    replace = os.replace

    def as_on_windows(source, target):
        if target == paths[2]:
            raise PermissionError(errno.EACCES, "in use", str(target))
        replace(source, target)

    def no_links(source, target):
        raise OSError(errno.EPERM, "not on this file system")

    monkeypatch.setattr(os, "replace", as_on_windows)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(UserError, match="请先关闭 c"):
        write_all(paths, busy="请先关闭 {name}。")
    assert [path.read_bytes() for path in (paths[0], paths[2])] == [b"old"] * 2
    assert names_in(tmp_path) == ["a", "c"]


@pytest.mark.parametrize("limit", [0, 1000, 10_000])
def test_a_disk_that_fills_up_while_the_file_is_written(tmp_path, limit):
    """The limit on the size of files stands for it."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.docx"
    path.write_bytes(b"old")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    try:
        with pytest.raises(UserError, match="磁盘空间不足"), replacing(path) as file:
            rows = [(f"{n}", os.urandom(300).hex(), "1") for n in range(1200)]
            write_ledger(file, SHEET, rows)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.docx"]
