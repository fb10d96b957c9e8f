"""An office whose records are on a PostgreSQL server."""

import json
import os
import subprocess
import sys
import threading

import cluster
import conftest
import psycopg
import pytest
from commandline import answer, desk
from exchange import exchange, work
from peewee import IntegrityError

import models
from exports.ledgers import LEDGERS, export_ledger
from exports.ledgers.checking import check_ledger
from exports.sync import enrolment
from exports.sync.turn import my_turn
from models import clock
from models import postgres as server_module
from models.base import change_mark, connection, db, station_file
from models.errors import UserError
from models.installation import installation
from models.keystore import key_of
from models.postgres import Server, remember, server_at
from models.serverwords import refused
from models.storage import on_server
from models.visitcounts import By, visit_counts


@pytest.fixture
def empty(postgres):
    """The name of an empty database."""
    name = postgres.create()
    yield name
    models.close_database()
    postgres.drop(name)


def found(tmp_path, server, **more):
    fields = {
        "share_folder": tmp_path / "share",
        "centre_name": "测试中心",
        "number": "B0001",
        "name": "顾主任",
        "recovery_file": tmp_path / "recovery.key",
        "key_in_file": True,
    }
    return enrolment.found_centre(tmp_path / "office", **(fields | more), server=server)


def everything_in(url: str) -> str:
    """All that the database holds, as its keepers can read it."""
    with psycopg.connect(url) as reader:
        tables = reader.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return "\n".join(
            str(reader.execute(f'SELECT * FROM "{name}"').fetchall())
            for (name,) in tables
        )


def test_an_office_is_founded_by_url_and_found_again_by_its_folder(
    postgres, empty, tmp_path
):
    secret = tmp_path / "password.txt"
    secret.write_text("p 'w\"d\n")
    office = tmp_path / "office"
    options = ("--data", office, "--share", tmp_path / "share", "--centre", "测试中心")
    who = ("--number", "B0001", "--name", "顾主任")
    recovery = ("--recovery", tmp_path / "recovery.key")
    url = postgres.url(empty)
    done = desk(
        *("found", *options, *who, *recovery),
        *("--database", url, "--password-file", secret),
    )
    assert "指纹" in done.stdout
    secret.unlink()
    assert answer("status", "--data", office)["kind"] == "office"
    assert answer("verify", "--data", office)["faults"] == []
    assert "PostgreSQL 服务器" in desk("doctor", "--data", office).stdout
    # The URL is there for its owner alone, and the password for nobody.
    kept = office / "server.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text())["url"] == url
    assert "p 'w" not in kept.read_text()
    assert server_module.remembered(office, key_of(office)).password == "p 'w\"d"
    assert not (office / "desk.db").exists()
    # What the office signs and decrypts with is not to be had from the server.
    here = models.open_database(office)
    assert len(bytes.fromhex(here.sign_seed)) == 32
    held = everything_in(url)
    assert "测试中心" in held
    assert here.sign_seed not in held
    assert here.age_identity not in held
    assert "AGE-SECRET-KEY" not in held
    models.close_database()
    assert db.obj is not station_file
    remember(office, Server(url), "00" * 32)
    (office / "desk.key").write_text("00" * 32)
    with pytest.raises(UserError, match="请用原来的数据文件夹"):
        models.open_database(office)
    kept.write_text("{}")
    with pytest.raises(UserError, match=r"server.json 坏了.*从备份恢复"):
        models.open_database(office)


def test_an_address_that_is_none_or_gives_away_the_password_is_refused(tmp_path):
    for url in ("", "mysql://a/b", "postgresql://host", "desk"):
        with pytest.raises(UserError, match="请填写 PostgreSQL"):
            server_at(url)
    for url in ("postgresql://a:b@host/desk", "postgresql:///desk?password=b"):
        with pytest.raises(UserError, match="密码不要写在地址里"):
            server_at(url)
    with pytest.raises(UserError, match="密码文件"):
        server_at("postgresql://a@host/desk", tmp_path / "none")


def test_a_server_that_is_away_or_in_use_is_left_alone(postgres, empty, tmp_path):
    with pytest.raises(UserError, match="连不上"):
        found(tmp_path, Server(f"postgresql:///x?host={tmp_path}"))
    with psycopg.connect(postgres.url(empty)) as other:
        other.execute("CREATE TABLE theirs (a int)")
    with pytest.raises(UserError, match="请换一个空的数据库"):
        found(tmp_path, Server(postgres.url(empty)))
    assert everything_in(postgres.url(empty)) == "[]"
    with psycopg.connect(postgres.url(empty)) as other:
        other.execute("DROP TABLE theirs")
    with psycopg.connect(postgres.url(empty), autocommit=True) as keeper:
        keeper.execute("CREATE ROLE guest LOGIN")
    guest = postgres.url(empty).replace(f"{cluster.USER}@", "guest@")
    with pytest.raises(UserError, match="管理员授予建表的权限"):
        server_module.refuse_taken(Server(guest))
    server_module.refuse_taken(Server(postgres.url(empty)))
    # Refused half-way, it leaves the database as empty as it was.
    with pytest.raises(UserError):
        found(tmp_path, Server(postgres.url(empty)), name="")
    assert everything_in(postgres.url(empty)) == ""
    found(tmp_path, Server(postgres.url(empty)))


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ('FATAL:  password authentication failed for user "a"', "password", "密码不对"),
        ("fe_sendauth: no password supplied", "password", "没有填"),
        ('致命错误: 用户 "a" Password 认证失败', "password", "密码不对"),
        ("failed to resolve host 'db': [Errno -2]", "database", "找不到这台服务器"),
        ("connection timeout expired", "database", "没有回答"),
        ('port 5432 failed: Connection refused"', "database", "没有回答"),
        ('FATAL:  database "d" does not exist', "database", "没有这个数据库"),
        ('FATAL:  no pg_hba.conf entry for host "h"', "database", "pg_hba.conf"),
        ("FATAL:  sorry, too many clients\nmore", "database", "too many clients"),
    ],
)
def test_what_a_server_refuses_is_said_of_its_field(said, field, words):
    error = refused(psycopg.OperationalError(f"connection failed: {said}"))
    assert error.field == field and words in str(error) and "more" not in str(error)


def test_without_its_driver_the_program_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['psycopg'] = None;"
        "from models.postgres import *; from models.errors import UserError;"
        "from pathlib import Path\n"
        "try: OfficeServer(Path('.'), Server('postgresql:///x'), '').connect()\n"
        "except UserError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=conftest.ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert "requirements-postgres.txt" in done.stdout, done.stderr


def test_the_server_itself_refuses_to_change_what_was_written(
    postgres, server_centre, tmp_path
):
    name = postgres.create(server_centre.database)
    with psycopg.connect(postgres.url(name), autocommit=True) as keeper:
        for statement in (
            "UPDATE journal SET hash = 'x'",
            "DELETE FROM journal",
            "TRUNCATE journal CASCADE",
            "DELETE FROM person",
            "TRUNCATE person",
        ):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                keeper.execute(statement)
    postgres.drop(name)


@pytest.mark.parametrize("office_on", [conftest.SERVER], indirect=True)
def test_an_older_database_gets_what_it_lacks_and_a_newer_one_is_refused(centre):
    models.open_database(centre.office)
    newest = db.user_version
    before = {table: len(db.get_columns(table)) for table in db.get_tables()}
    with models.transaction():
        db.execute_sql("DROP TABLE pay_month")
        db.execute_sql("ALTER TABLE person DROP COLUMN trained_on")
        db.execute_sql("ALTER TABLE stream DROP COLUMN waits_for")
        db.user_version = newest - 1
    models.open_database(centre.office)
    assert {table: len(db.get_columns(table)) for table in db.get_tables()} == before
    assert models.verify().faults == []
    assert models.journal.Stream.get_by_id(1).waits_for == ""
    with pytest.raises(IntegrityError, match="never deleted"), models.transaction():
        db.execute_sql("TRUNCATE pay_month")
    db.user_version = newest + 1
    with pytest.raises(UserError, match="升级"):
        models.open_database(centre.office)


def test_two_pcs_write_one_after_the_other_and_see_each_other(centre, office_on):
    models.open_database(centre.office)
    here, mark, begun, done = installation(), change_mark(), threading.Event(), []
    assert change_mark() == mark

    def other() -> None:
        with connection():
            begun.set()
            with models.transaction():  # waits for the first to be through
                done.append(models.people()[0].name)

    with models.transaction():
        models.set_share(here.share + "x")
        second = threading.Thread(target=other)
        second.start()
        begun.wait()
        assert done == []
    second.join()
    assert done
    turns = []

    def sync_there() -> None:
        with connection():
            turns.append(db.take_turn())

    with my_turn():
        third = threading.Thread(target=sync_there)
        third.start()
        third.join()
    assert turns == [office_on == conftest.FILE]  # a file is this PC's own
    with my_turn():
        pass
    assert change_mark() != mark
    models.set_share(here.share)


def test_the_same_work_leaves_the_same_bytes_in_a_file_and_on_a_server(
    centre, office_on
):
    """What the office has of a station is to the letter what the station wrote."""
    work(centre.station, 30)
    exchange(centre.station, centre.office)
    assert (on_server() is not None) == (office_on == "server")
    theirs = db.execute_sql(
        "SELECT seq, at, person, table_name, row_uid, revision, audience, salt, "
        "payload, digest, hash FROM journal WHERE stream = (SELECT id FROM stream "
        "WHERE addressee = 'office') ORDER BY seq"
    ).fetchall()
    exchange(centre.station)
    mine = db.execute_sql(
        "SELECT seq, at, person, table_name, row_uid, revision, audience, salt, "
        "payload, digest, hash FROM journal WHERE stream = 1 ORDER BY seq"
    ).fetchall()
    assert [tuple(row) for row in theirs] == [tuple(row) for row in mine]


def test_every_ledger_is_printed_and_proved_there_and_after_more_work(centre, tmp_path):
    """Proving reads the past, as it stood before what came in since."""
    work(centre.station, 3)
    exchange(centre.station, centre.office)
    days = {"first": clock.today().replace(day=1), "last": clock.today()}
    for book in LEDGERS:
        export_ledger(book, tmp_path / f"{book.code}.docx", **days)
    work(centre.station, 2)
    visit = models.visits_on(clock.today())[-1]
    by = models.person_signing_in("T001")
    models.void_visit(visit, by=by, reason="登记错了")
    exchange(centre.station, centre.office)
    for book in LEDGERS:
        check = check_ledger(tmp_path / f"{book.code}.docx")
        assert check.faults == []
        assert (check.cells_agree, check.chain_holds) == (True, True)
        assert check.rows_agree is not False
        if book.code == "visits":
            assert (check.rows_agree, check.rows) == (True, 3)
    assert [count.visits for count in visit_counts(**days, by=By.DESK).values()] == [4]
    assert len(models.find_visits("来访人0").rows) == 2
