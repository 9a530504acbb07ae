"""Text: words counted, sorted, joined and split again; strings and dictionaries that grow and go."""
import collections
import random
import re

source = random.Random(1126)
letters = "abcdefghijklmnopqrstuvwxyz"
words = ["".join(source.choice(letters) for _ in range(source.randrange(2, 11))) for _ in range(3000)]
total = 0
for chapter in range(12):
    text = " ".join(source.choice(words) + (".\n" if number % 17 == 0 else "") for number in range(20000))
    counts = collections.Counter(re.findall(r"[a-z]+", text))
    lines = [line.strip().upper() for line in text.split("\n")]
    index = {}
    for number, line in enumerate(lines):
        for word in line.split():
            index.setdefault(word, []).append(number)
    total += len(counts) + len(index) + len("\n".join(sorted(lines)))
print(total)
