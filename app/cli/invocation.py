"""Options before any subcommand, and the settings in force."""

from functools import cached_property
from pathlib import Path

from app.storage.settings import Settings, config_path, load
from app.system.files import ProgramFolders
from app.system.logs import LogRing


class Invocation:
    """The user's folders, and the settings once somebody asks for them."""

    def __init__(
        self, config: Path | None, language: str | None, log: LogRing | None = None
    ) -> None:
        self._config = config
        self.log = log or LogRing()
        """The last lines of the log."""
        self.profile = ""
        """The profiles of ``--profile`` before a subcommand."""
        self.language = language
        """The language of ``--lang``; None without."""

    @cached_property
    def folders(self) -> ProgramFolders:
        """The program's folders."""
        return ProgramFolders.find()

    @property
    def config_path(self) -> Path:
        """Return the path of the settings."""
        return config_path(self.folders, self._config)

    @cached_property
    def settings(self) -> Settings:
        """The settings in force.

        Raises:
            UsageError: something in the file or the environment will not do.
        """
        return load(self.folders, path=self._config, language=self.language)
