"""A tiny encoder for runs of the driver, and what they log."""

import logging

import pytest

from tests.tiny_files import MAX_SEQ_LENGTH, write_huggingface, write_one_block


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    from adapter_bert import network

    # No network, whatever a mistake in here leads to.
    monkeypatch.setattr(network, "is_reachable", lambda *a, **k: False)


@pytest.fixture(scope="session")
def bert(tmp_path_factory):
    """Flags that name an encoder of one block."""
    return _flags(write_one_block(tmp_path_factory.mktemp("bert_1")))


@pytest.fixture(scope="session")
def two_blocks(tmp_path_factory):
    """Flags that name an encoder of two blocks."""
    return _flags(write_huggingface(tmp_path_factory.mktemp("bert_2")))


def _flags(folder):
    return [
        f"--init_checkpoint={folder}",
        f"--max_seq_length={MAX_SEQ_LENGTH}",
        "--train_batch_size=8",
    ]


@pytest.fixture
def logged(caplog):
    """Returns what was logged so far, a line each."""
    caplog.set_level(logging.INFO)
    return lambda: [record.getMessage() for record in caplog.records]
