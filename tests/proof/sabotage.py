"""Each defence taken away in a copy of the program: some test has to turn red.

A defence that no test misses is one that the next change may lose unseen.  The list
names the place by its text, which has to stand there once: so it cannot rot.
"""

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIED = ("desk", "exports", "models", "icons", "tests", "docs", "bench", "start.py")
LONGEST = 400  # seconds
WORKERS = 2
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class Defence(NamedTuple):
    """What stands between a fault and a loss, what is left without it, who sees it."""

    file: str
    text: str
    without: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.file}: {' '.join(self.text.split())[:70]}"


def _of(file: str, *tests: str) -> "_Place":
    return _Place(file, tuple(f"tests/test_{test}.py" for test in tests))


class _Place(NamedTuple):
    file: str
    tests: tuple[str, ...]

    def check(self, condition: str, *tests: str, before: str = "if") -> Defence:
        """A condition that is never met."""
        new = "if False:" if before == "if" else "elif False:"
        text = f"{before} {condition}:"
        return Defence(self.file, text, new, self._tests(tests))

    def change(self, text: str, without: str, *tests: str) -> Defence:
        return Defence(self.file, text, without, self._tests(tests))

    def _tests(self, tests: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"tests/test_{test}.py" for test in tests) or self.tests


BATCH = _of("exports/sync/batch.py", "batch", "batch_damage")
MERGE = _of("exports/sync/merge.py", "sync_hostile", "sync_damage", "sync_epochs")
PROJECTION = _of("exports/sync/projection.py", "sync_hostile", "sync_relay_hostile")
RECEIPTS = _of("exports/sync/receipts.py", "sync_damage", "sync_epochs", "sync_hostile")
PUBLISH = _of("exports/sync/publish.py", "sync_disasters", "sync_epochs", "sync_share")
CYCLE = _of("exports/sync/cycle.py", "sync_disasters", "sync_hostile", "sync_share")
DOUBTS = _of("exports/sync/doubts.py", "sync_disasters", "sync_epochs")
SHARE = _of("exports/sync/share.py", "sync_share", "sync_hostile", "centre")
WITNESS = _of("models/witness.py", "sync_epochs")
EPOCHS = _of("models/epochs.py", "sync_epochs", "sync_disasters")
ENROLMENT = _of("exports/sync/enrolment.py", "enrolment", "sync_hostile")
CONTENTS = _of("exports/backup/contents.py", "backup")
RESTORING = _of("exports/backup/restoring.py", "backup", "recovery")
TRAILER = _of("exports/backup/trailer.py", "backup")
SLOTS = _of("models/keyslots.py", "keyslots")
KEYS = _of("exports/sync/keys.py", "proof_fuzz")
OFFICE_KEYS = _of("exports/sync/officekeys.py", "office_keys")
REFOUNDING = _of("exports/sync/refounding.py", "office_keys")
VERIFY = _of("models/verification.py", "verification", "erasure")
ERASURE = _of("models/erasure.py", "erasure")
FORGETTING = _of("exports/sync/forgetting.py", "erasure")
SUPERSEDING = _of("exports/sync/superseding.py", "erasure")
JSON = _of("models/jsontext.py", "proof_fuzz")
REVOKING = _of("models/stations.py", "revocation")

DEFENCES = (
    # -- a batch is what its writer sealed
    BATCH.change(
        "if match is None or sha256(data).hexdigest()[:24] != match[3]:",
        "if match is None:",
    ),
    BATCH.check(r'not keys.is_signed(sign_key, b"desk-batch-1\0" + head, signature)'),
    BATCH.check("_decode_version(head).min_reader > READER"),
    BATCH.check("(header.first, header.last) != (int(match[1]), int(match[2]))"),
    BATCH.check("header.key != keys.key_id(sign_key)"),
    BATCH.check("sha256(sealed).hexdigest() != header.digest"),
    BATCH.change(
        "header.count != header.last - header.first + 1 or header.first < 1", "False"
    ),
    BATCH.change("if not few or header", "if header"),
    BATCH.change(" or len(parts[1]) > MOST_HEADER", ""),
    BATCH.check(r'plain.count(b"\n") != header.count'),
    BATCH.change("if outer != same or range_out", "if range_out"),
    BATCH.change(" or range_out != (inner.first, inner.last, inner.prev)", ""),
    BATCH.check("not 0 <= size <= MOST_PLAIN"),
    BATCH.check("line.seq != seq"),
    BATCH.check("head != header.head"),
    BATCH.change("not ENTRY.fullmatch(says) or not", "not"),
    BATCH.change(" or not 0 < line.revision < MOST_REVISIONS", ""),
    BATCH.change("if SALT.fullmatch(line.salt):", "if True:"),
    BATCH.change("elif HASH.fullmatch(line.digest):", "else:"),
    BATCH.change(
        "return (first, last) if -1 <= last - first < MOST_ENTRIES else (0, 0)",
        "return first, last",
        "sync_hostile",
        "sync_damage",
        "batch",
    ),
    JSON.change("UnicodeDecodeError, RecursionError)", "UnicodeDecodeError)"),
    # -- it is taken over where it belongs, once, in order, whole
    MERGE.check("stands != (here.realm, sender.uid, stream.addressee, stream.epoch)"),
    MERGE.change(
        "if sender.revoked_after is not None and header.last > "
        "_last_trusted(sender, stream):",
        "if False:",
        "revocation",
    ),
    MERGE.check(
        "sender.revoked_epoch and stream.epoch != sender.revoked_epoch", "revocation"
    ),
    MERGE.check("header.prev != hash_before(here, stream, header.first)"),
    MERGE.check("known > 0 and opened.entries[known - 1].hash != stream.head"),
    MERGE.check("(count, head) != (header.seal_count, header.seal_head)"),
    MERGE.check("file.first > stream.upto + 1"),
    MERGE.check("mine != [header.prev, header.head]"),
    MERGE.change(
        "_note_what_is_missing(stream, late + ahead)",
        "_note_what_is_missing(stream, [])",
    ),
    MERGE.change("except NOT_A_ROW as error:", "except ZeroDivisionError as error:"),
    MERGE.change("        forks.keep(stream, opened.entries)\n", ""),
    MERGE.change("        forks.tell(here, stream, opened.header)\n", ""),
    MERGE.change(
        "        heard += _header_alone(here, sender, stream, file.name, data)\n",
        "",
        "sync_disasters",
    ),
    # -- a station is believed about its own rows only
    PROJECTION.check('name in MESSAGES and sender.kind != "office"', "sync_disasters"),
    PROJECTION.check(
        "authors & {sender.uid, station_uid()} if passed_on else authors - {sender.uid}"
    ),
    PROJECTION.check("model.only_added and entry.line.revision > 1"),
    PROJECTION.check(
        "(values[uid], values[revision]) != (entry.line.row, entry.line.revision)"
    ),
    PROJECTION.check("stored is not None and stored[owner] != row.values[owner]"),
    PROJECTION.change(
        "elif stored is None or line.revision > stored[revision]:", "elif True:"
    ),
    PROJECTION.check(
        "row.entry.digest not in seen.get((line.row, line.revision), ())",
        "sync_hostile",
        "sync_epochs",
        "sync_disasters",
    ),
    PROJECTION.change(
        "if row.values[case] in referred or row.values[author] in before:", "if True:"
    ),
    # -- 已确认 is said on the office's word alone
    RECEIPTS.check("receipt.upto and hash_of_entry(own, receipt.upto) != receipt.head"),
    RECEIPTS.check("receipt.missing and own.confirmed_upto < own.published_upto"),
    RECEIPTS.check("any(theirs[name] < mine[name] for name in names)"),
    RECEIPTS.check("more"),
    RECEIPTS.check("last is not None and _place(last) == _place(copy)"),
    # -- nothing on the share is written over, or believed to be there
    PUBLISH.change("raise RolledBack(header.last)", "continue"),
    PUBLISH.change(
        "(lost := _lost(stream, folder, awaited, listed)) is not None",
        "(lost := None) is not None",
    ),
    PUBLISH.change(
        "if name not in listed and share.is_gone(folder / name)",
        "if name not in listed",
        "odd_shares",
        "sync_share",
    ),
    PUBLISH.change(
        "    if stream.sealed_to != sealed_to:\n", "    if False:\n", "sync", "centre"
    ),
    PUBLISH.change(
        "if payload is not None and audience in readable:",
        "if payload is not None:",
        "sync",
        "sync_relay",
        "centre",
    ),
    PUBLISH.change(
        "witness.note_tip(here)  # all that leaves this PC is vouched for", "pass"
    ),
    SHARE.check("_read(part, len(data)) != data"),
    SHARE.check("not _is_free(target)"),
    SHARE.change("os.O_WRONLY | os.O_CREAT | os.O_EXCL", "os.O_WRONLY | os.O_CREAT"),
    SHARE.check("not stat.S_ISREG(os.fstat(handle).st_mode)"),
    SHARE.check(
        r'not keys.is_signed(marker.office_key, b"desk-marker-1\0" + body, signature)'
    ),
    SHARE.change(
        'except UNREADABLE as error:\n        raise Unreachable("服务中心的标记已损坏',
        "except ZeroDivisionError as error:\n"
        '        raise Unreachable("服务中心的标记已损坏',
        "enrolment",
    ),
    # -- whose share it is, and which office is followed
    CYCLE.check(
        "(marker.realm, marker.office_key) != (here.realm, here.office_key)",
        "enrolment",
    ),
    CYCLE.check("marker.min_format > batch.VERSION", "enrolment"),
    CYCLE.change("    _check_marker(here)\n    return result\n", "    return result\n"),
    CYCLE.change("if epoch >= here.followed_epoch:", "if True:", "sync"),
    CYCLE.check("newest > here.followed_epoch"),
    CYCLE.change(
        "    trusted = [station for station in stations() if station.revoked_after "
        "is None]",
        "    trusted = stations()",
        "revocation",
    ),
    CYCLE.change("[:MOST_NEW_EPOCHS]", ""),
    CYCLE.check("epochs.examine(here)", "sync_epochs"),
    CYCLE.check("was_behind and doubts.is_behind(here)", before="elif"),
    # -- a past that is in doubt
    DOUBTS.check("_lacks(Stream.get_by_id(OWN), *common) or _lacks(outbox, *own)"),
    DOUBTS.change("return 0 <= ahead <= MOST_AHEAD", "return True"),
    DOUBTS.check("recent.count() >= MOST_CHANGES"),
    DOUBTS.change(
        "return False\n    return stream is None",
        "return False\n    return False and stream is None",
    ),
    WITNESS.change(" and _hash_of(tip.entry) == tip.hash:", ":"),
    WITNESS.change("if tip.epoch not in left():", "if True:"),
    EPOCHS.check("mark and here.machine and mark != here.machine"),
    EPOCHS.check("awaits_office_since() is not None"),
    EPOCHS.check("number > MOST_EPOCHS"),
    EPOCHS.change(
        "own.published_upto = own.confirmed_upto = own.seal_count = 0",
        "own.published_upto = own.seal_count = 0",
    ),
    # -- who is let in
    ENROLMENT.change("return request if good else None", "return request"),
    ENROLMENT.change("if not UID.fullmatch(request.station_uid) or not", "if not"),
    ENROLMENT.change(
        " or not request.name.isprintable():\n        return None",
        ":\n        return None",
    ),
    ENROLMENT.change(
        "if request is None or request.file_name != name:", "if request is None:"
    ),
    ENROLMENT.change(
        "if request.realm == here.realm and request.station_uid",
        "if request.station_uid",
    ),
    ENROLMENT.check("mine or taken.exists()"),
    REVOKING.check("station.is_revoked"),
    # -- backups and keys
    CONTENTS.check("not is_made_with(key, body, mac)"),
    CONTENTS.check("digest_of(path, trailer.size, report) != trailer.digest"),
    CONTENTS.check("facts.schema > 1 + len(migrations.STEPS)"),
    CONTENTS.check("facts.station != trailer.station"),
    RESTORING.change(
        "return open_epoch(EpochReason.RESTORED, above=_epoch_in(data))", 'return ""'
    ),
    RESTORING.check("shutil.disk_usage(new).free < contents.size + (1 << 20)"),
    TRAILER.check("trailer.size != room"),
    TRAILER.check("trailer.v != 1"),
    SLOTS.change(
        "not is_key(key) or not hmac.compare_digest(_sum(kind, key, sealed), total)",
        "not is_key(key)",
    ),
    KEYS.check(r'sealed.find(b"\n--- ", 0, MOST_HEADER) < 0'),
    SLOTS.check("head != MAGIC + kind.encode() or len(total) != 64 or not whole"),
    OFFICE_KEYS.check("not sealed.startswith(MAGIC)"),
    REFOUNDING.check(
        "(marker.realm, marker.office_key) != (office_keys.realm, identity.sign_key)"
    ),
    REFOUNDING.check("stands != mine or header.prev != before"),
    # -- what is kept is proven, and what is erased is gone
    VERIFY.change(
        "            _check_missing_content(found)\n".removeprefix("    "),
        "        pass\n",
    ),
    VERIFY.change("elif stored != next_hash(head, *fields):", "elif False:"),
    VERIFY.check("digest_of(salt, payload) != fields[7]"),
    VERIFY.check("payload != table.payload_of(row)"),
    VERIFY.check("seq != expected"),
    ERASURE.change("    _refuse_unfinished(rows)\n", ""),
    SUPERSEDING.change(
        "if not stream.stale or not _office_knows(here, stream):",
        "if not stream.stale:",
    ),
    SUPERSEDING.change("            _remove(stream, folder, name)\n", ""),
)


def stands_once(defence: Defence, root: Path = ROOT) -> bool:
    return (root / defence.file).read_text("utf-8").count(defence.text) == 1


def _copy(to: Path) -> Path:
    """The program as it is now, without what was built from it."""
    to.mkdir(parents=True)
    skipped = shutil.ignore_patterns("__pycache__", "pictures", ".hypothesis")
    for name in (*COPIED, "pyproject.toml", "README.md", "build.spec"):
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, to / name, ignore=skipped)
        elif path.exists():
            shutil.copy(path, to / name)
    return to


def turn(defence: Defence, copy: Path) -> tuple[str, str]:
    """Which test turned red without a defence, and what was wrong with that."""
    path = copy / defence.file
    whole = path.read_text("utf-8")
    if whole.count(defence.text) != 1:
        return "", f"stands {whole.count(defence.text)} times: {defence.text}"
    path.write_text(whole.replace(defence.text, defence.without), "utf-8")
    command = [sys.executable, "-B", "-m", "pytest", "-n0", "-x", "-q", "--tb=no"]
    try:
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider", *defence.tests],
            cwd=copy,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return "it does not end", ""
    finally:
        path.write_text(whole, "utf-8")
    failed = FAILED.search(done.stdout)
    if done.returncode == 1 and failed:
        return failed[1].rpartition("::")[2], ""
    return "", f"exit code {done.returncode}, green without it: {defence.tests}"


def campaign(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """All defences, or *many* of them from the *seed*th on."""
    chosen = DEFENCES[seed - 1 :][: many or None]
    waiting, done = queue.SimpleQueue[Defence](), queue.SimpleQueue()
    for defence in chosen:
        waiting.put(defence)

    def work(copy: Path) -> None:
        while not waiting.empty():
            defence = waiting.get()
            done.put((defence, *turn(defence, copy)))

    for number in range(WORKERS):
        copy = _copy(folder / f"copy{number}")
        threading.Thread(target=work, args=(copy,), daemon=True).start()
    for _ in chosen:
        defence, red, wrong = done.get()
        print(f"{defence.name}\n    red: {red or 'nothing'}", flush=True)
        yield "red" if red else "nothing turned red", defence.name, wrong
