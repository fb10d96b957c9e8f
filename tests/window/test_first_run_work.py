"""What the first run does in its worker: on a server, on a share, from a stick."""

import logging
import shutil
import socket

import psycopg
import pytest

from desk.opening import open_station
from desk.pages import pages_of
from exports.sync import officekeys
from models import storage
from models.installation import installation
from models.people import person_signing_in
from models.storage import on_server

SECRET = "s3cret 口令"


@pytest.fixture
def founding(first_run, drive, tmp_path):
    """The card 建立新中心 filled in, but for the server."""
    (tmp_path / "stick").mkdir()
    window = first_run(tmp_path / "office")
    card = window.page.cards["found"]
    for name, text in (
        ("centre_name", "一站式服务中心"),
        ("share", str(tmp_path / "share")),
        ("recovery", str(tmp_path / "stick")),
        ("number", "B001"),
        ("name", "顾主任"),
    ):
        card.set(name, text)
    return window


@pytest.fixture
def silent():
    """A server that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql://desk@127.0.0.1:{server.getsockname()[1]}/desk"


def on_a_server(window, drive, url):
    """Try it there; what is shown as wrong."""
    card, work = window.page.cards["found"], window.page.work
    card.set("database", url)
    card.primary.invoke()
    drive.wait_until(lambda: not work.running, "the worker")
    return card.problems()


def test_an_office_is_founded_on_a_server_after_every_refusal_in_words(
    founding, drive, postgres, tmp_path, caplog
):
    caplog.set_level(logging.INFO)
    window, card = founding, founding.page.cards["found"]
    assert not card.widget("database").winfo_ismapped()
    card.widget("place").buttons["server"].invoke()
    card.set("password", SECRET)
    drive.pump()
    assert card.widget("database").winfo_ismapped()
    typed = card.snapshot()
    empty, filled = postgres.create(), postgres.create()
    url = postgres.url(empty)
    with psycopg.connect(postgres.url(filled)) as other:
        other.execute("CREATE TABLE theirs (a int)")
    for place, words in (
        ("", "请填写数据库地址"),
        ("mysql://a/b", "请填写 PostgreSQL 数据库的地址"),
        (url.replace("desk@", f"desk:{SECRET}@"), "密码不要写在地址里"),
        (f"postgresql:///x?host={tmp_path}", "服务器没有回答"),
        (postgres.url("nowhere"), "没有这个数据库"),
        (postgres.url(filled), "请换一个空的数据库"),
    ):
        (problem,) = on_a_server(window, drive, place)
        assert words in problem, place
        assert window.root.focus_get() is card.widget("database")
        assert card.snapshot() == typed | {"database": place}
    assert not list((tmp_path / "office").glob("*.json"))
    assert on_a_server(window, drive, url) == []
    assert window.page.title == "登录" and card.text("password") == ""
    assert installation().is_office and on_server() is not None
    assert (tmp_path / "share" / "centre.marker").exists()
    window.page.field.insert(0, "B001")
    window.page.sign_in_button.invoke()
    drive.pump()
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.pump()
        assert window.page.title and window.info.text == "", entry.name
    assert SECRET not in caplog.text
    assert SECRET not in (tmp_path / "office" / "server.json").read_text("utf-8")
    storage.close_database()
    assert open_station(tmp_path / "office").state == "ready"
    storage.close_database()
    for name in (empty, filled):
        postgres.drop(name)


def test_a_server_that_does_not_answer_is_given_up_and_the_centre_founded_here(
    founding, drive, silent, tmp_path
):
    window, page, card = founding, founding.page, founding.page.cards["found"]
    card.set("place", "server")
    card.set("database", silent)
    card.primary.invoke()
    drive.pump(0.1)
    assert page.work.running and page.work.cancel_button.winfo_viewable()
    assert str(page.buttons["try"].cget("state")) == "disabled"
    page.on_escape()
    assert not page.work.running and not page.work.winfo_ismapped()
    assert str(page.buttons["try"].cget("state")) == "normal"
    assert card.text("database") == silent and card.text("name") == "顾主任"
    assert not (tmp_path / "share").exists()
    card.set("place", "file")
    card.primary.invoke()
    drive.wait_until(lambda: window.page.title == "登录", "the new office")
    assert on_server() is None and (tmp_path / "office" / storage.FILE).exists()


def test_an_office_is_set_up_again_from_its_stick(first_run, centre, drive, tmp_path):
    sticks = [tmp_path / "one", tmp_path / "two"]
    for stick in sticks:
        stick.mkdir()
    storage.open_database(centre / "office")
    words = "青山 铁锅 灯塔 走廊 三七"
    file, _ = officekeys.export_office_keys(
        sticks, passphrase=words, again=words, by=person_signing_in("9001")
    )
    storage.close_database()
    window = first_run(tmp_path / "pc")
    card, work = window.page.cards["refound"], window.page.work
    for name, text in (
        ("share", str(centre / "share")),
        ("file", str(file)),
        ("passphrase", f"{words} "),
    ):
        card.set(name, text)
    card.primary.invoke()
    drive.wait_until(lambda: not work.running, "the worker")
    assert "口令不对" in card.problems()[0]
    assert not (tmp_path / "pc" / storage.FILE).exists()
    card.set("passphrase", words)
    card.primary.invoke()
    drive.wait_until(lambda: window.page.title == "登录", "the office", seconds=60)
    assert installation().is_office and "办公室已重建" in window.info.text
    assert card.widget("passphrase").get() == ""


def test_a_file_put_back_alone_is_told_with_the_backups_there_are(
    first_run, centre, drive
):
    shutil.copy(centre / "office" / storage.FILE, centre / "desk" / storage.FILE)
    window = first_run(centre / "desk")
    window.show_opened(open_station(centre / "desk"))
    drive.pump()
    page = window.page
    assert page.title == "数据打不开" and "密钥与它不符" in page.words.said
    assert page.buttons["restore"].winfo_viewable()
    page.buttons["look"].invoke()
    drive.wait_until(lambda: window.info.text)
    assert "请从备份恢复" in window.info.text
