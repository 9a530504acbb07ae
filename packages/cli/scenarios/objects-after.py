# Claim 20, after: two lists of numbers for all points.
from array import array

xs = array('q', range(300))
ys = array('q', range(1000, 1300))
print(sum(xs))
