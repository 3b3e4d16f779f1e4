"""Files as `torch.save` writes them, written without PyTorch."""

import collections
import io
import pathlib
import pickle
import struct
import sys
import types
import zipfile
from unittest import mock

import numpy as np

STORAGES = {
    "bfloat16": "BFloat16Storage",
    "bool": "BoolStorage",
    "float16": "HalfStorage",
    "float32": "FloatStorage",
    "float64": "DoubleStorage",
    "int16": "ShortStorage",
    "int32": "IntStorage",
    "int64": "LongStorage",
    "int8": "CharStorage",
    "uint8": "ByteStorage",
}


class Tensor:
    """A view of a flat array, pickled as torch pickles a tensor."""

    def __init__(self, values, shape=None, strides=None, offset=0):
        self.values = np.ascontiguousarray(values).reshape(np.shape(values))
        self.shape = self.values.shape if shape is None else tuple(shape)
        if strides is None:
            strides = np.array(self.values.strides) // self.values.itemsize
            strides = strides.tolist()
        self.strides = tuple(strides)
        self.offset = offset
        self.storage = Storage(self.values)

    def view(self, shape, strides, offset=0):
        """Returns another view of the same storage."""
        view = Tensor(self.values, shape, strides, offset)
        view.storage = self.storage
        return view

    def __reduce_ex__(self, protocol):
        arguments = (self.storage, self.offset, self.shape, self.strides)
        torch_utils = sys.modules["torch._utils"]
        return torch_utils._rebuild_tensor_v2, (
            *arguments,
            False,
            collections.OrderedDict(),
        )


class Parameter:
    """A tensor, pickled as torch pickles a parameter."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce_ex__(self, protocol):
        arguments = (self.tensor, True, collections.OrderedDict())
        return sys.modules["torch._utils"]._rebuild_parameter, arguments


class Storage:
    def __init__(self, values):
        self.kind = STORAGES[values.dtype.name]
        self.data = values.tobytes()
        self.size = values.size


def save(path, state, folder="archive", protocol=2):
    """Writes `state`, of arrays, `Tensor`s and what else, as a zip."""
    data, storages = pickle_state(state, protocol)
    return write_zip(path, data, [s.data for s in storages], folder)


def save_before_1_6(path, state):
    """Writes `state` in the layout of torch before 1.6."""
    data, storages = pickle_state(state, 2, more=(None,))
    sizes = {"short": 2, "int": 4, "long": 4}
    system = dict(protocol_version=1001, little_endian=True, type_sizes=sizes)
    heads = (0x1950A86A20F9469CFC6C, 1001, system)
    parts = [pickle.dumps(head, 2) for head in heads]
    # Keys are sorted as texts: 0, 1, 10, 2.
    order = sorted(range(len(storages)), key=str)
    parts += [data, pickle.dumps([str(i) for i in order], 2)]
    for storage in (storages[i] for i in order):
        parts += [struct.pack("<q", storage.size), storage.data]
    pathlib.Path(path).write_bytes(b"".join(parts))
    return path


def write_zip(path, data, storages=(), folder="archive", order=b"little"):
    """Writes the zip of a pickle and the bytes of storages."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{folder}/data.pkl", data)
        if order is not None:
            archive.writestr(f"{folder}/byteorder", order)
        for i, values in enumerate(storages):
            archive.writestr(f"{folder}/data/{i}", values)
        archive.writestr(f"{folder}/version", b"3\n")
    return path


def pickle_state(state, protocol=2, more=()):
    """Returns the pickle of a state and its storages, by place."""
    storages = []
    if isinstance(state, dict):
        state = state.copy()  # of the same class
        for name, value in state.items():
            if isinstance(value, np.ndarray):
                state[name] = Tensor(value)
    modules = _stand_ins()

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if not isinstance(value, Storage):
                return None
            if value not in storages:
                storages.append(value)
            kind = getattr(modules["torch"], value.kind)
            key = str(storages.index(value))
            return ("storage", kind, key, "cpu", value.size, *more)

    buffer = io.BytesIO()
    with mock.patch.dict(sys.modules, modules):
        Pickler(buffer, protocol).dump(state)
    return buffer.getvalue(), storages


def _stand_ins():
    """Modules with the names that a pickle is to hold."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    for name in STORAGES.values():
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    for name in ("_rebuild_tensor_v2", "_rebuild_parameter"):
        function = types.FunctionType((lambda: None).__code__, {}, name)
        function.__module__, function.__qualname__ = "torch._utils", name
        setattr(utils, name, function)
    return {"torch": torch, "torch._utils": utils}
