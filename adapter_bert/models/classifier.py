"""Classification or regression head on a BERT encoder."""

import keras

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.layers.dropout import Dropout
from adapter_bert.models.bert import BertEncoder
from adapter_bert.models.initialization import HEAD_STDDEV, initialize
from adapter_bert.problem_types import (
    DEFAULT,
    DEFAULT_THRESHOLD,
    PROBLEM_TYPES,
)
from adapter_bert.trainable import freeze
from adapter_bert.tune_config import TuneConfig
from adapter_bert.validation import require_choice

# The original's; no config reaches it.
_HEAD_DROPOUT = 0.1


@keras.saving.register_keras_serializable("adapter_bert")
class BertClassifier(keras.Model):
    """Encoder, dropout and one dense layer on the pooled first token.

    Inputs as in `BertEncoder`; output is the logits, `[batch, num_labels]`.
    What its configs do not train is frozen from the start.

    Args:
        encoder_config: EncoderConfig. Shape of the encoder.
        adapter_config: AdapterConfig or None. None builds plain BERT.
        labels: sequence of strings. Names of the outputs in the order of the
            logits: the classes, or one name for the score of a regression.
        max_seq_length: int. Tokens after which texts are truncated.
        tune: TuneConfig or None. What trains. Defaults to the adapters if
            there are any, else to everything.
        problem_type: string. Name in `PROBLEM_TYPES`, what the logits mean.

    Attributes:
        thresholds: Probability from which on each of several labels is
            predicted; 0.5 unless set.
        tokenizer: Turns texts into this encoder's token ids, or None.
        load_report: What the checkpoint gave to the model, or None.
        pretrained: The checkpoint's values, by path, of those encoder
            variables that train.
    """

    def __init__(
        self,
        encoder_config,
        adapter_config=None,
        labels=("0", "1"),
        max_seq_length=128,
        tune=None,
        problem_type=DEFAULT,
        **kwargs,
    ):
        tune = tune or TuneConfig("adapters" if adapter_config else "full")
        _check_tune(tune, encoder_config, adapter_config)
        _check_problem_type(problem_type, labels)

        # === Layers ===
        dtype = keras.dtype_policies.get(kwargs.pop("dtype", None))
        encoder = BertEncoder(
            encoder_config, adapter_config, dtype=dtype, name="encoder"
        )
        dropout = Dropout(_HEAD_DROPOUT, dtype=dtype, name="classifier_dropout")
        dense = keras.layers.Dense(
            len(labels),
            kernel_initializer=keras.initializers.TruncatedNormal(
                stddev=HEAD_STDDEV
            ),
            dtype=dtype,
            name="classifier",
        )

        # === Functional Model ===
        inputs = encoder.input
        pooled = encoder(inputs)["pooled_output"]  # [B, hidden]
        super().__init__(
            inputs=inputs, outputs=dense(dropout(pooled)), **kwargs
        )

        # === Config ===
        self.encoder_config = encoder_config
        self.adapter_config = adapter_config
        self.tune = tune
        self.problem_type = problem_type
        self.labels = tuple(labels)
        self.num_labels = len(labels)
        self.max_seq_length = max_seq_length
        self.policy = dtype
        self.thresholds = (DEFAULT_THRESHOLD,) * len(labels)
        self.tokenizer = None
        self.load_report = None
        self.pretrained = None
        # Trainable flags do not survive Keras's own save and load, so they
        # follow from the config every time a model is made.
        freeze(self)

    def get_config(self):
        adapter = self.adapter_config
        return {
            "name": self.name,
            "dtype": self.policy.name,
            "encoder_config": self.encoder_config.to_dict(),
            "adapter_config": adapter and adapter.to_dict(),
            "labels": self.labels,
            "max_seq_length": self.max_seq_length,
            "tune": self.tune.to_dict(),
            "problem_type": self.problem_type,
            "thresholds": self.thresholds,
        }

    @classmethod
    def from_config(cls, config):
        encoder = EncoderConfig(**config.pop("encoder_config"))
        adapter = config.pop("adapter_config")
        adapter = adapter and AdapterConfig.from_dict(adapter)
        tune = TuneConfig.from_dict(config.pop("tune"))
        thresholds = tuple(config.pop("thresholds"))
        model = cls(encoder, adapter, tune=tune, **config)
        model.thresholds = thresholds
        return model


def build_classifier(
    encoder_config: EncoderConfig,
    adapter_config: AdapterConfig | None,
    num_labels: int,
    seed: int = 1,
    **options,
) -> BertClassifier:
    """Builds a classifier whose initial weights follow from `seed` alone.

    Args:
        encoder_config: Shape of the encoder.
        adapter_config: Adapters, or None for plain BERT.
        num_labels: Number of outputs.
        seed: Fixes every initial weight, on any backend.
        **options: Other arguments of `BertClassifier`.
    """
    labels = [str(number) for number in range(num_labels)]
    model = BertClassifier(encoder_config, adapter_config, labels, **options)
    initialize(model, seed)
    return model


def _check_tune(tune, encoder_config, adapter_config):
    if (tune.method == "adapters") != (adapter_config is not None):
        raise ValueError(
            "`tune` must have the method 'adapters' if there is an adapter "
            f"config, and another one otherwise. Received: tune={tune}, "
            f"adapter_config={adapter_config}"
        )
    num_blocks = encoder_config.num_hidden_layers
    if tune.top_k is not None and tune.top_k > num_blocks:
        raise ValueError(
            f"`top_k` must not exceed {num_blocks}, the number of the "
            f"encoder's blocks. Received: top_k={tune.top_k}"
        )


def _check_problem_type(problem_type, labels):
    require_choice("problem_type", problem_type, PROBLEM_TYPES)
    if problem_type == "regression" and len(labels) != 1:
        raise ValueError(
            "`labels` must be one name for a regression, that of the score. "
            f"Received: labels={tuple(labels)}"
        )
