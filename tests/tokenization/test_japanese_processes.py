"""Several processes share a long list of texts."""

import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from adapter_bert.tokenization import processes
from adapter_bert.tokenization.japanese import JapaneseTokenizer
from adapter_bert.tokenization.japanese_options import JapaneseOptions
from adapter_bert.tokenization.processes import map_chunks
from tests.tokenization.japanese_texts import HARD, small_vocab

ROOT = pathlib.Path(__file__).parents[2]
TEXTS = list(HARD.values()) * 200
OF_A_PROCESS = """
    import os, pathlib, time

    def pids(texts):
        return [os.getpid()] * len(texts)

    def noise(texts):
        print("noise on stdout", flush=True)
        os.write(1, b"more")
        return list(texts)

    def fail(texts):
        return texts["no such text"]

    def die(texts):
        os._exit(7)

    def wait(texts):
        pathlib.Path(texts[0], str(os.getpid())).touch()
        time.sleep(60)
"""


@pytest.fixture(scope="module")
def vocab_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("vocab") / "vocab.txt"
    path.write_text("\n".join(small_vocab()), encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def functions(tmp_path, monkeypatch):
    path = tmp_path / "functions_of_a_process.py"
    path.write_text(textwrap.dedent(OF_A_PROCESS))
    monkeypatch.syspath_prepend(tmp_path)
    import functions_of_a_process

    yield functions_of_a_process
    del sys.modules["functions_of_a_process"]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("word_tokenizer_type", ["mecab", "basic"])
def test_the_same_ids(vocab_file, word_tokenizer_type):
    options = JapaneseOptions(word_tokenizer_type)
    tokenizer = JapaneseTokenizer(vocab_file, options)
    alone = tokenizer.tokenize_to_arrays(TEXTS, num_processes=1)
    shared = tokenizer.tokenize_to_arrays(TEXTS, num_processes=3)
    for one, other in zip(alone, shared, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


def test_they_are_others_and_share(functions, tmp_path):
    pids = sum(map_chunks(functions.pids, ["a"] * 30_000, 2), [])
    assert len(pids) == 30_000
    assert len(set(pids)) == 2
    assert os.getpid() not in pids
    assert not any(map(is_running, set(pids)))


def test_short_lists_stay_here(functions):
    assert set(map_chunks(functions.pids, ["a"] * 100)[0]) == {os.getpid()}
    assert map_chunks(functions.pids, [], 4) == []


def test_how_many(monkeypatch):
    monkeypatch.setattr(processes, "_available_cores", lambda: 16)
    assert processes._suitable(49_999) == 1
    assert processes._suitable(50_000) == 5
    assert processes._suitable(306_795) == 16
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: "a process")
    assert processes._suitable(306_795) == 1


def test_long_lists_are_shared(vocab_file, monkeypatch, capfd):
    started = []
    start = processes._start

    def count(stack, function, num_processes):
        started.append(num_processes)
        return start(stack, function, num_processes)

    monkeypatch.setattr(processes, "_start", count)
    monkeypatch.setattr(processes, "_available_cores", lambda: 2)
    tokenizer = JapaneseTokenizer(vocab_file)
    ids, row_splits = tokenizer.tokenize_to_arrays(["[MASK]"] * 50_000)
    assert started == [2]
    assert np.all(ids == 4)
    assert np.all(row_splits == np.arange(50_001))
    assert not capfd.readouterr().err  # no bar without a terminal


@pytest.mark.parametrize("number", [0, -1, 1.5])
def test_a_number_that_is_none(vocab_file, number):
    tokenizer = JapaneseTokenizer(vocab_file)
    with pytest.raises(ValueError, match="`num_processes` must be"):
        tokenizer.tokenize_to_arrays(["茸"], number)


def test_noise_does_not_reach_the_answers(functions, capfd):
    texts = [str(i) for i in range(6_000)]
    assert sum(map_chunks(functions.noise, texts, 2), []) == texts
    assert "noise" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("name", "message"),
    [("fail", "texts\\[.no such text.\\]"), ("die", "ended with status 7")],
)
def test_an_error_there_is_an_error_here(functions, name, message):
    before = threading.active_count()
    with pytest.raises(
        RuntimeError, match=f"process failed: .*(?s:.*){message}"
    ):
        map_chunks(getattr(functions, name), ["a"] * 20_000, 2)
    assert threading.active_count() == before


def test_ctrl_c_ends_them(functions, tmp_path):
    folder = tmp_path / "running"
    folder.mkdir()

    def interrupt():
        while len(list(folder.iterdir())) < 2:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    start = time.monotonic()
    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        map_chunks(functions.wait, [str(folder)] * 20_000, 2)
    thread.join()
    assert time.monotonic() - start < 30
    pids = [int(path.name) for path in folder.iterdir()]
    assert len(pids) == 2
    assert not any(map(is_running, pids))


@pytest.mark.parametrize("executable", ["/nowhere/python", "", None])
def test_one_process_where_others_do_not_start(
    vocab_file, monkeypatch, caplog, executable
):
    tokenizer = JapaneseTokenizer(vocab_file)
    expected = tokenizer.tokenize_to_arrays(TEXTS, 1)
    monkeypatch.setattr(sys, "executable", executable)
    found = tokenizer.tokenize_to_arrays(TEXTS, 2)
    np.testing.assert_array_equal(found[0], expected[0])
    assert "Tokenizing in one process" in caplog.text


def test_a_script_without_a_guard_runs_once(vocab_file, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            import sys
            print("started")
            sys.path.insert(0, {str(ROOT)!r})
            from adapter_bert.tokenization import japanese
            tokenizer = japanese.JapaneseTokenizer({str(vocab_file)!r})
            texts = ["[MASK] [SEP]"] * 6_000
            ids, row_splits = tokenizer.tokenize_to_arrays(texts, 2)
            print(len(ids), row_splits[-1], "tensorflow" in sys.modules)
        """)
    )
    # A module there must not come before one of the same name elsewhere.
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "pickle.py").write_text("raise SystemExit(9)")
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        cwd=tmp_path / "elsewhere",
        timeout=120,
    )
    assert done.stdout == "started\n12000 12000 False\n"
    assert not done.stderr
    assert done.returncode == 0
