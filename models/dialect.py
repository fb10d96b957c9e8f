"""What PostgreSQL says otherwise than SQLite, in one place.

SQL is written once, as SQLite understands it, in the models and the exports.  For an
office on PostgreSQL each statement is translated here, and the few functions that the
server lacks are made in its database.  Texts, days and moments are `TEXT` ordered by
their bytes on both, so what is stored, hashed and printed is the same to the letter.
"""

import re
from functools import lru_cache

# Texts and quoted names are left alone, but for `%`, which psycopg reads.
_PIECE = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")""")

_WORDS = (
    (re.compile(r"\bCAST\(([\w.]+) AS BLOB\)"), r"convert_to(\1, 'UTF8')"),
    (re.compile(r"\bINSERT OR IGNORE\b"), "INSERT"),
    (re.compile(r"\bjson_group_array\("), "json_agg("),
    (re.compile(r"\bjson_array\("), "json_build_array("),
    (re.compile(r"\bNOT IN \(\)"), "<> ALL ('{}')"),
    (re.compile(r"\bIN \(\)"), "= ANY ('{}')"),
    (re.compile(r"\bINDEXED BY \w+"), ""),
    # SQLite joins in the order that is written; the planner here decides by itself.
    (re.compile(r"\bCROSS JOIN (.*?) ON\b", re.DOTALL), r"JOIN \1 ON"),
    (re.compile(r"\bmain\."), "public."),
    (re.compile(r"\btemp\."), "pg_temp."),
    (re.compile("%(?!s)"), "%%"),  # `%s` is peewee's own
    (re.compile(r"\?"), "%s"),
)

_TYPES = (
    (re.compile(r"\bWITHOUT ROWID\b"), ""),
    (re.compile(r"\b(?:TEXT|DATE|DATETIME)\b(?! COLLATE)"), 'TEXT COLLATE "C"'),
    (re.compile(r"\bINTEGER PRIMARY KEY\b"), "BIGSERIAL PRIMARY KEY"),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
)

_TRIGGER = re.compile(
    r"""CREATE\ TRIGGER\ (?P<name>\w+)\s+BEFORE\s+
        (?P<event>DELETE|UPDATE(?:\s+OF[^"]*?)?)\s+ON\s+"?(?P<table>\w+)"?\s*(?:WHEN\s+(?P<when>.*?)\s*)?
        BEGIN\ SELECT\ RAISE\(ABORT,\ (?P<says>'[^']*')\);\ END""",
    re.DOTALL | re.VERBOSE,
)

# SQLite's functions that the records are asked with, and what refuses a change.
FUNCTIONS = (
    """CREATE FUNCTION instr(text, text) RETURNS integer IMMUTABLE STRICT
       LANGUAGE sql AS 'SELECT strpos($1, $2)'""",
    """CREATE FUNCTION json_valid(text) RETURNS boolean IMMUTABLE STRICT
       LANGUAGE sql AS 'SELECT true'""",
    # Of a payload that the server cannot take apart nothing is known.
    """CREATE FUNCTION json_extract(text, text) RETURNS text IMMUTABLE STRICT
       LANGUAGE plpgsql AS $$ BEGIN RETURN $1::json ->> substr($2, 3);
       EXCEPTION WHEN data_exception THEN RETURN NULL; END $$""",
    """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]
       USING ERRCODE = 'integrity_constraint_violation'; END $$""",
)


@lru_cache(maxsize=2_048)
def translated(sql: str) -> str:
    """A statement as psycopg takes it."""
    ignores = "INSERT OR IGNORE" in sql
    words = (*_TYPES, *_WORDS) if sql.startswith(("CREATE", "ALTER")) else _WORDS
    pieces = _PIECE.split(sql)
    for at, piece in enumerate(pieces):
        if at % 2:
            pieces[at] = piece.replace("%", "%%")
            continue
        for pattern, other in words:
            piece = pattern.sub(other, piece)
        pieces[at] = piece
    return "".join(pieces) + (" ON CONFLICT DO NOTHING" if ignores else "")


def trigger(sql: str) -> str:
    """A trigger that refuses a change, from the words of SQLite."""
    match = _TRIGGER.fullmatch(sql.strip())
    if match is None:
        raise ValueError(f"not a trigger that refuses: {sql}")
    when = f"WHEN ({match['when']}) " if match["when"] else ""
    return (
        f"CREATE TRIGGER {match['name']} BEFORE {match['event']} "
        f'ON "{match["table"]}" FOR EACH ROW {when}'
        f"EXECUTE FUNCTION refuse({match['says']})"
    )


def never_emptied(table: str) -> str:
    """TRUNCATE passes by the triggers of rows, and is no word of SQLite."""
    return (
        f'CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse('records are never deleted')"
    )


def tsquery(match: str) -> str:
    """A query of FTS5 in the words of PostgreSQL's own text search."""
    quoted = match.replace('"', "'")
    return quoted.replace(" OR ", " | ").replace(" AND ", " & ")
