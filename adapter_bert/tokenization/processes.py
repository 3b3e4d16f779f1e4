"""Long lists of texts, shared among processes.

They are started as a module of this package and talk over pipes. Unlike those
of `multiprocessing` they never import the user's script a second time, which
may lack the guard that this would need.
"""

import concurrent.futures
import contextlib
import multiprocessing
import os
import pickle
import queue
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

from absl import logging

from adapter_bert.progress import progress_bar
from adapter_bert.validation import require_positive_integer

_MODULE = "adapter_bert.tokenization.worker"
_CHUNK_SIZE = 2_000  # texts
_TEXTS_WORTH_PROCESSES = 50_000
# A process takes a third of a second to start; this is about as long.
_MIN_TEXTS_OF_A_PROCESS = 10_000


def map_chunks(
    function: Callable[[Sequence[str]], Any],
    texts: Sequence[str],
    num_processes: int | None = None,
) -> list[Any]:
    """Calls `function(chunk)` for all texts, in chunks.

    For 50,000 texts and more a progress bar shows in a terminal.

    Args:
        function: Does the work. It can be pickled.
        texts: The list to share.
        num_processes: 1: this process. Defaults to the available cores for
            50,000 texts and more, else to 1.

    Returns:
        The results, in the order of the texts.

    Raises:
        RuntimeError: If a process failed or ended early.
    """
    if num_processes is None:
        num_processes = _suitable(len(texts))
    require_positive_integer("num_processes", num_processes)
    starts = range(0, len(texts), _CHUNK_SIZE)
    chunks = [texts[start : start + _CHUNK_SIZE] for start in starts]
    with contextlib.ExitStack() as stack:
        processes = _start(stack, function, min(num_processes, len(chunks)))
        if processes:
            answers = _shared(processes, chunks)
        else:
            answers = (function(chunk) for chunk in chunks)
        answers = stack.enter_context(contextlib.closing(answers))
        bar = stack.enter_context(_bar(len(texts)))
        results = []
        for chunk, result in zip(chunks, answers, strict=True):
            results.append(result)
            bar.update(len(chunk))
    return results


def _suitable(num_texts):
    # Processes of a process would be more than there are cores.
    nested = multiprocessing.parent_process() is not None
    if num_texts < _TEXTS_WORTH_PROCESSES or nested:
        return 1
    return min(_available_cores(), num_texts // _MIN_TEXTS_OF_A_PROCESS)


def _available_cores():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _bar(num_texts):
    # None draws the bar on a terminal only.
    disable = None if num_texts >= _TEXTS_WORTH_PROCESSES else True
    return progress_bar(
        total=num_texts, desc="Tokenizing", unit=" texts", disable=disable
    )


def _start(stack, function, count):
    """Processes that are ready; none if one is enough, or they do not start."""
    processes = []
    if count < 2:
        return processes
    stack.callback(_stop, processes)
    try:
        for _ in range(count):
            processes.append(_Process())
        for process in processes:
            process.send(function)
        for process in processes:
            process.receive()
    except (OSError, RuntimeError, ValueError) as error:
        _stop(processes)
        logging.warning(
            "Tokenizing in one process, for others do not start: %s", error
        )
        return []
    return processes


def _shared(processes, chunks):
    free = queue.SimpleQueue()
    for process in processes:
        free.put(process)

    def call(chunk):
        process = free.get()
        try:
            process.send(chunk)
            return process.receive()
        finally:
            free.put(process)

    with concurrent.futures.ThreadPoolExecutor(len(processes)) as pool:
        try:
            yield from pool.map(call, chunks)
        except BaseException:
            # Else the threads would wait for work that nobody wants.
            _stop(processes)
            raise


def _stop(processes):
    for process in processes:
        process.stop()


class _Process:
    """Another Python, that runs the module `worker`."""

    def __init__(self):
        # Its own session, so that Ctrl-C reaches this process alone.
        self._popen = subprocess.Popen(
            [sys.executable or "", "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": _python_path()},
            start_new_session=True,
        )

    def send(self, value):
        # One that ended tells why when it is asked for the result.
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(value, self._popen.stdin)
            self._popen.stdin.flush()

    def receive(self):
        try:
            problem, value = pickle.load(self._popen.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            problem = f"it ended with status {self._popen.wait()}"
        if problem:
            raise RuntimeError(f"A tokenizing process failed: {problem}")
        return value

    def stop(self):
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            with contextlib.suppress(OSError, ValueError):
                pipe.close()


def _python_path():
    return os.pathsep.join(path or os.getcwd() for path in sys.path)
