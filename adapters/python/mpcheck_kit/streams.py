# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The kit's streams: Python's own file objects, of text."""

import contextlib
import io

from .names import TYPES
from .operations import function_of, operation
from .values import Pathname, keyword, text_of, type_error

TYPES[io.IOBase] = "stream"


def path_of(value):
    """The path of a file that a string or a pathname names."""
    named = value.name if isinstance(value, Pathname) else text_of(value)
    if named is None:
        raise type_error(value, "path")
    return named


def stream_of(value):
    if not isinstance(value, io.TextIOBase):
        raise type_error(value, "stream")
    return value


@operation("open-file-stream")
def open_file_stream(path, direction):
    return open(path_of(path), {"input": "r", "output": "w"}[keyword(direction)], encoding="utf-8")


@operation("make-string-input-stream")
def make_string_input_stream(text):
    return io.StringIO(text_of(text))


@operation("make-string-output-stream")
def make_string_output_stream():
    return io.StringIO()


@operation("get-output-stream-string")
def get_output_stream_string(stream):
    text = stream_of(stream).getvalue()
    stream.seek(0)
    stream.truncate()
    return text


@operation("stream-write")
def stream_write(stream, text):
    stream_of(stream).write(text_of(text))
    stream.flush()


@operation("stream-read-line")
def stream_read_line(stream):
    line = stream_of(stream).readline()
    return line.removesuffix("\n") if line else None


@operation("stream-close")
def stream_close(stream):
    stream_of(stream).close()


@operation("with-captured-output")
def with_captured_output(body):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        function_of(body)()
    return out.getvalue()
