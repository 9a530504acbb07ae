# Claim 20, after: it is let go as soon as it has served.
first = [[i, -i] for i in range(300)]
count = len(first)
del first
second = [[i, -i] for i in range(300)]
print(count + len(second))
