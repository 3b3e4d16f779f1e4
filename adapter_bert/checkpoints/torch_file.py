"""Tensors of the files that `torch.save` writes, read without PyTorch."""

import dataclasses
import mmap
import pathlib
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from adapter_bert.checkpoints.torch_layouts import read_layout
from adapter_bert.checkpoints.torch_values import BFLOAT16, Tensor, short


class TorchTensors(Mapping[str, np.ndarray]):
    """Tensors of one or more files by name, each copied when asked for.

    The files themselves are mapped into memory. Nothing in them is run. An
    array has the type that was stored, but float32 for bfloat16.

    Args:
        paths: Files of state dicts, of any version of torch.

    Raises:
        ValueError: If a file is damaged, or holds or asks for anything but
            tensors by name.
    """

    def __init__(self, paths: Iterable[pathlib.Path]):
        self._places = {}
        for path in paths:
            places = _open(path)
            if twice := sorted(places.keys() & self._places.keys()):
                raise ValueError(
                    f"{path}: {short(twice[0])} is in a file before it too."
                )
            self._places.update(places)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._places[name].read()

    # Without this, `Mapping` would read the tensor to answer.
    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def shape(self, name: str) -> tuple[int, ...]:
        """Returns the shape of a tensor without reading it."""
        return self._places[name].tensor.shape


@dataclasses.dataclass(frozen=True)
class _Place:
    """A tensor, its file, and the byte at which its storage starts there."""

    tensor: Tensor
    data: mmap.mmap
    start: int

    def read(self) -> np.ndarray:
        shape, dtype = self.tensor.shape, self.tensor.storage.dtype
        array = np.empty(shape, dtype)
        if array.size:
            # An axis of size 1 may have any stride, even one past the file.
            strides = [
                stride * dtype.itemsize if size > 1 else 0
                for size, stride in zip(shape, self.tensor.strides, strict=True)
            ]
            first = self.start + self.tensor.offset * dtype.itemsize
            # Copied: TensorFlow trains in place on memory that it is given.
            array[...] = np.ndarray(shape, dtype, self.data, first, strides)
        if self.tensor.storage.kind == BFLOAT16:
            return (array.astype(np.uint32) << 16).view(np.float32)
        return array


def _open(path: pathlib.Path) -> dict[str, _Place]:
    with open(path, "rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            layout = read_layout(data, str(path))
        # An empty file cannot be mapped, which is a ValueError too.
        except ValueError as error:
            raise ValueError(
                f"{path}: no tensors that can be read safely: {error}"
            ) from error
    return {name: _Place(t, data, start) for name, (t, start) in layout.items()}
