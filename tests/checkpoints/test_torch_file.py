"""Tensors in files as `torch.save` writes them."""

import collections
import random
import re
import tracemalloc
import zipfile

import ml_dtypes  # noqa: F401  NumPy then knows bfloat16 by name
import numpy as np
import pytest
from safetensors.numpy import load_file

from adapter_bert.checkpoints.torch_file import TorchTensors
from adapter_bert.checkpoints.torch_pickle import MAX_BYTES
from tests.checkpoints import torch_files

TWINS = {
    "huggingface_bert/pytorch_model": "huggingface_bert/model",
    **{
        f"adapterhub_{name}_bin/pytorch_adapter": f"adapterhub_{name}/adapter"
        for name in ("houlsby", "houlsby_gelu_leave_out", "parallel")
    },
    "adapterhub_pfeiffer_bin/pytorch_adapter": "adapterhub_pfeiffer/adapter",
    "adapterhub_houlsby_bin/pytorch_model_head": (
        "adapterhub_houlsby/model_head"
    ),
}
VALUES = np.arange(12, dtype=np.float32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "pytorch_model.bin"


@pytest.fixture
def read(path):
    """Reads every tensor of the one file."""
    return lambda: dict(TorchTensors([path]))


@pytest.fixture
def refused(path):
    """Returns why the one file is refused."""

    def refused():
        with pytest.raises(ValueError, match="no tensors that can be") as error:
            TorchTensors([path])
        assert str(error.value).startswith(f"{path}: ")
        return str(error.value)

    return refused


@pytest.fixture(params=["save", "save_before_1_6"])
def save(request, path):
    """Writes a state dict in each of the two layouts."""
    return lambda state: getattr(torch_files, request.param)(path, state)


# === Real files ===


@pytest.mark.parametrize("name", TWINS)
def test_real_files_hold_what_their_safetensors_hold(shared, name):
    tensors = TorchTensors([shared / "golden" / f"{name}.bin"])
    expected = load_file(shared / "golden" / f"{TWINS[name]}.safetensors")
    assert set(tensors) == set(expected)
    assert len(tensors) == len(expected)
    for key, array in expected.items():
        assert tensors.shape(key) == array.shape
        np.testing.assert_array_equal(tensors[key], array, strict=True)


def test_the_files_of_these_tests_are_like_real_ones(shared):
    path = shared / "golden/adapterhub_houlsby_bin/pytorch_adapter.bin"
    data, _ = torch_files.pickle_state(dict(TorchTensors([path])))
    with zipfile.ZipFile(path) as archive:
        assert data == archive.read("pytorch_adapter/data.pkl")


# === What is read ===


@pytest.mark.parametrize("dtype", sorted(torch_files.STORAGES))
def test_every_type_is_read(save, read, dtype):
    array = np.array([[0, 1, 2.5], [100, 3, 0.1]]).astype(dtype)
    save({"matrix": array, "scalar": np.array(array[1, 2])})
    tensors = read()
    expected = array.astype("float32" if dtype == "bfloat16" else dtype)
    np.testing.assert_array_equal(tensors["matrix"], expected, strict=True)
    assert tensors["scalar"] == expected[1, 2]
    assert tensors["scalar"].shape == ()


# Of 0 to 11: shape, strides, offset.
VIEWS = {
    "transposed": ((4, 3), (1, 4), 0),
    "inside": ((2, 2), (4, 1), 5),
    "every second": ((6,), (2,), 0),
    "last": ((), (), 11),
    "overlapping": ((10, 3), (1, 1), 0),
    "repeated": ((2, 3), (0, 1), 9),
    "one row": ((1, 3), (10**18, 1), 2),
    "empty": ((0, 5), (5, 1), 12),
}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int8"])
def test_views_are_read_as_they_lie(save, path, dtype):
    whole = torch_files.Tensor(VALUES.astype(dtype))
    save({name: whole.view(*view) for name, view in VIEWS.items()})
    tensors = TorchTensors([path])
    assert list(tensors) == list(VIEWS)
    for name, (shape, strides, offset) in VIEWS.items():
        array = tensors[name]
        assert array.shape == tensors.shape(name) == shape
        for place in np.ndindex(shape):
            assert array[place] == offset + np.dot(place, strides)


def test_parameters_and_ordered_dicts_with_metadata_are_read(save, read):
    state = collections.OrderedDict()
    state["a"] = torch_files.Parameter(torch_files.Tensor(VALUES))
    state._metadata = collections.OrderedDict({"": {"version": 1}})
    save(state)
    np.testing.assert_array_equal(read()["a"], VALUES)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("folder", ["archive", "pytorch_model", "a b.c"])
def test_protocols_and_folders_vary(path, read, protocol, folder):
    torch_files.save(path, {"a": VALUES}, folder, protocol)
    np.testing.assert_array_equal(read()["a"], VALUES)


def test_more_than_ten_storages_are_not_mixed_up(save, read):
    arrays = {f"layer.{i}": VALUES[: i + 1] * i for i in range(12)}
    save(arrays)
    tensors = read()
    for name, array in arrays.items():
        np.testing.assert_array_equal(tensors[name], array)


def test_files_before_torch_2_1_tell_no_byte_order(path, read):
    data, (storage,) = torch_files.pickle_state({"a": VALUES})
    torch_files.write_zip(path, data, [storage.data], order=None)
    np.testing.assert_array_equal(read()["a"], VALUES)


def test_nothing_is_read_before_it_is_asked_for(save, path):
    size = 2**20
    save({"a": np.ones(size, "float32"), "b": np.ones(size, "float32")})
    tracemalloc.start()
    try:
        tensors = TorchTensors([path])
        assert "a" in tensors
        assert "c" not in tensors
        assert tensors.shape("a") == (size,)
        assert tracemalloc.get_traced_memory()[1] < 1.5 * MAX_BYTES
        # Outside an assertion, which would keep the arrays.
        sums = [float(tensors[name].sum()) for name in "ab"]
        assert sums == [size, size]
        # One of them at a time, of 4 bytes a value.
        assert tracemalloc.get_traced_memory()[1] < 5 * size
    finally:
        tracemalloc.stop()


def test_arrays_are_copies(save, path):
    save({"a": VALUES})
    tensors = TorchTensors([path])
    tensors["a"][:] = 7
    np.testing.assert_array_equal(tensors["a"], VALUES)


def test_several_files_read_as_one(tmp_path):
    paths = [
        torch_files.save(tmp_path / f"{name}.bin", {name: VALUES * factor})
        for factor, name in enumerate("abc")
    ]
    tensors = TorchTensors(paths)
    assert list(tensors) == ["a", "b", "c"]
    np.testing.assert_array_equal(tensors["c"], VALUES * 2)
    with pytest.raises(ValueError, match="a.bin: 'a' is in a file before it"):
        TorchTensors([*paths, paths[0]])


# === What is refused: other contents ===

NESTED = {"a": torch_files.Tensor(VALUES)}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"state_dict": NESTED, "epoch": 3}, "'state_dict' (a value of type d"),
        ({"epoch": 3, "state_dict": NESTED}, "'epoch' (a value of type int)"),
        ({"model": collections.OrderedDict(NESTED)}, "'model' (a value of ty"),
        ({1: torch_files.Tensor(VALUES)}, "'1' (a value of type Tensor)"),
        ({str(i): None for i in range(6)}, "type NoneType), .... A state dict"),
        (torch_files.Tensor(VALUES), "not a value of type Tensor"),
        ([1], "not a value of type list"),
    ],
)
def test_anything_but_tensors_by_name_is_refused(save, refused, state, message):
    save(state)
    assert message in refused()
    assert "torch.save(model.state_dict(), path)" in refused()


@pytest.mark.parametrize(
    "view",
    [
        ((13,), (1,), 0),
        ((12,), (1,), 1),
        ((4, 3), (4, 1), 0),
        ((2,), (2**62,), 0),
        ((2**62,), (1,), 0),
        ((), (), 12),
        ((), (), 2**62),
        ((0,), (1,), 13),
        ((2**40,), (0,), 0),
        ((0, 2**62), (1, 1), 0),
        ((2**21,) * 3, (0, 0, 0), 0),
        ((2**62,) * 32, (0,) * 32, 0),
    ],
)
def test_a_tensor_outside_its_storage_is_refused(save, refused, view):
    save({"fine": VALUES, "wrong": torch_files.Tensor(VALUES, *view)})
    assert re.search(
        r"'wrong': refused: (it reaches past its storage of 12 values"
        r"|shape .* would take \d+ bytes, more than the whole file)",
        refused(),
    )


def test_one_storage_as_two_types_is_refused(path, refused):
    state = {"a": VALUES, "b": VALUES[:6].astype(np.int64)}
    data, storages = torch_files.pickle_state(state)
    again = data.replace(b"X\1\0\0\x001", b"X\1\0\0\x000")
    assert again != data
    torch_files.write_zip(path, again, [s.data for s in storages])
    assert "'b' gives storage '0' another type or size" in refused()


def test_a_name_given_twice_is_refused(path, refused):
    data, storages = torch_files.pickle_state({"one": VALUES, "two": VALUES})
    data = data.replace(b"two", b"one")
    torch_files.write_zip(path, data, [s.data for s in storages])
    assert "'one' is given twice" in refused()


# === What is refused: damaged files ===


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cannot mmap an empty file"),
        (b"version https://git-lfs.github.com/spec/v1", "neither a zip nor a"),
        (b"PK\3\4", "the zip is damaged or cut short"),
        (b"PK\5\6" + b"\0" * 18, "neither a zip nor a pickle"),
        (b"\x80\2}.", "none by torch.save: it holds a value of type dict"),
        (b"\x80\2cjoblib\nload\n.", "'joblib.load'"),
    ],
)
def test_other_files_are_refused(path, refused, data, message):
    path.write_bytes(data)
    assert message in refused()


def test_a_file_cut_short_anywhere_is_refused(save, path, refused):
    save({"a": VALUES, "b": VALUES * 2})
    data = path.read_bytes()
    for end in range(0, len(data), 3):
        path.write_bytes(data[:end])
        assert str(path) in refused()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_damaged_file_is_read_or_refused(save, path):
    save({"a": VALUES, "b": VALUES.astype("float16").reshape(3, 4)})
    data = path.read_bytes()
    outcomes = collections.Counter()
    rng = random.Random(0)
    for _ in range(300):
        damaged = bytearray(data)
        for place in rng.choices(range(len(data)), k=rng.randint(1, 3)):
            damaged[place] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            dict(TorchTensors([path]))
        except ValueError:
            outcomes["refused"] += 1
        else:
            outcomes["read"] += 1
    assert min(outcomes["read"], outcomes["refused"]) > 30


def rewrite(path, edit, compression=zipfile.ZIP_STORED):
    """Writes the entries of a zip again, changed."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in edit(entries):
            archive.writestr(name, data)


def other(**changes):
    """Replaces entries of the one folder, or drops those that are None."""

    def edit(entries):
        entries |= {
            f"archive/{name.replace('_', '/')}": data
            for name, data in changes.items()
        }
        return [(n, data) for n, data in entries.items() if data is not None]

    return edit


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            other(byteorder=b"big"),
            "`byteorder` must be little. Received: b'big",
        ),
        (other(data_0=None), "the zip has no entry 'archive/data/0'"),
        (other(data_0=b"x" * 47), "'archive/data/0' must have 48 bytes. Rec"),
        (other(data_0=b"x" * 49), "must have 48 bytes. Received: 49"),
        (
            lambda entries: [("data.pkl", entries["archive/data.pkl"])],
            "one entry <folder>/data.pkl. Received: 'data.pkl'",
        ),
        (
            lambda entries: [*entries.items(), ("b/data.pkl", b"")],
            "one entry <folder>/data.pkl",
        ),
        (
            lambda entries: [
                *entries.items(),
                ("archive/data.pkl", b"N" * (MAX_BYTES + 1)),
            ][1:],
            f"data.pkl of {MAX_BYTES + 1} bytes, more than {MAX_BYTES}",
        ),
    ],
)
def test_a_zip_with_other_entries_is_refused(path, refused, edit, message):
    torch_files.save(path, {"a": VALUES})
    rewrite(path, edit)
    assert message in refused()


def test_an_entry_that_is_there_twice_is_refused(path, refused):
    torch_files.save(path, {"a": VALUES})
    with pytest.warns(UserWarning, match="Duplicate name"):
        rewrite(path, lambda entries: [*entries.items()] * 2)
    assert "the zip has two entries 'archive/data.pkl'" in refused()


def test_a_compressed_entry_is_refused(path, refused):
    torch_files.save(path, {"a": np.zeros(10**6, "float32")})
    rewrite(path, dict.items, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 10_000
    assert "entry 'archive/data.pkl' is compressed or encr" in refused()


# Fields of the list of entries at a zip's end, by their place in one.
@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (8, b"\1\0", "is compressed or encrypted"),
        (24, b"\xff\xff\xff\x7f", "of 2147483647 bytes does not lie inside"),
        (42, b"\xff\xff\xff\x7f", "does not lie inside the file"),
        (42, b"\1\0\0\0", "does not lie inside the file"),
    ],
)
def test_what_a_zip_says_of_its_entries_is_checked(
    path, refused, place, value, message
):
    torch_files.save(path, {"a": VALUES})
    data = path.read_bytes()
    start = data.index(b"PK\1\2") + place
    path.write_bytes(data[:start] + value + data[start + len(value) :])
    assert message in refused()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"\x8a\nl\xfc", b"\x8a\nl\xfd", "none by torch.save"),
        (b"M\xe9\x03.", b"M\xea\x03.", "its second pickle must be 1001"),
        (b"endianq\x02\x88", b"endianq\x02\x89", "must say that it is little"),
        (b"]q\x00X\1\0\0\x000q\x01a", b"]q\x00X\1\0\0\x001q\x01a", "fifth"),
        (b"]q\x00X\1\0\0\x000q\x01a", b"]q\x00", "must list the storages"),
        (b"\x0c" + b"\0" * 7, b"\x0b" + b"\0" * 7, "12 values. Received: 11"),
        (b"\x0c" + b"\0" * 7, b"\xff" * 8, "12 values. Received: -1"),
    ],
)
def test_what_goes_around_old_pickles_is_checked(
    path, refused, old, new, message
):
    torch_files.save_before_1_6(path, {"a": VALUES})
    data = path.read_bytes()
    assert data.count(old) == 1
    path.write_bytes(data.replace(old, new))
    assert message in refused()
