"""Builds a graph by each recipe, drops its root, and prints in which order finalizers ran.

A recipe names kinds, a number of nodes and a reach: the parent of node i is one of the `reach` nodes before it, and without
a seed kinds alternate. Markers are leaves behind the other children of a node: they tell when what came before them was gone.
The order is printed as runs, [first, step, length]: the first ones, and the digest of all.
"""
import hashlib
import json
import sys
import types

log = []
append = log.append
PLACES = "abcde"
ROOM = {"slots": 4, "instance": 4, "method": 1, "cell": 1, "function": 1, "builtinMethod": 1, "set": 1}
FINALIZED = ("slots", "instance")


class Instance:
    def __del__(self):
        append(self.number)


class Slots:
    __slots__ = ("number",) + tuple(PLACES)

    def __del__(self):
        append(self.number)


CODE = (lambda: None).__code__
EMPTY = {}


def nodes_of(recipe):
    state = [recipe.get("seed", 0)]

    def choice(limit):
        state[0] = (state[0] * 1664525 + 1013904223) % 2**32
        return (state[0] >> 16) % limit

    kinds = recipe["kinds"]
    nodes = []
    for number in range(recipe["nodes"]):
        kind = kinds[choice(len(kinds)) if "seed" in recipe else number % len(kinds)]
        if number > 0:
            parent = max(0, number - 1 - choice(recipe["reach"]))
            while len(nodes[parent][1]) >= ROOM.get(nodes[parent][0], 1000):
                parent += 1
            nodes[parent][1].append(number)
        nodes.append((kind, []))
    if recipe["markers"]:
        for kind, children in nodes[: recipe["nodes"]]:
            if kind in FINALIZED:
                children.append(len(nodes))
                nodes.append(("slots", []))
    return nodes


def made(number, kind, children):
    if kind in FINALIZED:
        it = Instance() if kind == "instance" else Slots()
        it.number = number
        for place, child in zip(PLACES, children):
            setattr(it, place, child)
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
        return types.MethodType(len, children[0] if children else 1)
    if kind == "builtinMethod":
        return children[0].append
    if kind == "cell":
        cell = (lambda x: lambda: x)(None).__closure__[0]
        cell.cell_contents = children[0] if children else None
        return cell
    raise ValueError(kind)


def built(recipe):
    nodes = nodes_of(recipe)
    things = [None] * len(nodes)
    for number in range(len(nodes) - 1, -1, -1):
        kind, children = nodes[number]
        things[number] = made(number, kind, [things[child] for child in children])
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


# Instances of a class share the keys of their attributes; one that comes late with a new key gets a dict of its own.
first = Instance()
for key in ("number",) + tuple(PLACES):
    setattr(first, key, 0)

answers = {}
for name, recipe in RECIPES.items():
    root = [built(recipe)]
    del log[:]
    root.pop()
    order = runs(log)
    text = json.dumps(order, separators=(",", ":"))
    answers[name] = {"finalizers": len(log), "first": order[:12], "sha256": hashlib.sha256(text.encode()).hexdigest()}
print(json.dumps(answers))
