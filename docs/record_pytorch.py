"""Records the CUDA memory of a PyTorch program for reheap: a snapshot at the end, and one where memory runs out."""

import contextlib

import torch


@contextlib.contextmanager
def recorded(path, max_entries=1_000_000, stacks="python"):
    """Records until the end of the block, then writes the snapshot. Yields what marks an iteration."""
    memory = torch.cuda.memory
    memory._record_memory_history(max_entries=max_entries, stacks=stacks)
    torch._C._cuda_attach_out_of_memory_observer(lambda *_: memory._dump_snapshot(f"{path}.oom"))
    try:
        yield _iteration
    finally:
        torch.cuda.synchronize()
        memory._dump_snapshot(path)
        memory._record_memory_history(enabled=None)


@contextlib.contextmanager
def _iteration(label):
    # record_function is an annotation of the snapshot from 2.5 on; before that it does nothing here.
    with torch.profiler.record_function(label):
        yield
