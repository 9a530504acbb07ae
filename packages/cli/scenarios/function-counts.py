# Claim 21: a list, a list that holds it, a dictionary, and their counts in a function.
import sys


def main():
    first = [1, 2, 3]
    second = [first]
    third = {'key': 'value'}
    print('count', sys.getrefcount(first))
    print('count', sys.getrefcount(second))
    print('count', sys.getrefcount(third))
    second = None
    print('count', sys.getrefcount(first))
    del third
    print('count', sys.getrefcount(first))


main()
