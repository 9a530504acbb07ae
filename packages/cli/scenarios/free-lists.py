# Claim 18: lists, dictionaries and tuples keep their own freed objects.
import sys

for round in range(3):
    lists = [[i] for i in range(100)]
    dicts = [{i: i} for i in range(100)]
    tuples = [(i, lists[i]) for i in range(100)]
    floats = [i * 0.5 for i in range(200)]
    print('count', sys.getrefcount(lists[0]))
    print('count', sys.getrefcount(tuples[0]))
    del lists, dicts, tuples, floats
