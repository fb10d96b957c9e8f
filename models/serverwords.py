"""What a PostgreSQL server or the way to it refuses, in words for people."""

import re
from typing import NamedTuple

from models.errors import UserError


class Refusal(NamedTuple):
    """What the message has in it, in English or Chinese, and the field it is about."""

    pattern: str
    field: str
    text: str


# The server and its library speak the language of their PC; tried in turn.
REFUSALS = (
    Refusal(
        r"does not exist|不存在",
        "database",
        "服务器上没有这个数据库或用户，请核对数据库地址；数据库要由管理员先建好。",
    ),
    Refusal(
        r"pg_hba",
        "database",
        "数据库服务器不许这台电脑连接，请管理员在 pg_hba.conf 里放行后再试。",
    ),
    Refusal(
        r"password|authentication failed|密码|口令|认证失败",
        "password",
        "连不上数据库：密码不对或没有填，请核对数据库密码和地址里的用户名。",
    ),
    Refusal(
        r"resolve|translate host|name or service|getaddrinfo|主机名",
        "database",
        "连不上数据库：找不到这台服务器，请核对数据库地址里的主机名。",
    ),
    Refusal(
        r"refused|timeout|timed out|unreachable|no route|no such file|拒绝|超时|不可达",
        "database",
        "连不上数据库：服务器没有回答，请检查数据库地址、网络和服务器是否开着。",
    ),
)


def refused(error: Exception) -> UserError:
    """What to tell of an *error* met on connecting."""
    said = str(error)
    for refusal in REFUSALS:
        if re.search(refusal.pattern, said, re.IGNORECASE):
            return about(refusal.field, refusal.text)
    first = said.partition("\n")[0]
    return about("database", f"连不上办公室的 PostgreSQL 数据库，请检查：{first}")


def about(field: str, text: str) -> UserError:
    """A refusal that is shown under *field*."""
    error = UserError(text)
    error.field = field
    return error
