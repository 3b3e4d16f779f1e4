"""Token rows on disk: there the second time, and never in the way."""

import concurrent.futures
import contextlib
import errno
import logging
import os
import pathlib
import random
import stat
import threading

import numpy as np
import pytest
import safetensors.numpy

from adapter_bert import files
from adapter_bert.data import token_cache
from adapter_bert.data.token_cache import cached_rows
from adapter_bert.data.token_rows import TokenRows

TEXTS = ["one", "two", "three", "four"]


class Tokenizer:
    vocab = ("a", "b")

    def __init__(self, **config):
        self.config = config

    def get_config(self):
        return self.config


class Encode:
    """Counts its calls, and makes as many rows as there are texts."""

    def __init__(self):
        self.calls = 0

    def __call__(self, tokenizer, first, second, max_seq_length):
        self.calls += 1
        lengths = [len(text) for text in first]
        ids = np.arange(sum(lengths), dtype=np.int32)
        return TokenRows(
            input_ids=ids,
            segment_ids=(ids % 2).astype(np.int8),
            row_splits=np.cumsum([0, *lengths]),
            max_seq_length=max_seq_length,
            num_truncated=3,
        )


@pytest.fixture
def encode():
    return Encode()


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, logger="absl")
    return caplog


def rows_of(encode, texts=TEXTS, **config):
    return cached_rows(encode, Tokenizer(**config), texts, None, 8)


def check_equal(rows, expected):
    for name in ("input_ids", "segment_ids", "row_splits"):
        found, wanted = getattr(rows, name), getattr(expected, name)
        np.testing.assert_array_equal(found, wanted)
        assert found.dtype == wanted.dtype
    assert rows.max_seq_length == expected.max_seq_length
    assert rows.num_truncated == expected.num_truncated


def the_file(folder) -> pathlib.Path:
    (path,) = folder.iterdir()
    return path


def test_the_second_time_they_come_from_disk(token_folder, encode, log):
    made = rows_of(encode)
    path = the_file(token_folder)
    assert f"Token ids of 4 rows are kept in {path}" in log.text
    log.clear()
    check_equal(rows_of(encode), made)
    assert encode.calls == 1
    assert log.messages == [f"Token ids of 4 rows come from {path}"]


def test_other_texts_or_tokenizers_have_files_of_their_own(
    token_folder, encode
):
    rows_of(encode)
    assert len(rows_of(encode, TEXTS[:3])) == 3
    rows_of(encode, a=1)
    assert encode.calls == 3
    assert len(list(token_folder.iterdir())) == 3


def test_only_their_owner_reads_them(token_folder, encode):
    rows_of(encode)
    assert stat.S_IMODE(token_folder.stat().st_mode) == 0o700


def test_few_rows_are_not_kept(token_folder, encode, monkeypatch):
    monkeypatch.setattr(token_cache, "_MIN_ROWS", 5)
    for _ in range(2):
        rows_of(encode)
    assert encode.calls == 2
    assert not token_folder.exists()


def test_a_dictionary_of_the_user_s_own_may_change(token_folder, encode):
    rows_of(encode, mecab_option="-u mushrooms.dic")
    assert not token_folder.exists()
    rows_of(encode, mecab_option="")
    assert the_file(token_folder)


@pytest.mark.parametrize("value", ["off", "OFF", "", " "])
def test_off(tmp_path, monkeypatch, encode, token_folder, value):
    monkeypatch.setenv("ADAPTER_BERT_CACHE", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        rows_of(encode)
    assert encode.calls == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({}, "home/.cache/adapter_bert/tokens"),
        ({"XDG_CACHE_HOME": ""}, "home/.cache/adapter_bert/tokens"),
        ({"XDG_CACHE_HOME": "xdg"}, "home/.cache/adapter_bert/tokens"),
        ({"XDG_CACHE_HOME": "{tmp}/xdg"}, "xdg/adapter_bert/tokens"),
        ({"ADAPTER_BERT_CACHE": "~/mine"}, "home/mine/tokens"),
        ({"ADAPTER_BERT_CACHE": "here"}, "here/tokens"),
    ],
)
def test_where(tmp_path, monkeypatch, token_folder, encode, variables, folder):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for name in ("ADAPTER_BERT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp=tmp_path))
    rows_of(encode)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.parent for path in found] == [tmp_path / folder]


def test_without_a_home(token_folder, monkeypatch, encode, log):
    name = "~nobody-has-this-name/cache"
    monkeypatch.setenv("ADAPTER_BERT_CACHE", name)
    for _ in range(2):
        assert len(rows_of(encode)) == 4
    assert len(log.messages) == 1
    assert f"not kept in {name}" in log.text


def damage(path, how):
    data = path.read_bytes()
    path.write_bytes(
        {
            "empty": b"",
            "truncated": data[:-5],
            "half a header": data[:20],
            "longer": data + b"more",
            "text": b"not a tensor in sight",
            "zeros": bytes(len(data)),
            "a value": data[:-1] + bytes([data[-1] ^ 1]),
            "a count": data.replace(
                b'"num_truncated":"3"', b'"num_truncated":"4"'
            ),
            "other tensors": safetensors.numpy.save({"a": np.ones(3)}),
            "no rows": safetensors.numpy.save(
                {"a": np.ones(3)}, {"key": path.stem, "num_truncated": "3"}
            ),
        }[how]
    )


@pytest.mark.parametrize(
    "how",
    [
        "empty",
        "truncated",
        "half a header",
        "longer",
        "text",
        "zeros",
        "a value",
        "a count",
        "other tensors",
        "no rows",
    ],
)
def test_a_damaged_file_is_written_anew(token_folder, encode, log, how):
    made = rows_of(encode)
    path = the_file(token_folder)
    whole = path.stat().st_size
    damage(path, how)
    log.clear()
    check_equal(rows_of(encode), made)
    (warning,) = [r for r in log.records if r.levelno == logging.WARNING]
    assert str(path) in warning.getMessage()
    assert path.stat().st_size == whole
    check_equal(rows_of(encode), made)
    assert encode.calls == 2


def test_no_bit_goes_unnoticed(token_folder, encode):
    made = rows_of(encode)
    path = the_file(token_folder)
    data = path.read_bytes()
    draw = random.Random(0)
    for _ in range(500):
        changed = bytearray(data)
        for _ in range(draw.choice([1, 1, 2, 8])):
            changed[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        check_equal(rows_of(encode), made)
    assert 300 < encode.calls <= 501


def test_the_file_of_other_rows_is_not_taken(token_folder, encode, log):
    rows_of(encode)
    path = the_file(token_folder)
    other = rows_of(encode, ["a", "b", "c"])
    (other_path,) = set(token_folder.iterdir()) - {path}
    other_path.write_bytes(path.read_bytes())
    check_equal(rows_of(encode, ["a", "b", "c"]), other)
    assert "not hold what its name says" in log.text


def test_a_folder_in_the_file_s_place(token_folder, encode, log):
    rows_of(encode)
    path = the_file(token_folder)
    path.unlink()
    path.mkdir()
    assert len(rows_of(encode)) == 4
    assert "not kept" in log.text
    assert the_file(token_folder).is_dir()


def test_a_folder_that_cannot_be_made_costs_one_warning(
    tmp_path, token_folder, encode, log
):
    token_folder.parent.write_text("a file")
    for texts in (TEXTS, TEXTS[1:]):
        rows = rows_of(encode, texts)
        check_equal(rows, Encode()(None, texts, None, 8))
    (record,) = log.records
    assert record.levelno == logging.WARNING
    assert f"not kept in {token_folder}" in log.text
    assert "ADAPTER_BERT_CACHE=off" in log.text
    assert token_folder.parent.read_text() == "a file"


def test_a_full_disk_costs_one_warning(token_folder, encode, log, monkeypatch):
    def fail(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        for texts in (TEXTS, TEXTS[1:]):
            assert len(rows_of(encode, texts)) == len(texts)
    (record,) = log.records
    assert record.levelno == logging.WARNING
    assert "No space left on device" in log.text
    assert not list(token_folder.iterdir())
    rows_of(encode)
    assert the_file(token_folder)


def test_a_folder_that_cannot_be_written_is_read(
    token_folder, encode, log, monkeypatch
):
    made = rows_of(encode)
    log.clear()

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "utime", refuse)
    check_equal(rows_of(encode), made)
    assert encode.calls == 1
    assert [record.levelname for record in log.records] == ["INFO"]


def test_a_file_that_cannot_be_read(token_folder, encode, log, monkeypatch):
    made = rows_of(encode)

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(safetensors, "safe_open", refuse)
    check_equal(rows_of(encode), made)
    assert "Permission denied" in log.text


def test_what_was_used_least_recently_goes(token_folder, encode, monkeypatch):
    paths = []
    for name in "abc":
        rows_of(encode, [name] * 4)
        (path,) = set(token_folder.iterdir()) - set(paths)
        paths.append(path)
    for age, path in enumerate(reversed(paths), 1):
        os.utime(path, (age, 100_000 - age))
    size = max(path.stat().st_size for path in paths)
    monkeypatch.setattr(token_cache, "_MAX_SIZE", 3 * size)
    rows_of(encode, ["a"] * 4)  # A hit: now "b" is the oldest one.
    assert encode.calls == 3
    rows_of(encode, ["d"] * 4)
    assert not paths[1].exists()
    assert paths[0].exists()
    assert paths[2].exists()
    found = list(token_folder.iterdir())
    assert len(found) == 3
    assert sum(path.stat().st_size for path in found) <= 3 * size


def test_other_files_stay_and_leftovers_go(token_folder, encode, monkeypatch):
    token_folder.mkdir(parents=True)
    stem = "0" * 64
    others = ["notes.txt", "model.safetensors", f"{stem}.npz", f"{stem}1"]
    leftovers = [f".{stem}.123.tmp.safetensors", f"{stem}.safetensors"]
    for name in (*others, *leftovers):
        (token_folder / name).write_bytes(bytes(2_000))
        os.utime(token_folder / name, (0, 0))
    monkeypatch.setattr(token_cache, "_MAX_SIZE", 1_500)
    rows_of(encode)
    kept = {path.name for path in token_folder.iterdir()}
    assert kept >= set(others)
    assert not kept & set(leftovers)
    assert len(kept) == len(others) + 1


def test_rows_beyond_the_bound_push_nothing_out(
    token_folder, encode, monkeypatch
):
    rows_of(encode)
    size = the_file(token_folder).stat().st_size
    monkeypatch.setattr(token_cache, "_MAX_SIZE", size)
    assert len(rows_of(encode, ["long" * 100] * 4)) == 4
    assert the_file(token_folder).stat().st_size == size


def test_a_file_that_vanishes_meanwhile(token_folder, encode, monkeypatch):
    rows_of(encode)
    vanished = token_folder / f"{'0' * 64}.safetensors"
    iterdir = pathlib.Path.iterdir
    with monkeypatch.context() as patch:
        patch.setattr(
            pathlib.Path, "iterdir", lambda self: [vanished, *iterdir(self)]
        )
        rows_of(encode, TEXTS[1:])
    assert len(list(token_folder.iterdir())) == 2


@pytest.mark.parametrize("processes", [False, True])
def test_many_at_once(token_folder, monkeypatch, log, processes):
    if processes:
        # To the file system these are processes: each has its own number, and
        # no lock of another one holds it up.
        monkeypatch.setattr(os, "getpid", threading.get_ident)
        monkeypatch.setattr(token_cache, "_writing", contextlib.nullcontext())
    texts = ["text"] * 3_000
    expected = Encode()(None, texts, None, 8)
    barrier = threading.Barrier(4)

    def work(_):
        barrier.wait()
        return rows_of(Encode(), texts)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for turn in range(10):
            for rows in pool.map(work, range(4)):
                check_equal(rows, expected)
            found = the_file(token_folder)
            if turn % 2:
                found.unlink()
            else:
                found.write_bytes(found.read_bytes()[:1_000])
    assert not list(token_folder.iterdir())
    warnings = [r for r in log.records if r.levelno == logging.WARNING]
    assert all("no use" in record.getMessage() for record in warnings)


def test_it_is_written_in_one_step(token_folder, encode, monkeypatch):
    written = []
    monkeypatch.setattr(
        files, "write_bytes", lambda path, data: written.append(path)
    )
    rows_of(encode)
    (path,) = written
    assert path.parent == token_folder
    assert not list(token_folder.iterdir())
