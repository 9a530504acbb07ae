"""Runs native-replay.so in this interpreter on columns written to files; prints nanoseconds of each pass, one a line.

usage: python native-replay.py LIBRARY COLUMNS LENGTH IDS PASSES
COLUMNS holds, one behind the other: code uint8[LENGTH], then id, other and bytes, each uint32[LENGTH].
"""
import ctypes
import sys

library, columns, length, ids, passes = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
replay = ctypes.PyDLL(library).replay_passes
with open(columns, "rb") as file:
    data = file.read()
code = ctypes.create_string_buffer(data[:length], length)
words = [
    (ctypes.c_uint32 * length).from_buffer_copy(data, length + 4 * length * column) for column in range(3)
]
times = (ctypes.c_double * passes)()
if replay(code, *words, ctypes.c_size_t(length), ctypes.c_size_t(ids), passes, times) != 0:
    sys.exit("native-replay: out of memory")
for nanoseconds in times:
    print(nanoseconds)
