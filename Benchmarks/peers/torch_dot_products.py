"""Scaled dot-product attention in single precision: torch's scaled_dot_product_attention.

    python -m peers.torch_dot_products KEYS QUERIES VALUES THREADS flash|math

Its fused kernel takes values only of as many columns as there are inputs, so they are padded by zeros,
beforehand and at no cost; without the padding it makes the matrix of scores. Both are named, so that
torch would rather fail than take the other. It answers standard input as `serving.py` describes.
"""

import json
import os
import sys
import time

import numpy
import torch
from torch.nn import attention

BACKENDS = {
    "flash": attention.SDPBackend.FLASH_ATTENTION, "math": attention.SDPBackend.MATH}


def main():
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(**fields):
        print(json.dumps(fields), file=replies, flush=True)

    *paths, threads, backend = sys.argv[1:]
    torch.set_num_threads(int(threads))
    keys, queries, values = (torch.from_numpy(numpy.load(path)) for path in paths)
    columns = values.shape[1]
    if backend == "flash":
        values = torch.nn.functional.pad(values, (0, keys.shape[1] - columns))
    reply(ready=True)
    pooled = None
    for line in sys.stdin:
        command, _, path = line.strip().partition(" ")
        if command == "run":
            pooled = None
            start, processor = time.perf_counter(), time.process_time()
            with torch.no_grad(), attention.sdpa_kernel(BACKENDS[backend]):
                pooled = torch.nn.functional.scaled_dot_product_attention(
                    queries[None, None], keys[None, None], values[None, None])
            reply(
                seconds=time.perf_counter() - start,
                processor_seconds=time.process_time() - processor)
        elif command == "result":
            numpy.save(path, pooled[0, 0, :, :columns].numpy())
            reply(written=True)


if __name__ == "__main__":
    main()
