"""Flags of the original for Cloud TPU."""

from absl import flags

ONLY_WITH_TPU = (
    "tpu_name",
    "tpu_zone",
    "gcp_project",
    "master",
    "num_tpu_cores",
)
_NO_EFFECT = "No effect without --use_tpu."

flags.DEFINE_boolean(
    "use_tpu",
    False,
    "Whether to run on a TPU instead of a CPU or GPU. Not supported yet in "
    "this version: true is refused.",
)
flags.DEFINE_string(
    "tpu_name",
    None,
    f"Name of the Cloud TPU, or grpc://address:8470. {_NO_EFFECT}",
)
flags.DEFINE_string(
    "tpu_zone",
    None,
    f"Google Cloud zone of the TPU. Default: found by itself. {_NO_EFFECT}",
)
flags.DEFINE_string(
    "gcp_project",
    None,
    f"Google Cloud project of the TPU. Default: found by itself. {_NO_EFFECT}",
)
flags.DEFINE_string(
    "master",
    None,
    f"URL of the TensorFlow master. {_NO_EFFECT}",
)
flags.DEFINE_integer(
    "num_tpu_cores",
    8,
    f"Number of TPU cores. {_NO_EFFECT}",
    lower_bound=1,
)

flags.register_validator(
    "use_tpu",
    lambda value: not value,
    message="TPU is not supported yet in this version. Leave the flag out to "
    "run on the CPU or GPU.",
)
