"""Locks between processes, which end with the last process that holds them.

They are `flock` locks: the system drops them when a process dies, however it
dies, and a child that inherits the descriptor keeps them.
"""

import contextlib
import fcntl
import os
import pathlib
from collections.abc import Iterator


class FileLock:
    """A lock on a file that exists for nothing else.

    Args:
        path: The file; made if needed, and left behind, since removing it
            would let two processes lock different files of one name.
    """

    def __init__(self, path: pathlib.Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # A child started without `pass_fds` does not inherit it.
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)

    def try_exclusive(self) -> bool:
        """Takes the lock for this process alone; False if another has it."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_exclusive(self) -> None:
        """Takes the lock for this process alone, once it is free."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def wait_shared(self) -> None:
        """Takes the lock together with others, once no one has it alone."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def close(self) -> None:
        """Lets go; a child that inherited the descriptor still holds on."""
        # LOCK_UN would take the lock from the child as well.
        os.close(self.descriptor)


@contextlib.contextmanager
def exclusive(path: pathlib.Path) -> Iterator[None]:
    """Lets one process at a time run the block."""
    with contextlib.closing(FileLock(path)) as lock:
        lock.wait_exclusive()
        yield
