"""What a pickle may and may not do."""

import contextlib
import pickle
import tracemalloc

import pytest

from adapter_bert.checkpoints.torch_pickle import MAX_BYTES, unpickle
from adapter_bert.checkpoints.torch_values import Storage, Tensor

ORDERED = b"ccollections\nOrderedDict\n"
REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
FLOATS = b"ctorch\nFloatStorage\n"


def text(value):
    data = value.encode()
    return b"X" + len(data).to_bytes(4, "little") + data


def number(value):
    data = pickle.dumps(value, 2)
    return data[2:-1]


SIX = number(6)
NIL = number(0)


def storage(size=SIX, kind=FLOATS, key=b"X\1\0\0\x000", more=b""):
    """Returns steps that push a storage of floats, with parts replaced."""
    parts = text("storage") + kind + key + text("cpu") + size
    return b"(" + parts + more + b"tQ"


def tensor(offset=NIL, shape=SIX + b"\x85", strides=b"K\1\x85", more=b""):
    """Returns steps that push a tensor in it, with parts replaced."""
    place = storage() + offset + shape + strides
    return REBUILD + b"(" + place + b"\x89" + ORDERED + b")R" + more + b"tR"


def cases(table):
    return [pytest.param(*values, id=name) for name, values in table.items()]


def refused(data):
    with pytest.raises(ValueError, match="refused|damaged") as error:
        unpickle(data)
    return str(error.value)


# === What may be ===


def test_plain_values_of_every_protocol_are_read():
    values = {
        "a": [1, -2, 300, 70_000, 2**40, True, False, None, 0.5],
        "b": {"c": (), "d": (1,), "e": (1, 2), "f": (1, 2, 3), "g": (1,) * 4},
        5: ["x" * 300, [], {}],
    }
    for protocol in (2, 3, 4, 5):
        data = pickle.dumps(values, protocol)
        assert unpickle(data + b"more") == (values, len(data))


def test_a_tensor_is_read_as_where_it_lies():
    expected = Tensor(Storage("FloatStorage", "0", 6), 0, (6,), (1,))
    assert unpickle(tensor() + b".")[0] == expected
    parameter = b"ctorch._utils\n_rebuild_parameter\n(" + tensor()
    parameter += b"\x88" + ORDERED + b")RtR."
    assert unpickle(parameter)[0] == expected


def test_an_untyped_storage_is_one_of_bytes():
    kind = b"ctorch.storage\nUntypedStorage\n"
    value, _ = unpickle(storage(kind=kind) + b".")
    assert value.num_bytes == value.size == 6


def test_metadata_of_an_ordered_dict_is_left_out():
    data = b"\x80\x02" + ORDERED + b")R}" + text("_metadata") + b"}sb."
    value, _ = unpickle(data)
    assert value == {}
    assert not hasattr(value, "_metadata")


# === What may not: to run a command ===

SYSTEM = b"cposix\nsystem\n"

# From a command, a pickle that runs it, and the name to be refused.
RUNNING = {
    "REDUCE": (lambda c: SYSTEM + b"(" + text(c) + b"tR.", "'posix.system'"),
    "INST": (
        lambda c: b"(" + text(c) + b"iposix\nsystem\n.",
        "INST 'posix system'",
    ),
    "OBJ": (lambda c: b"(" + SYSTEM + text(c) + b"o.", "'posix.system'"),
    "STACK_GLOBAL": (
        lambda c: (
            text("posix") + text("system") + b"\x93" + text(c) + b"\x85R."
        ),
        "'posix.system'",
    ),
    "names from the memo": (
        lambda c: (
            text("system")
            + b"q\x00"
            + text("posix")
            + b"h\x00\x93"
            + text(c)
            + b"\x85R."
        ),
        "'posix.system'",
    ),
    "dotted name": (
        lambda c: b"\x80\x04cshutil\nos.system\n" + text(c) + b"\x85R.",
        "'shutil.os.system'",
    ),
    "dotted name by STACK_GLOBAL": (
        lambda c: (
            b"\x80\x04"
            + text("shutil")
            + text("os.system")
            + b"\x93"
            + text(c)
            + b"\x85R."
        ),
        "'shutil.os.system'",
    ),
    "eval": (
        lambda c: (
            b"cbuiltins\neval\n"
            + text(f"__import__('os').system({c!r})")
            + b"\x85R."
        ),
        "'builtins.eval'",
    ),
    "eval under its old name": (
        lambda c: (
            b"c__builtin__\neval\n"
            + text(f"__import__('os').system({c!r})")
            + b"\x85R."
        ),
        "'__builtin__.eval'",
    ),
    "getattr": (
        lambda c: (
            b"cbuiltins\ngetattr\n(cbuiltins\n__import__\n"
            + text("os")
            + b"\x85R"
            + text("system")
            + b"tR"
            + text(c)
            + b"\x85R."
        ),
        "'builtins.getattr'",
    ),
    "inside metadata": (
        lambda c: (
            ORDERED
            + b")R}"
            + text("_metadata")
            + SYSTEM
            + text(c)
            + b"\x85Rsb."
        ),
        "'posix.system'",
    ),
    "__setstate__": (
        lambda c: (
            b"ctypes\nSimpleNamespace\n)R}"
            + text("__setstate__")
            + SYSTEM
            + b"sb"
            + text(c)
            + b"b."
        ),
        "'types.SimpleNamespace'",
    ),
}


@pytest.mark.parametrize("name", RUNNING)
def test_a_command_is_refused_by_name_and_not_run(tmp_path, name):
    make, what = RUNNING[name]
    sentinel = tmp_path / "sentinel"
    data = make(f"touch {sentinel}")
    assert what in refused(data)
    assert not sentinel.exists()
    # Python's own reader runs it, so the above could have failed.
    with contextlib.suppress(Exception):
        pickle.loads(data)
    assert sentinel.exists()


def test_a_command_behind_tensors_is_refused_too(tmp_path):
    sentinel = tmp_path / "sentinel"
    data = b"\x80\x02}(" + text("a") + tensor() + text("b") + SYSTEM
    data += text(f"touch {sentinel}") + b"\x85Ru."
    assert "'posix.system'" in refused(data)
    assert not sentinel.exists()


# === What may not: other names and steps ===


@pytest.mark.parametrize(
    "name",
    [
        "torch.hub.load",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v3",
        "torch._utils._rebuild_parameter_with_state",
        "torch._tensor._rebuild_from_type_v2",
        "torch.storage._load_from_bytes",
        "torch.storage.TypedStorage",
        "torch.nn.modules.linear.Linear",
        "torch.ComplexFloatStorage",
        "torch.QInt8Storage",
        "torch.FloatTensor",
        "collections.Counter",
        "collections.defaultdict",
        "_codecs.encode",
        "numpy.core.multiarray._reconstruct",
        "argparse.Namespace",
        "os.path.join",
    ],
)
def test_other_names_are_refused(name):
    module, _, attribute = name.rpartition(".")
    data = f"c{module}\n{attribute}\n.".encode()
    assert f"asks for {name!r}" in refused(data)


@pytest.mark.parametrize(
    "name",
    [
        b"ctorch\n_utils._rebuild_tensor_v2\n",
        b"ctorch.FloatStorage\n\n",
        b"c\ntorch.FloatStorage\n",
        b"ctorch\nFloatStorage \n",
        b"ctorch._utils\n_rebuild_tensor_v2.__globals__\n",
        b"ccollections\nOrderedDict.fromkeys\n",
    ],
)
def test_names_that_look_alike_are_refused(name):
    assert "asks for" in refused(name + b".")


@pytest.mark.parametrize(
    ("data", "message"),
    cases(
        {
            "NEWOBJ": (ORDERED + b")\x81.", "step NEWOBJ"),
            "NEWOBJ_EX": (ORDERED + b")}\x92.", "step NEWOBJ_EX"),
            "PERSID": (b"Pname\n.", "step PERSID 'name'"),
            "EXT1": (b"\x82\x01.", "step EXT1"),
            "bytes": (b"C\x01a.", "step SHORT_BINBYTES"),
            "bytearray": (b"\x96" + b"\0" * 8 + b".", "step BYTEARRAY8"),
            "buffer": (b"\x97.", "step NEXT_BUFFER"),
            "set": (b"\x8f.", "step EMPTY_SET"),
            "long text": (b"I1\n.", "step INT"),
            "copies": (b"]2.", "step DUP"),
            "a class as a function": (
                FLOATS + b")R.",
                "calls 'torch.FloatStorage'",
            ),
            "a text as a function": (text("f") + b")R.", "uses 'f' as Global"),
            "no arguments": (ORDERED + b"]R.", "type list as tuple"),
            "arguments": (
                ORDERED + b"]\x85R.",
                "OrderedDict made from arguments",
            ),
            "append to a dict": (b"}" + number(1) + b"a.", "type dict as list"),
            "item of a list": (
                b"]" + number(1) * 2 + b"s.",
                "type list as dict",
            ),
            "item of a class": (
                ORDERED + number(1) * 2 + b"s.",
                "OrderedDict' as",
            ),
            "tuple as key": (
                b"})" + number(1) + b"s.",
                "type tuple as a dict's key",
            ),
            "list as key": (
                b"}]" + number(1) + b"s.",
                "type list as a dict's key",
            ),
            "twice": (
                b"}(" + (text("a") + number(1)) * 2 + b"u.",
                "'a' is given twice",
            ),
            "number as name": (number(1) * 2 + b"\x93.", "type int as str"),
        }
    ),
)
def test_other_steps_are_refused(data, message):
    assert message in refused(data)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (ORDERED, "attributes of 'collections.OrderedDict'"),
        (REBUILD, "attributes of 'torch._utils._rebuild_tensor_v2'"),
        (FLOATS, "attributes of 'torch.FloatStorage'"),
        (b"}", "attributes of a value of type dict"),
        (b"]", "attributes of a value of type list"),
        (storage(), "attributes of a value of type Storage"),
        (tensor(), "attributes of a value of type Tensor"),
    ],
)
def test_attributes_of_anything_else_are_refused(target, message):
    assert message in refused(target + b"}" + text("_metadata") + b"}sb.")


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (b"}", "`_metadata`: ''"),
        (b"}" + text("__class__") + b"}s", "'__class__'"),
        (
            b"}(" + text("_metadata") + b"}" + text("__reduce__") + b"}u",
            "'_metadata, __reduce__'",
        ),
        (b"N}" + text("_metadata") + b"}s\x86", "a value of type tuple"),
        (b"]", "a value of type list"),
    ],
)
def test_other_attributes_of_an_ordered_dict_are_refused(attributes, message):
    assert message in refused(ORDERED + b")R" + attributes + b"b.")


# === Storages and tensors ===


@pytest.mark.parametrize(
    ("value", "message"),
    cases(
        {
            "no tuple": (text("0") + b"Q", "'0' as tuple"),
            "empty": (b")Q", "persistent id that is no storage's"),
            "module": (b"(" + text("module") + b"NNNtQ", "no storage's"),
            "key": (storage(key=number(0)), "no storage's"),
            "size of text": (storage(text("6")), "no storage's"),
            "negative size": (storage(number(-1)), "no storage's"),
            "true as size": (storage(b"\x88"), "no storage's"),
            "huge size": (storage(number(2**63)), "no storage's"),
            "function": (
                storage(kind=ORDERED),
                "OrderedDict' as a storage class",
            ),
            "list": (storage(kind=b"]"), "type list as a storage class"),
            "view": (storage(more=b")"), "'0' is a view of another"),
            "seven parts": (storage(more=b"NN"), "'0' is a view of another"),
        }
    ),
)
def test_a_malformed_storage_is_refused(value, message):
    assert message in refused(value + b".")


@pytest.mark.parametrize(
    ("value", "message"),
    cases(
        {
            "few arguments": (REBUILD + b")R", "a tensor of 0 arguments"),
            "many": (tensor(more=b"NN"), "a tensor of 8 arguments"),
            "negated": (tensor(more=b"}" + text("neg") + b"\x88s"), "metadata"),
            "offset": (tensor(offset=number(-1)), "must be whole numbers"),
            "offset of text": (
                tensor(offset=text("0")),
                "must be whole numbers",
            ),
            "shape": (tensor(shape=number((-6,))), "must be whole numbers"),
            "true in shape": (tensor(shape=number((True,))), "whole numbers"),
            "list": (tensor(shape=number([6])), "must be whole numbers"),
            "strides": (tensor(strides=number((-1,))), "must be whole numbers"),
            "huge": (tensor(strides=number((2**64,))), "must be whole numbers"),
            "axes": (
                tensor(shape=number((1,) * 33), strides=number((1,) * 33)),
                "must be whole numbers",
            ),
            "too few strides": (tensor(strides=b")"), "0 strides for 1 axes"),
            "in no storage": (
                REBUILD + b"(" + text("0") + number(0) + b")))Nt" + b"R",
                "a tensor in '0'",
            ),
        }
    ),
)
def test_a_malformed_tensor_is_refused(value, message):
    assert message in refused(value + b".")


def test_a_parameter_of_no_tensor_is_refused():
    data = b"ctorch._utils\n_rebuild_parameter\n"
    assert "a parameter" in refused(data + number(("a", True, None)) + b"R.")


# === Damage and bombs ===


def test_a_pickle_cut_short_anywhere_is_refused():
    data = b"\x80\x02" + ORDERED + b")R(" + text("a") + tensor() + b"u."
    assert unpickle(data)
    for end in range(len(data)):
        assert "damaged" in refused(data[:end])


@pytest.mark.parametrize(
    "data",
    [
        *(b".", b"(.", b"u.", b"t.", b"s.", b"\x87.", b"q\x00.", b"h\x00."),
        *(
            b"j\xff\xff\xff\xff.",
            b"}(" + number(1) + b"u.",
            b"R.",
            b"b.",
            b"Q.",
        ),
        *(number(1) + b"(\x85.", b"\xff", b"version https://git-lfs"),
    ],
)
def test_a_damaged_pickle_is_refused(data):
    assert "the pickle is damaged" in refused(data)


@pytest.mark.parametrize(
    ("data", "message"),
    cases(
        {
            "BINBYTES8": (b"\x8e" + (2**40).to_bytes(8, "little"), "damaged"),
            "BINUNICODE8": (b"\x8d" + (2**62).to_bytes(8, "little"), "damaged"),
            "BINUNICODE": (b"X\xff\xff\xff\xff", "damaged"),
            "BYTEARRAY8": (b"\x96" + (2**40).to_bytes(8, "little"), "damaged"),
            "LONG4": (b"\x8b\xff\xff\xff\x7f", "damaged"),
            "LONG": (b"L" + b"9" * 10_000 + b"L\n.", "damaged"),
            "FRAME": (
                b"\x95" + (2**40).to_bytes(8, "little") + b"N.",
                "frame size",
            ),
            "memo": (b"Nr\xff\xff\xff\xff.", "memo number of 4294967295"),
            "size": (b"N" * (MAX_BYTES + 1) + b".", f"over {MAX_BYTES} bytes"),
            "name": (b"c" + b"a" * 10**5 + b"\nb\n.", "asks for 'aaa"),
        }
    ),
)
def test_a_bomb_is_refused_at_little_cost(data, message):
    tracemalloc.start()
    try:
        error = refused(data + b"x")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message in error
    assert len(error) < 400
    assert peak < 120 * max(len(data), 2**14)


# So deep that Python itself, asked for the hash, ends in a crash.
DEEP = b")" + b"\x85" * 250_000


@pytest.mark.parametrize(
    ("data", "message"),
    cases(
        {
            "key": (b"}" + DEEP + b"Ns.", "type tuple as a dict's key"),
            "storage class": (storage(kind=DEEP) + b".", "as a storage class"),
            "attributes": (ORDERED + b")R" + DEEP + b"b.", "type tuple"),
            "list in itself": (b"]q\x00h\x00a)R.", "type list as Global"),
        }
    ),
)
def test_deep_nesting_overruns_no_stack(data, message):
    assert message in refused(data)
