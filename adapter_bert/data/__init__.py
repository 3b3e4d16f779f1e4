"""Token ids as arrays, and the batches cut from them."""
