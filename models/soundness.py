"""Does the file of the records hold?  Asked beside the work, by its own connection.

Reading a page checks its HMAC, so each way of asking finds a bit that has flipped; the
full one compares the indexes with their tables as well.
"""

from pathlib import Path
from urllib.parse import quote

from peewee import DatabaseError

from models import keystore
from models.sqlite import StationFile

MOST_TOLD = 5
FULL, QUICK = "integrity_check", "quick_check"


class Check:
    """One reading of the file; `stop()` from another thread ends it early."""

    def __init__(self, folder: Path, *, full: bool) -> None:
        self._how = FULL if full else QUICK
        self._file = StationFile(
            f"file:{quote(str(folder.absolute() / 'desk.db'))}?mode=ro",
            uri=True,
            passphrase=f"x'{keystore.key_of(folder)}'",
            autoconnect=False,
            thread_safe=False,  # else only its own thread could stop it
            check_same_thread=False,
            pragmas={"cipher_log_level": "none", "cell_size_check": 1},
        )
        self._stopped = False

    def run(self) -> str | None:
        """What is wrong, "" when it holds; None when it was stopped."""
        try:
            with self._file.connection_context():
                rows = self._file.execute_sql(f"PRAGMA {self._how}({MOST_TOLD})")
                told = [text for (text,) in rows.fetchall() if text != "ok"]
        except DatabaseError as error:
            if self._stopped:
                return None
            told = [str(error)]
        return "；".join(told)[:300]

    def stop(self) -> None:
        """The program ends, or somebody does not want to wait."""
        self._stopped = True
        if not self._file.is_closed():
            self._file.connection().interrupt()
