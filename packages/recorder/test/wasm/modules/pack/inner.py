class Node:
    pass
def ring(n):
    for i in range(n):
        node = Node()
        node.me = node
