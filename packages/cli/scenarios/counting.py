# Claim 11: a reference more for each new holder, one less when it lets go.
import sys


def main():
    x = []
    print('count', sys.getrefcount(x))
    y = x
    print('count', sys.getrefcount(x))
    holder = [x, x]
    print('count', sys.getrefcount(x))
    holder.pop()
    print('count', sys.getrefcount(x))
    del y
    print('count', sys.getrefcount(x))
    holder.clear()
    print('count', sys.getrefcount(x))


main()
x = []
print('count', sys.getrefcount(x))
y = {'x': x}
print('count', sys.getrefcount(x), flush=True)
