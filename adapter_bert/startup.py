"""A quiet start of TensorFlow."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator


def import_backend() -> list[str]:
    """Imports Keras with its backend and returns the names of its devices.

    TensorFlow writes a screenful to stderr when it is imported and when it
    looks for devices, whatever `TF_CPP_MIN_LOG_LEVEL` says. It is held back
    here, and shown only if the import fails.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _stderr_held_back():
        import keras

        if keras.backend.backend() != "tensorflow":
            _import_tensorflow_for_texts()
        return keras.distribution.list_devices()


def _import_tensorflow_for_texts() -> None:
    # It tokenizes for the other backends too, and would take all of the GPU's
    # memory for that.
    try:
        import tensorflow as tf
    except ImportError:
        return
    tf.config.set_visible_devices([], "GPU")


@contextlib.contextmanager
def _stderr_held_back() -> Iterator[None]:
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(saved, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
