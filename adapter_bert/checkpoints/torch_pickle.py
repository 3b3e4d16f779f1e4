"""Reading the pickles that `torch.save` writes, without running them.

A pickle is a program for a stack machine that can call anything. The machine
here only knows the steps that build a state dict out of plain values; what they
name is looked up in a table, never imported, and all else is refused by name.
"""

import collections
import io
import pickletools
from collections.abc import Iterator

from adapter_bert.checkpoints.torch_values import (
    FUNCTIONS,
    STORAGES,
    Global,
    describe,
    make_storage,
    short,
)

# BERT's takes 50 kB. What is built from one can be 100 times its size.
MAX_BYTES = 2**20


def unpickle(data: bytes) -> tuple[object, int]:
    """Reads the pickle that `data` begins with.

    Args:
        data: Of which no more than `MAX_BYTES` are looked at.

    Returns:
        What it builds of dicts, lists, tuples, numbers, texts and `Tensor`s,
        and its own length in bytes.

    Raises:
        ValueError: If it is damaged, or has a step or a name that no state
            dict needs.
    """
    file = io.BytesIO(data[:MAX_BYTES])
    machine = _Machine()
    for step, argument in _steps(file):
        if step not in _STEPS:
            what = f" {short(argument)}" if isinstance(argument, str) else ""
            raise ValueError(f"refused: the pickle's step {step}{what}")
        _STEPS[step](machine, argument)
    return machine.pop(), file.tell()


def _steps(file: io.BytesIO) -> Iterator[tuple[str, object]]:
    try:
        for opcode, argument, _ in pickletools.genops(file):
            yield opcode.name, argument
    except ValueError as error:
        raise ValueError(
            f"the pickle is damaged, cut short or over {MAX_BYTES} bytes: "
            f"{str(error)[:200]}"
        ) from error


class _Machine:
    """A stack of values, the places on it that are marked, and a memo."""

    def __init__(self):
        self._stack = []
        self._marks = []
        self._memo = {}

    def push(self, value):
        self._stack.append(value)

    def pop(self, *kinds):
        value = self.top(*kinds)
        del self._stack[-1]
        return value

    def top(self, *kinds):
        """Returns the last value, which must be of one of `kinds`, if any."""
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise ValueError("the pickle is damaged: a value is missing")
        value = self._stack[-1]
        if kinds and type(value) not in kinds:
            names = " or ".join(kind.__name__ for kind in kinds)
            raise ValueError(
                f"refused: the pickle uses {describe(value)} as {names}"
            )
        return value

    def mark(self):
        self._marks.append(len(self._stack))

    def pop_to_mark(self):
        if not self._marks:
            raise ValueError("the pickle is damaged: a mark is missing")
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def memoize(self, index=None):
        index = len(self._memo) if index is None else index
        _check_size(index, "memo number")
        self._memo[index] = self.top()

    def recall(self, index):
        if index not in self._memo:
            raise ValueError(f"the pickle is damaged: nothing kept as {index}")
        self.push(self._memo[index])

    def push_tuple(self, length):
        values = [self.pop() for _ in range(length)]
        self.push(tuple(reversed(values)))

    def extend(self, values):
        self.top(list).extend(values)

    def set_items(self, values):
        items = self.top(dict, collections.OrderedDict)
        if len(values) % 2:
            raise ValueError("the pickle is damaged: a key has no value")
        for key, value in zip(values[::2], values[1::2], strict=True):
            # To hash a tuple of tuples of tuples can overrun the C stack.
            if type(key) not in (str, int):
                raise ValueError(f"refused: {describe(key)} as a dict's key")
            if key in items:
                raise ValueError(f"refused: {key!r:.100} is given twice")
            items[key] = value

    def find(self, module, name):
        found = Global(module, name)
        if found not in FUNCTIONS and found not in STORAGES:
            raise ValueError(
                f"refused: the pickle asks for {found}, which no state dict "
                "needs; it was not run"
            )
        self.push(found)

    def find_from_stack(self):
        name, module = self.pop(str), self.pop(str)
        self.find(module, name)

    def call(self):
        arguments, function = self.pop(tuple), self.pop(Global)
        if function not in FUNCTIONS:
            raise ValueError(f"refused: the pickle calls {function}")
        self.push(FUNCTIONS[function](*arguments))

    def set_attributes(self):
        state, target = self.pop(), self.top()
        if type(target) is not collections.OrderedDict:
            raise ValueError(
                f"refused: the pickle sets attributes of {describe(target)}"
            )
        # What it holds, versions of modules, is of no use here.
        if type(state) is not dict or list(state) != ["_metadata"]:
            names = state if type(state) is dict else [describe(state)]
            raise ValueError(
                "refused: the pickle sets other attributes of an OrderedDict "
                f"than `_metadata`: {short(', '.join(map(str, names)))}"
            )


def _check_size(size: int, what: str) -> None:
    if size > MAX_BYTES:
        raise ValueError(f"refused: the pickle has a {what} of {size}")


_STEPS = {
    "PROTO": lambda machine, _: None,
    "FRAME": lambda machine, size: _check_size(size, "frame size"),
    "STOP": lambda machine, _: None,
    **dict.fromkeys(
        ("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT")
        + ("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
        _Machine.push,
    ),
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "MARK": lambda machine, _: machine.mark(),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.pop_to_mark())),
    "TUPLE1": lambda machine, _: machine.push_tuple(1),
    "TUPLE2": lambda machine, _: machine.push_tuple(2),
    "TUPLE3": lambda machine, _: machine.push_tuple(3),
    "APPEND": lambda machine, _: machine.extend([machine.pop()]),
    "APPENDS": lambda machine, _: machine.extend(machine.pop_to_mark()),
    "SETITEM": lambda machine, _: machine.set_items(
        [machine.pop(), machine.pop()][::-1]
    ),
    "SETITEMS": lambda machine, _: machine.set_items(machine.pop_to_mark()),
    "BINPUT": _Machine.memoize,
    "LONG_BINPUT": _Machine.memoize,
    "MEMOIZE": lambda machine, _: machine.memoize(),
    "BINGET": _Machine.recall,
    "LONG_BINGET": _Machine.recall,
    "GLOBAL": lambda machine, names: machine.find(*names.split(" ", 1)),
    "STACK_GLOBAL": lambda machine, _: machine.find_from_stack(),
    "REDUCE": lambda machine, _: machine.call(),
    "BUILD": lambda machine, _: machine.set_attributes(),
    "BINPERSID": lambda machine, _: machine.push(
        make_storage(machine.pop(tuple))
    ),
}
