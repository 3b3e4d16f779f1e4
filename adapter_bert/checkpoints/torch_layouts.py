"""The two layouts of the files that `torch.save` writes.

Since torch 1.6 a zip: `<folder>/data.pkl` describes the tensors, and an entry
`<folder>/data/<key>` is a storage. Before, five pickles in a row, the fourth of
which describes the tensors, then the storages in the order of the fifth.
"""

import mmap
import re
import struct

from adapter_bert.checkpoints.torch_pickle import MAX_BYTES, unpickle
from adapter_bert.checkpoints.torch_values import (
    Storage,
    Tensor,
    describe,
    short,
)
from adapter_bert.checkpoints.torch_zip import SIGNATURE, find_entries

# The first two pickles before torch 1.6: a mark and the layout's version.
_MARK, _VERSION = 0x1950A86A20F9469CFC6C, 1001

_SIZE = struct.Struct("<q")  # goes before each storage, in values

_ADVICE = (
    "A state dict saved alone can be read: torch.save(model.state_dict(), path)"
)


def read_layout(data: mmap.mmap, path: str) -> dict[str, tuple[Tensor, int]]:
    """Returns the tensors of a file, each with the start of its storage.

    Args:
        data: The file.
        path: Its path.

    Returns:
        By name: the tensor, checked to lie inside its storage, and the byte
        at which the storage starts, checked to lie inside the file.

    Raises:
        ValueError: If the file is damaged, has neither layout or holds
            anything but tensors by name.
    """
    if data[: len(SIGNATURE)] == SIGNATURE:
        tensors, starts = _read_zip(data, path)
    elif data[:1] == b"\x80":
        tensors, starts = _read_pickles(data)
    else:
        raise ValueError(f"neither a zip nor a pickle; it begins {data[:20]!r}")
    for name, tensor in tensors.items():
        try:
            tensor.check(max_bytes=len(data))
        except ValueError as error:
            raise ValueError(f"{short(name)}: {error}") from error
    return {n: (t, starts[t.storage.key]) for n, t in tensors.items()}


def _read_zip(
    data: mmap.mmap, path: str
) -> tuple[dict[str, Tensor], dict[str, int]]:
    entries = find_entries(data, path)
    pickles = [n for n in entries if re.fullmatch(r"[^/]+/data\.pkl", n)]
    if len(pickles) != 1:
        raise ValueError(
            "the zip must have one entry <folder>/data.pkl. Received: "
            f"{short(', '.join(entries))}"
        )
    folder = pickles[0].removesuffix("/data.pkl")
    # Not there before torch 2.1.
    order = entries.get(f"{folder}/byteorder", range(0))
    order = data[order.start : order.stop][:20] or b"little"
    if order != b"little":
        raise ValueError(f"`byteorder` must be little. Received: {order!r}")
    entry = entries[pickles[0]]
    if len(entry) > MAX_BYTES:
        raise ValueError(
            f"refused: data.pkl of {len(entry)} bytes, more than {MAX_BYTES}"
        )
    tensors = _check_tensors(unpickle(data[entry.start : entry.stop])[0])
    starts = {}
    for key, storage in _storages(tensors).items():
        name = f"{folder}/data/{key}"
        if name not in entries:
            raise ValueError(f"the zip has no entry {short(name)}")
        if len(entries[name]) != storage.num_bytes:
            raise ValueError(
                f"refused: the zip's entry {short(name)} must have "
                f"{storage.num_bytes} bytes. Received: {len(entries[name])}"
            )
        starts[key] = entries[name].start
    return tensors, starts


def _read_pickles(
    data: mmap.mmap,
) -> tuple[dict[str, Tensor], dict[str, int]]:
    end = 0

    def read() -> object:
        nonlocal end
        value, size = unpickle(data[end : end + MAX_BYTES])
        end += size
        return value

    if (mark := read()) != _MARK:
        raise ValueError(
            f"a pickle, but none by torch.save: it holds {describe(mark)}"
        )
    if (version := read()) != _VERSION:
        raise ValueError(
            f"its second pickle must be {_VERSION}, not {describe(version)}"
        )
    system = read()
    if type(system) is not dict or system.get("little_endian") is not True:
        raise ValueError("its third pickle must say that it is little-endian")
    tensors = _check_tensors(read())
    return tensors, _find_storages(data, _storages(tensors), read(), end)


def _find_storages(
    data: mmap.mmap, storages: dict[str, Storage], keys: object, end: int
) -> dict[str, int]:
    if keys != sorted(storages):
        raise ValueError(
            "refused: its fifth pickle must list the storages of its tensors"
        )
    starts = {}
    for key in keys:
        start = end + _SIZE.size
        end = start + storages[key].num_bytes
        if end > len(data):
            raise ValueError(
                f"cut short: storage {short(key)} ends at byte {end}, the file "
                f"at {len(data)}"
            )
        (size,) = _SIZE.unpack(data[start - _SIZE.size : start])
        if size != storages[key].size:
            raise ValueError(
                f"refused: storage {short(key)} must have "
                f"{storages[key].size} values. Received: {size}"
            )
        starts[key] = start
    return starts


def _storages(tensors: dict[str, Tensor]) -> dict[str, Storage]:
    storages = {}
    for name, tensor in tensors.items():
        storage = tensor.storage
        if storages.setdefault(storage.key, storage) != storage:
            raise ValueError(
                f"refused: {short(name)} gives storage {short(storage.key)} "
                "another type or size than a tensor before"
            )
    return storages


def _check_tensors(state: object) -> dict[str, Tensor]:
    if not isinstance(state, dict):
        raise ValueError(
            f"it must hold tensors by name, not {describe(state)}. {_ADVICE}"
        )
    others = [
        f"{short(str(name))} ({describe(value)})"
        for name, value in state.items()
        if type(name) is not str or type(value) is not Tensor
    ]
    if others:
        raise ValueError(
            "it must hold tensors by name and nothing else. Received: "
            f"{', '.join(others[:4])}{', ...' if others[4:] else ''}. {_ADVICE}"
        )
    return state
