"""Initial weights of BERT's own kernels and tables."""

import keras


def bert_initializer(stddev: float) -> keras.initializers.Initializer:
    """Returns a normal distribution cut at two standard deviations.

    At `stddev` 0 nothing is drawn: whoever fills the weights from a file
    saves the seconds that random values for BERT-base take.
    """
    if stddev == 0:
        return keras.initializers.Zeros()
    return keras.initializers.TruncatedNormal(stddev=stddev)
