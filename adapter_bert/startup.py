"""A quiet start of Keras and TensorFlow."""

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator

_BACKENDS = ("tensorflow", "jax")
_lock = threading.Lock()


def import_backend() -> None:
    """Imports Keras with its backend, and TensorFlow for the tokenizer.

    TensorFlow writes a screenful to stderr, whatever `TF_CPP_MIN_LOG_LEVEL`
    says. It is held back here, and shown only if the import fails. Devices are
    left alone, so that a program can still configure them.

    Raises:
        ValueError: If `KERAS_BACKEND` names another backend than TensorFlow
            or JAX.
    """
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend not in _BACKENDS:
        raise ValueError(
            f"KERAS_BACKEND must be one of {', '.join(_BACKENDS)}. "
            f"Received: KERAS_BACKEND={backend}"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _lock:
        if "keras" in sys.modules:
            return
        with _stderr_held_back():
            import keras  # noqa: F401

            with contextlib.suppress(ImportError):
                import tensorflow  # noqa: F401


def list_devices() -> list[str]:
    """Starts the backend, quietly, and returns the names of its devices."""
    import_backend()
    with _lock, _stderr_held_back():
        import keras

        with contextlib.suppress(ImportError):
            import_tensorflow_for_texts()
        return keras.distribution.list_devices()


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


@contextlib.contextmanager
def _stderr_held_back() -> Iterator[None]:
    try:
        sys.stderr.flush()
        saved = os.dup(2)
    except (AttributeError, OSError, ValueError):  # a program without stderr
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(saved, held.read())
            raise
        finally:
            with contextlib.suppress(AttributeError, OSError, ValueError):
                sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
