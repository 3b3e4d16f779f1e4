"""Houlsby adapters for BERT-class encoders on Keras 3 and TensorFlow."""

import importlib

from adapter_bert.startup import import_backend

__version__ = "0.1.0"

# Imported when first asked for: `--help` and the config classes need neither
# Keras nor TensorFlow.
_EXPORTS = {
    "AdapterConfig": "adapter_bert.adapter_config",
    "EncoderConfig": "adapter_bert.config",
    "TrainConfig": "adapter_bert.training.config",
    "TuneConfig": "adapter_bert.tune_config",
    "ablate_adapters": "adapter_bert.ablation",
    "load_adapter": "adapter_bert.classifier",
    "load_classifier": "adapter_bert.classifier",
    "parameter_report": "adapter_bert.trainable",
    "predict": "adapter_bert.prediction",
    "save_adapter": "adapter_bert.classifier",
    "train": "adapter_bert.training.train",
}
_MODULES = ("prediction", "tokenization")
_LIGHT = ("AdapterConfig", "EncoderConfig", "TrainConfig", "TuneConfig")

__all__ = [*_EXPORTS, *_MODULES]


def __getattr__(name):
    if name in _EXPORTS:
        if name not in _LIGHT:
            import_backend()
        return getattr(importlib.import_module(_EXPORTS[name]), name)
    if name in _MODULES:
        import_backend()
        return importlib.import_module(f"adapter_bert.{name}")
    raise AttributeError(f"module 'adapter_bert' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
