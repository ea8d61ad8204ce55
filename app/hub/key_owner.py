"""Who owns an app key: this process, which then holds its lock, or another one."""

from contextlib import ExitStack, suppress

from app.hub.owner_file import OwnerAddress, OwnerFile
from app.system.errors import KisTuiError, OccupiedError
from app.system.files import ProgramFolders
from app.system.lock import hold
from app.system.secret import Secret


class KeyOwnership:
    """The lock of one app key, held from `acquire` to `release`."""

    def __init__(self, places: ProgramFolders, app_key: Secret) -> None:
        self._places = places
        self._app_key = app_key
        self._held = ExitStack()
        self.file = OwnerFile(places, app_key)
        self.is_held = False
        """Whether this process owns the key."""
        self.was_left = False
        """Whether the owner before this one never gave the key back."""

    def acquire(self) -> None:
        """Own the key from now on.

        Raises:
            OccupiedError: another process of this machine owns it.
            KisTuiError: the lock cannot be made.
        """
        if not self.is_held:
            self.was_left = self._held.enter_context(hold(self._places, self._app_key))
            self.is_held = True

    def try_acquire(self) -> bool:
        """Own the key if nobody else does; return whether this process owns it.

        Raises:
            KisTuiError: the lock cannot be made.
        """
        try:
            self.acquire()
        except OccupiedError:
            return False
        return True

    def find_owner(self) -> OwnerAddress | None:
        """Return where the owner serves others, or None if it does not."""
        return self.file.find()

    def release(self) -> None:
        """Own the key no longer."""
        self.is_held = False
        self._held.close()


class AdditionalKey:
    """The lock of another app key of a run, whose other programs then find it at its gateway."""

    def __init__(self, places: ProgramFolders, app_key: Secret, first: OwnerFile) -> None:
        self.lock = KeyOwnership(places, app_key)
        self._first = first

    def try_acquire(self) -> bool:
        """Own the key if nobody else does; return whether this process owns it.

        Raises:
            KisTuiError: the lock cannot be made.
        """
        if not self.lock.try_acquire():
            return False
        # Without the file other programs cannot join, but this one works.
        with suppress(KisTuiError):
            self.lock.file.copy(self._first)
        return True

    def release(self) -> None:
        """Own the key no longer."""
        self.lock.file.delete()
        self.lock.release()
