"""Fixtures and settings that every test shares."""

import pathlib

import pytest

from adapter_bert.startup import import_backend

import_backend()


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
