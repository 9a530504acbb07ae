# Claim 16: blocks of one size share pools; one block that lives on keeps a whole arena.
import sys

recorder = __import__('reheap_recorder') if 'reheap_recorder' in sys.builtin_module_names else None


def mark(label):
    if recorder:
        recorder.mark(label)
        recorder.observe()


mark('before')
blocks = [bytes(470) for _ in range(6000)]
mark('full')
survivor = blocks[3000]
del blocks
mark('one survivor')
again = [bytes(470) for _ in range(1500)]
mark('reused')
del again, survivor
mark('released')
