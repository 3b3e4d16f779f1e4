import os
import stat

import pytest

from adapter_bert import files


def test_text_is_written_as_utf8_with_its_own_line_ends(tmp_path):
    path = tmp_path / "new" / "notes.txt"
    files.write_text(path, "é\n日本\n")
    assert path.read_bytes() == "é\n日本\n".encode()
    files.write_text(path, "again\n")
    assert path.read_bytes() == b"again\n"
    assert os.listdir(path.parent) == ["notes.txt"]


def test_a_name_that_is_not_utf8_does_not_fail(tmp_path):
    name = os.fsdecode(b"caf\xe9")
    files.write_text(tmp_path / "a", name)
    assert (tmp_path / "a").read_text() == r"caf\udce9"


def test_others_may_read_what_open_would_let_them_read(tmp_path):
    files.write_bytes(tmp_path / "ours", b"x")
    (tmp_path / "plain").write_bytes(b"x")
    ours, plain = (
        stat.S_IMODE((tmp_path / name).stat().st_mode)
        for name in ("ours", "plain")
    )
    assert ours == plain


def _write_half(path):
    with files.replacing(path) as temporary:
        temporary.write_text("half of")
        raise RuntimeError("disk")


def test_old_file_stays_if_writing_fails(tmp_path):
    path = tmp_path / "scores.json"
    files.write_text(path, "old")
    with pytest.raises(RuntimeError, match="disk"):
        _write_half(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["scores.json"]


def test_old_file_stays_if_replacing_fails(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("no space left")

    path = tmp_path / "scores.json"
    files.write_text(path, "old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        files.write_text(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["scores.json"]


def test_temporary_file_keeps_the_suffix_and_folder(tmp_path):
    with files.replacing(tmp_path / "weights.safetensors") as temporary:
        assert temporary.suffix == ".safetensors"
        assert temporary.parent == tmp_path
        temporary.write_bytes(b"x")
