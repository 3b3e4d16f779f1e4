"""What the pickle of a state dict may name, and what that stands for here."""

import collections
import dataclasses

import numpy as np

BFLOAT16 = "BFloat16Storage"

# By the name of the storage class. NumPy has no bfloat16; these are its bits.
DTYPES = {
    BFLOAT16: np.dtype("<u2"),
    "BoolStorage": np.dtype("?"),
    "ByteStorage": np.dtype("u1"),
    "CharStorage": np.dtype("i1"),
    "DoubleStorage": np.dtype("<f8"),
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "IntStorage": np.dtype("<i4"),
    "LongStorage": np.dtype("<i8"),
    "ShortStorage": np.dtype("<i2"),
    "UntypedStorage": np.dtype("u1"),
}


@dataclasses.dataclass(frozen=True)
class Global:
    """The name of a class or function, which stands for it."""

    module: str
    name: str

    def __str__(self) -> str:
        return short(f"{self.module}.{self.name}")


@dataclasses.dataclass(frozen=True)
class Storage:
    """Values elsewhere in the file, in which tensors lie.

    Attributes:
        kind: Name of the storage class, a key of `DTYPES`.
        key: What the file calls it.
        size: Number of values.
    """

    kind: str
    key: str
    size: int

    @property
    def dtype(self) -> np.dtype:
        """Type of its values; `uint16` stands for bfloat16."""
        return DTYPES[self.kind]

    @property
    def num_bytes(self) -> int:
        """Size in bytes."""
        return self.size * self.dtype.itemsize


@dataclasses.dataclass(frozen=True)
class Tensor:
    """Where a tensor lies in its storage; all in values, all at least 0.

    Attributes:
        storage: The storage.
        offset: Place of the first value.
        shape: Size of each axis.
        strides: Step of each axis.
    """

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def check(self, max_bytes: int) -> None:
        """Raises ValueError unless it lies inside its storage.

        Args:
            max_bytes: The most it may take. With a stride of 0, a small
                storage could hold a tensor of any size.
        """
        size, last, taken = 1, self.offset, self.storage.dtype.itemsize
        for length, stride in zip(self.shape, self.strides, strict=True):
            size *= length
            last += max(length - 1, 0) * stride
            taken *= max(length, 1)
        # An empty tensor may start where its storage ends.
        if (last if size else self.offset - 1) >= self.storage.size:
            raise ValueError(
                f"refused: it reaches past its storage of {self.storage.size} "
                f"values: offset {self.offset}, shape {self.shape}, strides "
                f"{self.strides}"
            )
        if taken > max_bytes:
            raise ValueError(
                f"refused: shape {self.shape} would take {taken} bytes, more "
                "than the whole file"
            )


def make_storage(identity: tuple) -> Storage:
    """Returns the storage that a persistent id of `torch.save` describes."""
    # A sixth part is in files from before torch 1.6.
    tag, kind, key, location, size, view = (*identity, *[None] * 6)[:6]
    texts = all(type(text) is str for text in (tag, key, location))
    if not texts or tag != "storage" or not _is_count(size):
        raise ValueError("refused: a persistent id that is no storage's")
    if type(kind) is not Global or kind not in STORAGES:
        raise ValueError(f"refused: {describe(kind)} as a storage class")
    if view is not None or len(identity) > 6:
        raise ValueError(f"refused: storage {short(key)} is a view of another")
    return Storage(kind.name, key, size)


def describe(value: object) -> str:
    """Returns a value's name or type, short whatever it holds."""
    if isinstance(value, Global):
        return str(value)
    if isinstance(value, str):
        return short(value)
    return f"a value of type {type(value).__name__}"


def short(text: str) -> str:
    """Returns foreign text in quotes, cut, without control characters."""
    return repr(text if len(text) <= 100 else f"{text[:100]}...")


def _make_ordered_dict(*arguments) -> collections.OrderedDict:
    if arguments:
        raise ValueError("refused: an OrderedDict made from arguments")
    return collections.OrderedDict()


def _rebuild_tensor(*arguments) -> Tensor:
    if len(arguments) not in (6, 7):
        raise ValueError(f"refused: a tensor of {len(arguments)} arguments")
    storage, offset, shape, strides = arguments[:4]
    if type(storage) is not Storage:
        raise ValueError(f"refused: a tensor in {describe(storage)}")
    if not (_is_count(offset) and _are_counts(shape) and _are_counts(strides)):
        raise ValueError(
            "refused: a tensor's offset, shape and strides must be whole "
            "numbers from 0 to 2**63"
        )
    if len(shape) != len(strides):
        raise ValueError(
            f"refused: {len(strides)} strides for {len(shape)} axes"
        )
    # Such as: to be negated when it is read.
    if len(arguments) == 7 and arguments[6]:
        raise ValueError("refused: a tensor with metadata of its own")
    return Tensor(storage, offset, shape, strides)


def _rebuild_parameter(*arguments) -> Tensor:
    if len(arguments) != 3 or type(arguments[0]) is not Tensor:
        raise ValueError("refused: a parameter that is not made of a tensor")
    return arguments[0]


def _is_count(value: object) -> bool:
    # Sizes are 64 bits wide where they are written.
    return type(value) is int and 0 <= value < 2**63


def _are_counts(values: object) -> bool:
    # NumPy 1 takes up to 32 axes.
    return (
        type(values) is tuple
        and len(values) <= 32
        and all(map(_is_count, values))
    )


FUNCTIONS = {
    Global("collections", "OrderedDict"): _make_ordered_dict,
    Global("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    Global("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
}
# `torch.UntypedStorage` is written with the module that defines it.
STORAGES = {
    Global("torch.storage" if kind == "UntypedStorage" else "torch", kind)
    for kind in DTYPES
}
