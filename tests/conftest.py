"""Fixtures and settings that every test shares."""

import os
import pathlib

import pytest

from adapter_bert.startup import import_backend

import_backend()

# No test may leave files in the home of who runs it.
os.environ["ADAPTER_BERT_CACHE"] = "off"


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """Folder with real data and reference material, outside the project."""
    path = pathlib.Path(__file__).parents[2] / "shared"
    if not path.is_dir():
        pytest.skip("needs ../shared, which is not here")
    return path


@pytest.fixture(scope="session")
def golden() -> pathlib.Path:
    """Folder with tiny networks and their outputs in other libraries."""
    return pathlib.Path(__file__).parent / "golden"


@pytest.fixture
def token_folder(tmp_path, monkeypatch) -> pathlib.Path:
    """Folder where token ids are kept, from 3 rows on."""
    from adapter_bert.data import token_cache

    monkeypatch.setattr(token_cache, "_MIN_ROWS", 3)
    monkeypatch.setenv("ADAPTER_BERT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tokens"
