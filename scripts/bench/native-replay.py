"""Replays recorded requests through this interpreter's allocator: one pass for each line on stdin, its nanoseconds on stdout.

usage: python native-replay.py LIBRARY COLUMNS LENGTH IDS
COLUMNS is a file that holds, one behind the other: id, other and bytes, each uint32[LENGTH], then code, uint8[LENGTH].
"""
import ctypes
import sys

library, columns, length, ids = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
replay = ctypes.PyDLL(library).replay
replay.restype = ctypes.c_double
with open(columns, "rb") as file:
    data = file.read()
words = [(ctypes.c_uint32 * length).from_buffer_copy(data, 4 * length * column) for column in range(3)]
code = (ctypes.c_uint8 * length).from_buffer_copy(data, 12 * length)
slots = (ctypes.c_void_p * ids)()
raw = (ctypes.c_uint8 * ids)()
for _ in iter(sys.stdin.readline, ""):
    sys.stdout.write("%r\n" % replay(code, *words, ctypes.c_size_t(length), slots, raw, ctypes.c_size_t(ids)))
    sys.stdout.flush()
