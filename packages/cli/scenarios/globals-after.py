# Claim 20, after: they are names of a function, and end with it.
def total_of_squares():
    rows = [[i, i + 1000, i + 2000] for i in range(300)]
    squares = [[row[0] * row[0]] for row in rows]
    return sum(square[0] for square in squares)


total = total_of_squares()
report = [str(i) + ' lines of the report' for i in range(300)]
print(total, len(report))
