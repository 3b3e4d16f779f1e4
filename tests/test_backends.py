"""The core on JAX, where TensorFlow cannot be imported."""

import importlib.util
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest

from tests import backend_run

ROOT = pathlib.Path(__file__).parents[1]
ENVIRONMENT = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    # Compiling takes far longer than running what was compiled.
    "XLA_FLAGS": "--xla_backend_optimization_level=0",
}


@pytest.fixture(scope="module")
def jax_results(tmp_path_factory):
    if importlib.util.find_spec("jax") is None:
        pytest.skip("jax is not installed")
    folder = tmp_path_factory.mktemp("jax")
    result = subprocess.run(
        [sys.executable, "-m", "tests.backend_run", folder],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "jax []\n"
    with np.load(folder / "results.npz") as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return backend_run.work(tmp_path_factory.mktemp("here"))


def part_of(results, part):
    prefix = f"{part}/"
    return {
        name.removeprefix(prefix): array
        for name, array in results.items()
        if name.startswith(prefix)
    }


def test_golden_logits(jax_results, golden):
    with np.load(golden / "huggingface_bert" / "golden.npz") as arrays:
        expected = arrays["logits"]
    logits = jax_results["golden/logits"]
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_initial_weights_are_the_same_bit_for_bit(jax_results, here):
    expected = part_of(here, "initial")
    initial = part_of(jax_results, "initial")
    assert initial.keys() == expected.keys()
    assert len(initial) == 5 + 2 * 24 + 2 + 2
    for path, values in initial.items():
        np.testing.assert_array_equal(values, expected[path], err_msg=path)


def test_losses_are_nearly_the_same_without_dropout(jax_results, here):
    assert len(here["losses"]) == backend_run.NUM_STEPS
    np.testing.assert_allclose(jax_results["losses"], here["losses"], atol=1e-5)


def test_weights_after_training(jax_results, here):
    initial, after = (part_of(jax_results, p) for p in ("initial", "trained"))
    expected = part_of(here, "trained")
    for path, values in after.items():
        trains = any(
            part in path for part in ("_adapter/", "layer_norm/", "classifier/")
        )
        assert (values != initial[path]).any() == trains, path
        np.testing.assert_allclose(
            values, expected[path], atol=1e-4, err_msg=path
        )


@pytest.mark.parametrize("backend", ["jax_results", "here"])
def test_dropout_differs_from_step_to_step(backend, request):
    losses = request.getfixturevalue(backend)["losses_dropout"]
    assert np.isfinite(losses).all()
    assert len(set(losses)) == backend_run.NUM_STEPS


@pytest.mark.parametrize("backend", ["jax_results", "here"])
@pytest.mark.parametrize(
    ("kind", "trains"),
    [
        ("full", r""),
        ("top_k", r"^layer_1/|^pooler/|^classifier/"),
        ("layer_norm", r"layer_norm/|^classifier/"),
        ("head", r"^pooler/|^classifier/"),
        ("block 1", r"^layer_1/.*(_adapter|_layer_norm)/|^classifier/"),
    ],
)
def test_every_method_moves_what_it_trains_and_no_bit_else(
    backend, kind, trains, request
):
    results = part_of(request.getfixturevalue(backend), kind)
    expected = {p for p in results["paths"].tolist() if re.search(trains, p)}
    assert set(results["moved"].tolist()) == expected


@pytest.mark.parametrize("kind", backend_run.KINDS)
def test_losses_of_every_method_are_nearly_the_same(jax_results, here, kind):
    losses, expected = (
        part_of(results, kind)["losses"] for results in (jax_results, here)
    )
    assert len(set(losses.tolist())) == backend_run.NUM_STEPS
    np.testing.assert_allclose(losses, expected, rtol=1e-4)


@pytest.mark.parametrize("backend", ["jax_results", "here"])
def test_what_was_trained_is_saved_and_loaded(backend, request):
    assert request.getfixturevalue(backend)["reloaded"]
