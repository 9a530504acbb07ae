"""Prints, again and again, which attribute of which object holds which other: all of them by the names of variables."""
import gc
import json

gc.disable()


class Node:
    kind = []

    def __init__(self, first):
        self.first = first
        self.second = [2]


class Child(Node):
    def __init__(self, first, third):
        super().__init__(first)
        self.third = third


class Slotted:
    __slots__ = ('left', '__right', 'after')

    def __init__(self, left, right):
        self.left = left
        self.__right = right


class Both(Slotted):
    def __init__(self, left, right, late):
        super().__init__(left, right)
        self.late = late


class Fault(Exception):
    pass


class Bag(dict):
    pass


class Ünïcode:
    pass


def function():
    pass


v_a, v_b, v_c, v_d, v_e = [1], [2], {'key': 'value'}, (1, [2]), Node([3])
v_kind = Node.kind
o_node, o_child = Node(v_a), Child(v_b, v_b)
o_slotted, o_both = Slotted(v_c, v_d), Both(v_a, v_e, v_e)
o_fault, o_bag, o_own, o_function = Fault(), Bag(), Ünïcode(), function
o_Node, o_Both = Node, Both
v_e.up = o_node

ATTRIBUTES = ['first', 'second', 'third', 'left', '_Slotted__right', 'after', 'late', 'kind', 'sort', 'up', 'größe', *('x%d' % i for i in range(40))]


def holding():
    """For each object {attribute: names of the object that it holds}, where that has a name. Reads no `__dict__`: that would make one."""
    gc.collect()
    names = {}
    for name, value in globals().items():
        if name.startswith(('v_', 'o_')):
            names.setdefault(id(value), []).append(name)
    held = {}
    for name, owner in list(globals().items()):
        if not name.startswith(('v_', 'o_')) or isinstance(owner, (list, tuple)) or type(owner) is dict:
            continue
        held[name] = {}
        for attribute in ATTRIBUTES:
            if (attribute in ('kind', 'sort')) != isinstance(owner, type):
                continue
            value = vars(owner).get(attribute) if isinstance(owner, type) else getattr(owner, attribute, None)
            if id(value) in names:
                held[name][attribute] = sorted(names[id(value)])
    print(json.dumps(held, sort_keys=True))
    return [held]


check = holding()
o_node.second = v_b
del o_child.first
o_child.first = v_c
o_slotted.after = o_slotted.left
del o_slotted.left
o_fault.first = v_a
o_bag.first = v_b
o_bag['first'] = v_c
o_own.größe = v_d
o_function.late = v_e
check = holding()
o_node.x1 = o_node.first
del o_node.first
o_both.late = v_a
o_both.x2 = v_b
Node.sort = v_d
check = holding()
v_dict = vars(o_node)
v_dict['x4'] = v_e
o_child.__dict__
check = holding()
for i in range(40):
    setattr(o_node, 'x%d' % i, v_a if i % 3 else v_b)
    setattr(o_own, 'x%d' % i, v_c)
    if i % 4 == 0:
        delattr(o_own, 'x%d' % i)
check = holding()
o_child.__dict__ = {'first': v_d, 'x5': v_e}
del v_dict
check = holding()
o_child.__dict__['x6'] = o_child.__dict__.pop('x5')
Both.kind = v_c
del Node.sort
check = holding()

owners = [o_node, o_child, o_both, o_fault, o_bag, o_own, v_e, Node('x'), o_function]
values = [v_a, v_b, v_c, v_d, v_e]
state = 7
for step in range(240):
    state = (state * 1103515245 + 12345) % 2147483648
    deed, name, other = state >> 8 & 7, 'x%d' % (state >> 12 & 15), 'x%d' % (state >> 18 & 15)
    owner, value = owners[state >> 16 & 7], values[(state >> 20) % 5]
    if deed < 4:
        setattr(owner, name, value)
    elif deed < 6 and hasattr(owner, name):
        delattr(owner, name)
    elif deed == 6 and hasattr(owner, name):
        setattr(owner, other, getattr(owner, name))
        if name != other:
            delattr(owner, name)
    elif state & 1:
        vars(owner)[name] = value
    if step % 40 == 39:
        check = holding()
