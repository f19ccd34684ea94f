"""How a process that generates holds memory: what one chunk gave back, the next one takes."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
KEPT_BYTES = 1 << 28


def keep_freed_memory() -> None:
    """Let NumPy and Arrow share one heap that keeps what they free.

    By default each large array's pages go back to the system when it is freed, and cost a fault each when the next array
    takes them: a twentieth of the time of sales. Arrow's own allocator would keep a second heap, of 70 MB.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if sys.platform == "linux":
        adjust = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it, other C libraries need not
        if adjust is not None:
            adjust(M_MMAP_THRESHOLD, KEPT_BYTES)
            adjust(M_TRIM_THRESHOLD, KEPT_BYTES)
