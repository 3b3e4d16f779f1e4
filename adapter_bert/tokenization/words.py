"""Text to words in the graph, by the rules of BERT's own tokenizer."""

import tensorflow as tf
import tensorflow_text as tf_text

_WHITESPACE = r"[\t\n\r\p{Zs}\p{Zl}\p{Zp}]"
_DROPPED = r"[\p{Cc}\p{Cf}\x{FFFD}]"
_CJK = (
    r"\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{20000}-\x{2A6DF}"
    r"\x{2A700}-\x{2B73F}\x{2B740}-\x{2B81F}\x{2B820}-\x{2CEAF}"
    r"\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}"
)
# Unicode calls some of ASCII's punctuation symbols: "$", "+", "^", "|".
_PUNCTUATION = r"!-/:-@\[-`{-~\p{P}"


def split_words(texts: tf.Tensor, do_lower_case: bool) -> tf.RaggedTensor:
    """Cleans texts and splits them on whitespace and punctuation.

    Each CJK ideograph and each punctuation character is a word of its own.

    Args:
        texts: UTF-8 strings `[texts]`. Bytes that are not UTF-8 are dropped.
        do_lower_case: Whether words are lowercased and lose their accents.

    Returns:
        Strings `[texts, words]`, none of them empty.
    """
    texts = tf.strings.unicode_transcode(
        texts, "UTF-8", "UTF-8", errors="ignore"
    )
    texts = tf.strings.regex_replace(texts, _WHITESPACE, " ")
    texts = tf.strings.regex_replace(texts, _DROPPED, "")
    if do_lower_case:
        texts = _lower_and_strip_accents(texts)
    apart = tf.strings.regex_replace(texts, f"[{_CJK}{_PUNCTUATION}]", r" \0 ")
    return tf_text.WhitespaceTokenizer().tokenize(apart)


def _lower_and_strip_accents(texts):
    # `tf.strings.lower` obeys the locale of the process, and a Turkish one
    # has another small letter for "I". The rest is `str.lower`, final sigma
    # included.
    texts = tf.strings.regex_replace(texts, "I", "i")
    texts = tf.strings.lower(texts, encoding="utf-8")
    texts = tf_text.normalize_utf8(texts, "NFD")
    return tf.strings.regex_replace(texts, r"\p{Mn}", "")
