# Claim 19: files that are opened and forgotten. Each holds a descriptor of the system and the buffers of its three layers.
name = "notes.txt"
with open(name, "w") as notes:
    notes.write("remember to close\n" * 100)

opened = []


def first_line(path):
    file = open(path)
    opened.append(file)
    return file.readline()


def first_line_and_close(path):
    with open(path) as file:
        return file.readline()


for _ in range(12):
    first_line(name)
for _ in range(12):
    first_line_and_close(name)
print(sum(not file.closed for file in opened))
