"""TensorFlow's start, quiet unless it fails."""

import os
import pathlib
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).parents[1]


def run(code):
    """Runs Python code in a fresh process."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_backend_starts_without_a_word():
    result = run(
        """
        import sys
        from adapter_bert.startup import list_devices
        assert "tensorflow" not in sys.modules
        devices = list_devices()
        assert "tensorflow" in sys.modules
        print(devices)
        print("still there", file=sys.stderr)
        """
    )
    assert result.returncode == 0, result.stderr
    assert "cpu:0" in result.stdout
    assert result.stderr == "still there\n"


def test_naming_a_function_leaves_the_devices_to_be_configured():
    result = run(
        """
        import tensorflow as tf
        from adapter_bert import load_classifier
        tf.config.threading.set_intra_op_parallelism_threads(1)
        print(tf.config.threading.get_intra_op_parallelism_threads())
        """
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "1\n"


def test_a_program_without_stderr_starts_too():
    result = run(
        """
        import os, sys
        sys.stderr = None
        os.close(2)
        from adapter_bert import load_classifier
        print("started")
        """
    )
    assert result.stdout == "started\n"


def test_another_backend_is_refused():
    result = run(
        """
        import os
        os.environ["KERAS_BACKEND"] = "torch"
        import adapter_bert
        try:
            adapter_bert.load_classifier
        except ValueError as error:
            print(error)
        """
    )
    assert result.stdout == (
        "KERAS_BACKEND must be one of tensorflow, jax. "
        "Received: KERAS_BACKEND=torch\n"
    )


def test_a_failing_start_shows_what_was_held_back():
    result = run(
        """
        import os, sys
        class Broken:
            def find_spec(self, name, path=None, target=None):
                if name == "keras":
                    os.write(2, b"words from the library\\n")
                    raise ImportError("no such backend")
        sys.meta_path.insert(0, Broken())
        from adapter_bert.startup import import_backend
        try:
            import_backend()
        except ImportError as error:
            print(error)
        os.write(2, b"and after\\n")
        """
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "no such backend\n"
    assert result.stderr == "words from the library\nand after\n"
