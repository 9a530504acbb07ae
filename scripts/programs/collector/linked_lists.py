"""Doubly linked lists, dropped one after the other; every seventh is kept for a while."""
import gc

gc.set_threshold(700, 10, 10)

TURNS = 600
BALLAST = 0


class Node:
    def __init__(self, value):
        self.value = value
        self.previous = None
        self.next = None


def linked(length):
    first = Node(0)
    last = first
    for value in range(1, length):
        node = Node(value)
        node.previous = last
        last.next = node
        last = node
    return first


ballast = [[number] for number in range(BALLAST)]
kept = []
for turn in range(TURNS):
    head = linked(3 + turn % 5)
    if turn % 7 == 0:
        kept.append(head)
    if len(kept) > 20:
        del kept[0]
