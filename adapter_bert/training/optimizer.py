"""Adam as BERT trains with it."""

import keras
from keras import ops

from adapter_bert.trainable import decays


@keras.saving.register_keras_serializable("adapter_bert")
class AdamWeightDecay(keras.optimizers.Optimizer):
    """Adam without bias correction, with decoupled weight decay and clipping.

    For the gradients clipped to a global norm of `global_clipnorm`:
    `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g^2`, then
    `theta -= lr (m / (sqrt(v) + epsilon) + weight_decay theta)`. Keras's own
    AdamW corrects the bias of both moments and so takes other steps. LayerNorm
    and bias variables do not decay, told by their path.

    Args:
        learning_rate: float or LearningRateSchedule.
        weight_decay: float. Decay per update, times the learning rate.
            Defaults to 0.01.
        beta_1: float. Decay of the first moment.
        beta_2: float. Decay of the second moment.
        epsilon: float. Added outside the root.
        global_clipnorm: float. Largest norm of all gradients together.

    Reference:
        `optimization.py` of the original BERT code.
    """

    def __init__(
        self,
        learning_rate=3e-4,
        weight_decay=0.01,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-6,
        global_clipnorm=1.0,
        name="adam_weight_decay",
        **kwargs,
    ):
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            global_clipnorm=global_clipnorm,
            name=name,
            **kwargs,
        )
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        # Keras matches names, which are just `gamma` or `bias`; this goes by
        # the path.
        self.exclude_from_weight_decay(
            var_list=[v for v in variables if not decays(v.path)]
        )
        self.adam_m, self.adam_v = self.add_optimizer_variables(
            variables, ["adam_m", "adam_v"]
        )

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        m, v = self.adam_m[index], self.adam_v[index]
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        self.assign_add(m, (gradient - m) * (1 - self.beta_1))
        self.assign_add(v, (ops.square(gradient) - v) * (1 - self.beta_2))
        self.assign_sub(variable, rate * m / (ops.sqrt(v) + self.epsilon))

    def get_config(self):
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
