const OBJ = 2
const ALLOCATOR_BYTES = 20

/** Tells of each block that goes back to the interpreter's object allocator, or moves. */
export function watchFreedBlocks(module, onFreed) {
  const fields = module._PyMem_RawMalloc(ALLOCATOR_BYTES)
  module._PyMem_GetAllocator(OBJ, fields)
  const word = (index) => (fields >> 2) + index
  const [resize, release] = [3, 4].map((index) => module.wasmTable.get(module.HEAP32[word(index)]))
  module.HEAP32[word(3)] = module.addFunction((context, block, bytes) => {
    const moved = resize(context, block, bytes)
    if (moved !== block && moved !== 0) onFreed(block)
    return moved
  }, 'iiii')
  module.HEAP32[word(4)] = module.addFunction((context, block) => {
    onFreed(block)
    release(context, block)
  }, 'vii')
  module._PyMem_SetAllocator(OBJ, fields)
}
