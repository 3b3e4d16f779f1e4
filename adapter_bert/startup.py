"""A quiet start of Keras and TensorFlow."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

_BACKENDS = ("tensorflow", "jax")


def import_backend() -> list[str]:
    """Imports Keras with its backend and returns the names of its devices.

    TensorFlow writes a screenful to stderr when it is imported and when it
    looks for devices, whatever `TF_CPP_MIN_LOG_LEVEL` says. It is held back
    here, and shown only if the import fails.

    Raises:
        ValueError: If `KERAS_BACKEND` names another backend than TensorFlow
            or JAX.
    """
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend not in _BACKENDS:
        raise ValueError(
            f"KERAS_BACKEND must be one of {', '.join(_BACKENDS)}. "
            f"Received: KERAS_BACKEND={backend}"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" in sys.modules:
        return _devices()
    with _stderr_held_back():
        devices = _devices()
        # It tokenizes for JAX too.
        with contextlib.suppress(ImportError):
            import_tensorflow_for_texts()
        return devices


def import_tensorflow_for_texts() -> None:
    """Imports TensorFlow; beside JAX it leaves the accelerators alone.

    Raises:
        ImportError: If TensorFlow is not installed.
    """
    import keras
    import tensorflow as tf

    # It would take all of the GPU's memory for the tokenizer.
    if keras.backend.backend() != "tensorflow":
        with contextlib.suppress(RuntimeError):  # already at work
            tf.config.set_visible_devices([], "GPU")


def _devices() -> list[str]:
    import keras

    return keras.distribution.list_devices()


@contextlib.contextmanager
def _stderr_held_back() -> Iterator[None]:
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(saved, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
