"""Package metadata. Tools are configured in pyproject.toml."""

import pathlib
import re

from setuptools import find_packages, setup

ROOT = pathlib.Path(__file__).parent
VERSION = re.search(
    r'^__version__ = "(.+)"$',
    (ROOT / "adapter_bert" / "__init__.py").read_text(encoding="utf-8"),
    re.MULTILINE,
)[1]

setup(
    name="adapter-bert",
    version=VERSION,
    description=(
        "Houlsby adapters for BERT-class encoders on Keras 3 and TensorFlow"
    ),
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    # `flags` and `tests` are common names: list what is installed.
    packages=find_packages(include=["adapter_bert*", "glue_tasks*", "flags*"]),
    py_modules=["run_classifier"],
    package_data={
        "flags": ["recipes/*.flags"],
        "glue_tasks.samples.fungi": ["*.csv", "*.toml", "frames/*.toml"],
        "glue_tasks.samples.mrpc": ["*.tsv", "frames/*.toml"],
    },
    entry_points={
        "console_scripts": ["run_classifier = run_classifier:console_main"]
    },
    install_requires=[
        "absl-py>=2.1",
        "certifi",
        "fugashi>=1.4",
        "huggingface-hub>=0.30",
        # tensorflow-datasets 4.9.10 imports it and does not say so.
        "importlib-resources",
        "keras>=3.15,<4",
        "matplotlib>=3.9",
        "numpy>=1.26",
        "pyarrow>=15",
        "safetensors>=0.5",
        "scikit-learn>=1.5",
        "scipy>=1.13",
        # TF-Text works with the TensorFlow of its own minor version only.
        "tensorflow>=2.21,<2.22",
        "tensorflow-datasets>=4.9.9",
        "tensorflow-text>=2.21,<2.22",
        "tqdm>=4.66",
        "transformers>=5,<6",
        "unidic-lite>=1.0.8",
    ],
    extras_require={
        "dev": ["hypothesis>=6.100", "jax>=0.7", "pytest>=8", "ruff>=0.9"],
        # A font with Japanese letters, for confusion matrices.
        "fonts": ["matplotlib-fontja>=1.1"],
        "gpu": ["tensorflow[and-cuda]>=2.21,<2.22"],
        # MeCab's other dictionaries; `python -m unidic download` follows.
        "japanese": ["ipadic>=1.0", "unidic>=1.1"],
        "jax": ["jax>=0.7"],
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: Developers",
        "Intended Audience :: Science/Research",
        "Programming Language :: Python :: 3.11",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
)
