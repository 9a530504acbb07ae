"""JSON documents written and read again."""
import json


def document(depth, width):
    if depth == 0:
        return {"name": "leaf", "size": width * 1.5, "tags": ["a", "b", None, True]}
    return {"depth": depth, "inner": [document(depth - 1, width + i) for i in range(width)]}


trips = 0
for round in range(4):
    text = json.dumps(document(4, 4), indent=round % 3 or None, sort_keys=True)
    assert json.loads(text) == document(4, 4)
    trips += len(text)
print(trips)
