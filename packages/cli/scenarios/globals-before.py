# Claim 20, before: intermediate results are globals, which live as long as the program.
rows = [[i, i + 1000, i + 2000] for i in range(300)]
squares = [[row[0] * row[0]] for row in rows]
total = sum(square[0] for square in squares)
report = [str(i) + ' lines of the report' for i in range(300)]
print(total, len(report))
