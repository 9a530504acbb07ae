import gc
import sys


class Base:
    registry = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Base.registry.append(cls)

    def __init__(self, *args):
        self.args = args

    @property
    def first(self):
        return self.args[0]

    @classmethod
    def make(cls, *args):
        return cls(*args)

    @staticmethod
    def double(x):
        return [x, x]


class Slots(Base):
    __slots__ = ('a', 'b')

    def __init__(self, a):
        super().__init__(a)
        self.a = a
        self.b = self


class Meta(type):
    def __new__(mcls, name, bases, body):
        return super().__new__(mcls, name, bases, body)


class Numbers(list, metaclass=Meta):
    pass


class Table(dict):
    pass


gc.set_threshold(120, 4, 4)
objects = [Base.make(i, [i]) for i in range(40)]
print(objects[3].first, Base.double(objects[0])[0] is objects[0], sys.getrefcount(objects[0]))
slots = [Slots([i]) for i in range(40)]
print(sys.getrefcount(slots[0]))
del slots
numbers = Numbers([1, 2, [3]])
numbers.extra = numbers
table = Table(a=numbers)
table.self = table
print(len(numbers), sys.getrefcount(numbers), len(table.__dict__))
made = [type('Made%d' % i, (Base,), {'x': [i]}) for i in range(8)]
print(len(Base.registry), made[0]().x)
Base.registry.clear()
del made, numbers, table
print(gc.collect() > 0, gc.get_count())
for one in objects:
    one.late = {'self': one}
print(sys.getrefcount(objects[0]), vars(objects[0]).keys())
del objects, one
print(gc.collect() > 0)
