"""Formats of tables, and what is logged of them."""

import pytest
from absl import logging

from tests.glue_tasks.tabular.tables import SUFFIXES


@pytest.fixture(params=SUFFIXES)
def suffix(request):
    return request.param


@pytest.fixture
def logged(monkeypatch):
    """What is logged, as finished lines."""
    lines = []
    for name in ("info", "warning"):
        monkeypatch.setattr(
            logging, name, lambda text, *args: lines.append(text % args)
        )
    return lines
