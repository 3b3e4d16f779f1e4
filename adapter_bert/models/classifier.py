"""Classification head on a BERT encoder."""

from collections.abc import Sequence

import keras

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.layers.dropout import Dropout
from adapter_bert.models.bert import BertEncoder
from adapter_bert.models.initialization import initialize
from adapter_bert.trainable import freeze

# Constants of the original's head, which its config does not reach.
_HEAD_DROPOUT = 0.1
_HEAD_INITIALIZER_RANGE = 0.02


@keras.saving.register_keras_serializable("adapter_bert")
class BertClassifier(keras.Model):
    """Encoder, dropout and one dense layer on the pooled first token.

    Inputs as in `BertEncoder`; output is the logits, `[batch, num_labels]`.
    What its adapter config does not train is frozen from the start.

    Args:
        encoder_config: EncoderConfig. Shape of the encoder.
        adapter_config: AdapterConfig or None. None builds plain BERT, all of
            which trains.
        num_labels: int. Number of classes.

    Attributes:
        labels: Names of the classes in the order of the logits, or None.
        tokenizer: Turns texts into this encoder's token ids, or None.
        max_seq_length: Tokens after which `predict` truncates.
    """

    def __init__(
        self, encoder_config, adapter_config=None, num_labels=2, **kwargs
    ):
        # === Layers ===
        dtype = kwargs.pop("dtype", None)
        encoder = BertEncoder(
            encoder_config, adapter_config, dtype=dtype, name="encoder"
        )
        dropout = Dropout(_HEAD_DROPOUT, dtype=dtype, name="classifier_dropout")
        dense = keras.layers.Dense(
            num_labels,
            kernel_initializer=keras.initializers.TruncatedNormal(
                stddev=_HEAD_INITIALIZER_RANGE
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
        self.num_labels = num_labels
        self.labels = None
        self.tokenizer = None
        self.max_seq_length = 128
        # Trainable flags do not survive Keras's own save and load, so they
        # follow from the config every time a model is made.
        freeze(self, encoder_config, adapter_config)

    def get_config(self):
        adapter = self.adapter_config
        return {
            "name": self.name,
            "encoder_config": self.encoder_config.to_dict(),
            "adapter_config": adapter and adapter.to_dict(),
            "num_labels": self.num_labels,
        }

    @classmethod
    def from_config(cls, config):
        encoder = EncoderConfig(**config.pop("encoder_config"))
        adapter = config.pop("adapter_config")
        adapter = adapter and AdapterConfig.from_dict(adapter)
        return cls(encoder, adapter, **config)


def build_classifier(
    encoder_config: EncoderConfig,
    adapter_config: AdapterConfig | None,
    num_labels: int,
    seed: int = 1,
    labels: Sequence[str] | None = None,
) -> BertClassifier:
    """Builds a classifier whose initial weights follow from `seed` alone.

    Args:
        encoder_config: Shape of the encoder.
        adapter_config: Adapters, or None for plain BERT.
        num_labels: Number of classes.
        seed: Fixes every initial weight, on any backend.
        labels: Names of the classes, in the order of the logits.
    """
    model = BertClassifier(encoder_config, adapter_config, num_labels)
    model.labels = tuple(labels) if labels is not None else None
    initialize(model, seed)
    return model
