"""Cards of the settings that are kept in the window's own file as soon as chosen."""

from desk import theme
from desk.looking import Look
from desk.pages.settingscard import SettingsCard
from desk.printers import printers
from desk.settings import save_settings

MODES = {"light": "浅色", "dark": "深色", "system": "跟随系统"}
BY_PROGRAM = "由打开文档的程序决定"
GONE = "{name}（现在没有找到）"


class LooksCard(SettingsCard):
    """Chosen is seen at once."""

    title = "外观"

    def build(self) -> None:
        self.add_choice(
            "mode", "颜色", MODES, columns=3, on_change=lambda mode: self._on_mode(mode)
        )
        zooms = {str(zoom): f"{zoom}%" for zoom in theme.ZOOMS}
        self.add_choice(
            "zoom", "字号", zooms, columns=5, on_change=lambda zoom: self._on_zoom(zoom)
        )

    def show(self) -> None:
        settings = self.window.settings
        self.set("mode", settings.mode if settings.mode in MODES else "light")
        self.set("zoom", str(settings.zoom if settings.zoom in theme.ZOOMS else 100))

    def _on_mode(self, mode: str) -> None:
        if mode != self.window.settings.mode:
            self.window.looks.set_mode(mode)
            self.window.status.say(f"颜色：{MODES[mode]}")

    def _on_zoom(self, zoom: str) -> None:
        if int(zoom) != self.window.settings.zoom:
            self.window.looks.set_zoom(int(zoom))


class PrinterCard(SettingsCard):
    """The system is asked off the Tk thread: a print server may be gone."""

    title = "打印机"

    def build(self) -> None:
        self.look: Look | None = None
        self.list = self.add_list("printer", "打印单据", on_change=self._on_chosen)
        self.add_fact("state", "")
        self.again_button = self.add_button("重新查找", self.show)

    def show(self) -> None:
        kept = self.window.settings.printer
        self._offer([kept] if kept else [])
        self.set("state", "正在查找这台电脑的打印机…")
        if self.look is not None:
            self.look.drop()
        self.look = Look(self, printers, self._on_found)

    def _on_found(self, names: list[str]) -> None:
        self._offer(names)
        count = f"找到 {len(names)} 台打印机。" if names else "没有找到打印机。"
        self.set(
            "state",
            f"{count}选了就直接送去打印；送不到时打开文档，请在其中打印。",
        )

    def _offer(self, names: list[str]) -> None:
        """The chosen one stays in the list even while it is not there."""
        kept = self.window.settings.printer
        lines = [(BY_PROGRAM, ""), *((name, name) for name in names)]
        if kept and kept not in names:
            lines.append((GONE.format(name=kept), kept))
        self.set_choices("printer", lines)
        self.set("printer", kept)

    def _on_chosen(self) -> None:
        chosen = self.value("printer") or ""
        if chosen != self.window.settings.printer:
            self.window.settings.printer = chosen
            save_settings(self.window.folder, self.window.settings)
            self.window.say(f"打印单据：{chosen or BY_PROGRAM}")

    def destroy(self) -> None:
        if self.look is not None:
            self.look.drop()
        super().destroy()
