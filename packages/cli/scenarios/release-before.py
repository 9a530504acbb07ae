# Claim 20, before: the first table is still held while the second is built.
first = [[i, -i] for i in range(300)]
count = len(first)
second = [[i, -i] for i in range(300)]
print(count + len(second))
