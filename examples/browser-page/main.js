import { allocatedBlocks, allocatorReducer, cpythonProfile, fragmentation } from '@reheap/allocator'

const answer = document.getElementById('answer')
let heap = allocatorReducer.initial(cpythonProfile('3.13'))
let block = 0

function allocate() {
  for (let end = block + 100; block < end; block++) {
    const asked = allocatorReducer.step(heap, { kind: 'Malloc', domain: 'obj', block, bytes: 120 })
    if (asked._tag === 'Left') throw new Error(asked.left.reason.message)
    heap = asked.right.state
    for (const { kind, address } of asked.right.emitted)
      if (kind === 'PoolOpened') answer.append(`block ${block} opens the pool at 0x${address.toString(16)}\n`)
  }
  const { mappedBytes } = fragmentation(heap)
  answer.append(`${allocatedBlocks(heap)} blocks in ${mappedBytes} bytes of arenas\n`)
}

document.getElementById('allocate').addEventListener('click', allocate)
allocate()
