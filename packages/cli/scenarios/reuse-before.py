# Claim 20, before: a new buffer for each step, all of them kept until the end.
def steps(count):
    buffers = []
    for step in range(count):
        buffer = bytearray(2048)
        buffer[0] = step
        buffers.append(buffer)
    return sum(buffer[0] for buffer in buffers)


print(steps(40))
