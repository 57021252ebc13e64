# Copyright the mpcheck authors. SPDX-License-Identifier: MIT
"""The kit's streams: CPython's own file objects, of text."""

import contextlib
import io

from host import of_host, path
from operations import operation, string
from values import keyword, type_error
from world import call


def stream(system, value):
    thing = system.lookup(value)
    if not isinstance(thing, io.TextIOBase):
        raise type_error(value, "stream")
    return thing


@of_host("open-file-stream")
def open_file_stream(frame, args, keys):
    mode = {"input": "r", "output": "w"}[keyword(args[1])]
    return [frame.system.named("stream", open(path(frame.system, args[0]), mode, encoding="utf-8"))]


@of_host("make-string-input-stream")
def make_string_input_stream(frame, args, keys):
    return [frame.system.named("stream", io.StringIO(string(frame.system, args[0])))]


@of_host("make-string-output-stream")
def make_string_output_stream(frame, args, keys):
    return [frame.system.named("stream", io.StringIO())]


@of_host("get-output-stream-string")
def get_output_stream_string(frame, args, keys):
    out = stream(frame.system, args[0])
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return [text]


@of_host("stream-write")
def stream_write(frame, args, keys):
    out = stream(frame.system, args[0])
    out.write(string(frame.system, args[1]))
    out.flush()
    return [None]


@of_host("stream-read-line")
def stream_read_line(frame, args, keys):
    line = stream(frame.system, args[0]).readline()
    return [line.removesuffix("\n") if line else None]


@of_host("stream-close")
def stream_close(frame, args, keys):
    stream(frame.system, args[0]).close()
    return [None]


@operation("with-captured-output")
def with_captured_output(frame, args, keys):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        call(frame.process, frame.system.function(args[0]), [])
    return [out.getvalue()]
