"""Checkpoints: the state in which a part stood at the end of its horizon, from which a longer one goes on.

A checkpoint saves time and nothing else: a part without one is made from its beginning, with the same result. It is
MessagePack behind a digest, checked against both the digest and its dataclass when it is read: what was damaged is made anew,
and a lake that was handed on can run nothing.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa

from generators.engine.storage import Storage

CHECKPOINTS = "_checkpoints"
DIGEST_BYTES = 16
State = TypeVar("State")


def pack(state: Any) -> bytes:
    """A dataclass of numbers, texts, times, arrays and tables as bytes."""
    content = msgspec.msgpack.encode(state, enc_hook=_encoded)
    return _digest(content) + content


def unpack(content: bytes, kind: type[State]) -> State | None:
    """The state again, or None when it is damaged or of another make, as after an upgrade."""
    if _digest(content[DIGEST_BYTES:]) != content[:DIGEST_BYTES]:
        return None
    try:
        return msgspec.msgpack.decode(content[DIGEST_BYTES:], type=kind, dec_hook=_decoded)
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, pa.ArrowException):
        return None


def write_checkpoint(lake: Storage, part: str, until: date, content: bytes) -> None:
    """Keep the checkpoint of a part at a day."""
    lake.put(_checkpoint(part, until), content)


def read_checkpoint(lake: Storage, part: str, until: date) -> bytes | None:
    """The checkpoint of a part at a day, or None."""
    try:
        return lake.read(_checkpoint(part, until))
    except FileNotFoundError:
        return None


def _checkpoint(part: str, until: date) -> str:
    return f"{CHECKPOINTS}/{part}-{until}.msgpack"


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()


def _encoded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": value.shape, "content": np.ascontiguousarray(value).tobytes()}
    if isinstance(value, pa.Table):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.schema) as writer:
            writer.write_table(value)
        return sink.getvalue().to_pybytes()
    raise NotImplementedError(f"a checkpoint cannot hold {type(value)}")


def _decoded(kind: type[Any], value: Any) -> Any:
    if kind is pa.Table:
        return pa.ipc.open_stream(value).read_all()
    array = np.frombuffer(value["content"], dtype=np.dtype(value["dtype"]))
    return array.reshape(value["shape"]).copy()
