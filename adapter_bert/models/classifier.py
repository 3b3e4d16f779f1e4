"""Classification head on a BERT encoder."""

import keras

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.layers.dropout import Dropout
from adapter_bert.models.bert import BertEncoder
from adapter_bert.models.initialization import HEAD_STDDEV, initialize
from adapter_bert.trainable import freeze

# The original's; no config reaches it.
_HEAD_DROPOUT = 0.1


@keras.saving.register_keras_serializable("adapter_bert")
class BertClassifier(keras.Model):
    """Encoder, dropout and one dense layer on the pooled first token.

    Inputs as in `BertEncoder`; output is the logits, `[batch, num_labels]`.
    What its adapter config does not train is frozen from the start.

    Args:
        encoder_config: EncoderConfig. Shape of the encoder.
        adapter_config: AdapterConfig or None. None builds plain BERT, all of
            which trains.
        labels: sequence of strings. Names of the classes in the order of the
            logits.
        max_seq_length: int. Tokens after which texts are truncated.

    Attributes:
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
        **kwargs,
    ):
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
        self.labels = tuple(labels)
        self.num_labels = len(labels)
        self.max_seq_length = max_seq_length
        self.policy = dtype
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
) -> BertClassifier:
    """Builds a classifier whose initial weights follow from `seed` alone.

    Args:
        encoder_config: Shape of the encoder.
        adapter_config: Adapters, or None for plain BERT.
        num_labels: Number of classes.
        seed: Fixes every initial weight, on any backend.
    """
    labels = [str(number) for number in range(num_labels)]
    model = BertClassifier(encoder_config, adapter_config, labels)
    initialize(model, seed)
    return model
