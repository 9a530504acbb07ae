"""Builds the graphs of a JSON file, drops each one's root, and prints in which order finalizers ran.

A graph is a list of [kind, child, ...]; children stand behind their parents. The order is written as runs: [first, step, length].
"""
import json
import sys
import types

log = []
append = log.append


class Instance:
    def __del__(self):
        append(self.number)


class Slots:
    __slots__ = ("number", "a", "b", "c", "d")

    def __del__(self):
        append(self.number)


CODE = (lambda: None).__code__
EMPTY = {}


def made(number, kind, children):
    if kind == "instance":
        it = Instance()
        it.number = number
        for place, child in enumerate(children):
            setattr(it, "abcd"[place], child)
        return it
    if kind == "slots":
        it = Slots()
        it.number = number
        for place, child in enumerate(children):
            setattr(it, "abcd"[place], child)
        return it
    if kind == "list":
        return list(children)
    if kind == "tuple":
        return tuple(children)
    if kind == "dict":
        return dict(enumerate(children))
    if kind == "set":
        return set(children)
    if kind == "function":
        return types.FunctionType(CODE, EMPTY, "f", children[0])
    if kind == "method":
        return types.MethodType(len, children[0])
    if kind == "builtinMethod":
        return children[0].append
    if kind == "cell":
        cell = [(lambda x: lambda: x)(None).__closure__[0]]
        cell[0].cell_contents = children[0]
        return cell.pop()
    raise ValueError(kind)


def built(nodes):
    things = [None] * len(nodes)
    for number in range(len(nodes) - 1, -1, -1):
        kind, *children = nodes[number]
        held = [things[child] for child in children]
        things[number] = made(number, kind, held)
        del held
    root = things[0]
    del things[:]
    return root


def runs(order):
    found = []
    for number in order:
        if found:
            first, step, length = found[-1]
            if length == 1 or number == first + step * length:
                if length == 1:
                    found[-1][1] = number - first
                found[-1][2] += 1
                continue
        found.append([number, 0, 1])
    return found


def main(path):
    with open(path) as file:
        graphs = json.load(file)
    for graph in graphs:
        root = [built(graph["nodes"])]
        del log[:]
        root.pop()
        print(json.dumps(runs(log), separators=(",", ":")))
    print("done", sys.version.split()[0])


main(sys.argv[1])
