# Times gc.collect() on the graphs of collect.mjs, and prints seconds of the processor as one line of JSON.
import gc, json, sys, time

COUNT, ROUNDS = int(sys.argv[1]), int(sys.argv[2])
SEED, FACTOR, MODULUS = 20_251_125, 16_807, 2_147_483_647


class Node(object):
    pass


def random_graph(count):
    """Lists that each hold two lists chosen by the generator; one list holds them all."""
    state = SEED
    keep = [[] for _ in range(count)]
    for one in keep:
        state = state * FACTOR % MODULUS
        one.append(keep[state % count])
        state = state * FACTOR % MODULUS
        one.append(keep[state % count])
    return keep


def chain(count):
    """Each list holds the one made before it; the last one is held."""
    one = first = []
    for _ in range(count - 1):
        one = [one]
    return one, first


def instances(count):
    """A binary tree of instances with two attributes; its root is held."""
    nodes = [Node() for _ in range(count)]
    for at in range(1, count):
        setattr(nodes[(at - 1) // 2], 'left' if at % 2 else 'right', nodes[at])
    return nodes[0], nodes[-1]


def live(make):
    held = make(COUNT)
    gc.collect()
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        gc.collect()
        seconds.append(time.process_time() - start)
    return seconds


def garbage(make, close):
    seconds = []
    for _ in range(ROUNDS):
        held = make(COUNT)
        close(held)
        held = None
        start = time.process_time()
        found = gc.collect()
        seconds.append(time.process_time() - start)
        assert found >= COUNT, found
    return seconds


def close_instances(held):
    held[1].left = held[0]


gc.disable()
gc.collect()
print(json.dumps({
    'random live': live(random_graph),
    'chain live': live(chain),
    'instances live': live(instances),
    'random garbage': garbage(random_graph, lambda keep: keep.append(keep)),
    'chain garbage': garbage(chain, lambda held: held[1].append(held[0])),
    'instances garbage': garbage(instances, close_instances),
}))
