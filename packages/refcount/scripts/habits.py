"""Asks an interpreter for its habits: free lists, what is tracked, which objects a call or an attribute makes, in which order things end."""
import gc
import json
import sys
import types
import weakref

gc.disable()
answers = {}


def count():
    return gc.get_count()[0]


class Method:
    def call(self):
        pass


class Attributes:
    pass


class Slots:
    __slots__ = ("x", "__weakref__")


bound = Method()
items = []
function = lambda: None
referents = [Slots() for _ in range(700)]
MAKERS = {
    "list": lambda i: [],
    "dict": lambda i: {},
    "set": lambda i: set(),
    "instance": lambda i: Attributes(),
    "slots": lambda i: Slots(),
    "method": lambda i: bound.call,
    "builtinMethod": lambda i: items.append,
    "function": lambda i: (lambda: None),
    "weakref": lambda i: weakref.ref(referents[i], function),
}
for size in (1, 2, 3, 10, 18, 19, 20, 21):
    MAKERS["tuple of %d" % size] = lambda i, source=[object()] * size: tuple(source)


def free_list(kind, maker):
    """Of so many objects, how many asked the allocator when made anew; so many less were kept when they had died."""
    number = 2600 if kind.startswith("tuple") else 700
    places = range(number)
    kept = [None] * number
    gc.collect()
    for i in places:
        kept[i] = maker(i)
    for i in places:
        kept[i] = None
    before = count()
    for i in places:
        kept[i] = maker(i)
    made = count() - before
    before = count()
    for i in places:
        kept[i] = None
    return {"objects": number, "requested": made, "released": before - count()}


# 3.14.0 to 3.14.4 count tracked objects: what was asked of the allocator cannot be seen.
if sys.version_info[:2] != (3, 14):
    for kind, maker in MAKERS.items():
        answers["free list: " + kind] = free_list(kind, maker)

answers["tracked"] = [
    gc.is_tracked(it)
    for it in (
        {}, {1: 2}, {1: ()}, {1: []}, {1: {}}, {1: (1, 2)}, {1: ([],)}, {1: lambda: 0},
        set(), [], Attributes(), Slots(), lambda: 0, bound.call, items.append, weakref.ref(bound),
    )
]


def reused():
    "Which of three lists, that died in order, each of three new ones lies in."
    gc.collect()
    kept = [[], [], []]
    places = [id(it) for it in kept]
    for i in range(3):
        kept[i] = None
    made = [[], [], []]
    return [places.index(id(it)) for it in made]


answers["reused"] = reused()


def measured(work, *arguments):
    before = gc.get_count()[0]
    work(*arguments)
    return gc.get_count()[0] - before


def leaf():
    pass


def nested(depth):
    if depth > 0:
        nested(depth - 1)


if sys.version_info[:2] != (3, 14):
    # Emptied, the free list of frames has none; the first code that runs is measured's own.
    measured(int)
    gc.collect()
    measured(int)
    answers["calls"] = [measured(leaf), measured(leaf), measured(nested, 10), measured(nested, 10), measured(nested, 300), measured(nested, 300)]

    def dicts(attributes):
        "Objects that instances and their attributes ask the allocator for."
        made_of = type("Attributes", (), {})
        gc.collect()
        kept = [None] * 200
        before = count()
        for i in range(200):
            it = made_of()
            for name in attributes:
                setattr(it, name, items)
            kept[i] = it
        it = None
        made = count() - before
        before = count()
        for i in range(200):
            kept[i] = None
        return [made, before - count()]

    answers["attributes"] = [dicts(""), dicts("a"), dicts("ab")]

log = []
said = log.append


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        said("del " + self.name)


class Saved(Node):
    def __del__(self):
        said("del " + self.name)
        box.append(self)


def watch(it, name):
    return weakref.ref(it, lambda _: said("call " + name))


def told(story):
    del log[:]
    story()
    return list(log)


def order_at_death():
    "Finalizer, callbacks with the newest first, then what it held."
    it = Node("a")
    it.child = Node("b")
    kept = [watch(it, "1"), weakref.ref(it), watch(it, "2"), watch(it.child, "3")]
    del it
    kept.append(None)


def dead_watcher():
    "A weak reference that died before is not called."
    it = Node("a")
    first, second = watch(it, "1"), watch(it, "2")
    del first
    del it


def callback_alone():
    "The function of a weak reference dies after its call, before what the object held."
    class Late:
        def __del__(self):
            said("del function's")

    def made():
        late = Late()
        return lambda _: (said("call"), late)[0]

    it = Node("a")
    it.child = Node("b")
    kept = weakref.ref(it, made())
    del it


def callbacks_gathered():
    "Functions of several weak references die after all were called, the last called first."
    class Late:
        def __init__(self, name):
            self.name = name

        def __del__(self):
            said("del function's " + self.name)

    def made(name):
        late = Late(name)
        return lambda _: (said("call " + name), late)[0]

    it = Node("a")
    it.child = Node("b")
    kept = [weakref.ref(it, made(name)) for name in "123"]
    del it


def resurrected():
    "A finalizer runs once."
    global box
    box = []
    it = Saved("a")
    it.child = Node("b")
    kept = weakref.ref(it)
    del it
    said("alive " + str(kept() is not None))
    box.pop()
    said("alive " + str(kept() is not None))


def two_saviours():
    "Each stores itself again, and none a second time."
    global box
    box = []
    one, two = Saved("a"), Saved("b")
    one.other = two
    del two
    del one
    said("kept %d" % len(box))
    box.pop()
    said("kept %d" % len(box))


def container_order(make):
    def story():
        it = make([Node(name) for name in "abc"])
        del it
    return story


def rebinding():
    "The new object is held before the old one is dropped."
    it = Node("a")
    it = Node("b")
    said("bound " + it.name)


def bound_again():
    "A name that is bound to what it holds keeps it."
    it = Node("a")
    it = it
    said("alive")


def leaving():
    "Locals go in the order of their slots."
    def call():
        first, second, third = Node("a"), Node("b"), Node("c")
        del second
        second = Node("d")
    call()


def slots_in_order():
    class Slotted:
        __slots__ = ("b", "a", "c")
    it = Slotted()
    it.c, it.a, it.b = Node("c"), Node("a"), Node("b")
    del it


STORIES = {
    "order at death": order_at_death,
    "dead watcher": dead_watcher,
    "callback alone": callback_alone,
    "callbacks gathered": callbacks_gathered,
    "resurrected": resurrected,
    "two saviours": two_saviours,
    "list": container_order(list),
    "tuple": container_order(tuple),
    "dict": container_order(lambda nodes: dict(enumerate(nodes))),
    "rebinding": rebinding,
    "bound again": bound_again,
    "leaving": leaving,
    "slots": slots_in_order,
}
for name, story in STORIES.items():
    answers["story: " + name] = told(story)
print(json.dumps(answers))
