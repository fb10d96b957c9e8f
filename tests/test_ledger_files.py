"""A file that is written beside its target and then takes its place."""

import errno
import os

import pytest

from exports.files import replacing
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
