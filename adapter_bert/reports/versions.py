"""Which software and machine a run used."""

import os
import platform
import sys

_MODULES = (
    "adapter_bert",
    "keras",
    "tensorflow",
    "tensorflow_text",
    "jax",
    "numpy",
    "safetensors",
)


def versions() -> dict[str, str]:
    """Returns versions of what is loaded, and the machine, by name.

    Nothing is imported for it: a package that the run did not load has no
    part in its results and is left out.
    """
    found = {"python": platform.python_version()}
    for name in _MODULES:
        module = sys.modules.get(name)
        if module is not None:
            found[name] = str(getattr(module, "__version__", "unknown"))
    found["backend"] = _backend()
    found["platform"] = platform.platform()
    found["cpus"] = str(_num_cpus())
    return found


def _backend() -> str:
    keras = sys.modules.get("keras")
    if keras is None:
        return "none loaded"
    return keras.backend.backend()


def _num_cpus() -> int:
    # In a container the machine may have more than the process may use.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
