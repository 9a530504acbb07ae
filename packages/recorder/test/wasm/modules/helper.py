import sys
KEPT = []
def make(n):
    made = []
    for i in range(n):
        made.append([i])
    return made
def counted(rows):
    local = rows[0]
    return sys.getrefcount(local), sys.getrefcount(rows[1])
