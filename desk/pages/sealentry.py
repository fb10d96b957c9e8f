"""What the form of 印章管理 does when a seal is registered, or its entry put right."""

from typing import Any

from models.errors import UserError
from models.seals import Seal, change_seal, register_seal

# Facts of the register that are typed as they are stored.
TEXTS = ("kind", "aliases", "material", "engraving", "storage_place", "note")


def register(form: Any) -> str:
    """登记 of a seal, with its first keeper; what was done, in words."""
    department = form.department()
    if department is None:
        with form.about("department"):
            raise UserError("请选择保管部门。")
    seal = register_seal(
        by=form.page.window.person,
        department=department,
        desk=form.desk(),
        keeper=form.keeper(),
        **_typed(form),
    )
    return f"已登记{seal.name}。"


def change(form: Any) -> str:
    """更改 of what the register says, as far as something else was typed."""
    changed = {
        name: value
        for name, value in _typed(form).items()
        if value != getattr(form.seal, name)
    }
    if not changed:
        raise UserError("与登记的一样，没有需要保存的改动。")
    seal = change_seal(form.seal, by=form.page.window.person, **changed)
    what = "、".join(getattr(Seal, name).verbose_name for name in changed)
    return f"已更改{seal.name}的{what}。"


def _typed(form: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {name: form.text(name) for name in TEXTS}
    typed["assistants_may_use"] = form.value("assistants")
    with form.about("enabled_on"):
        typed["enabled_on"] = form.value("enabled_on")
        if typed["enabled_on"] is None:
            raise UserError("请填写启用日期。")
    return typed
