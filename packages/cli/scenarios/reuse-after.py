# Claim 20, after: one buffer that every step fills again.
def steps(count):
    total = 0
    buffer = bytearray(2048)
    for step in range(count):
        buffer[0] = step
        total += buffer[0]
    return total


print(steps(40))
