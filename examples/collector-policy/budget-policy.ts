import { type CollectionPolicy, generationalPolicy } from '@reheap/cycle-gc'

/**
 * Collects the youngest generation once its objects take more than so many bytes, and everything each time that this came
 * `fullEvery` times: many small objects wait, few large ones do not.
 */
export const budgetPolicy = (bytesMax: number, fullEvery: number): CollectionPolicy => ({
  ...generationalPolicy,
  name: `budget of ${bytesMax} bytes`,
  // memory[0]: bytes since the last collection. memory[1]: young collections since the last full one.
  memory: 2,
  isDue: ({ memory }, bytes) => {
    memory[0] = (memory[0] ?? 0) + bytes
    return memory[0] > bytesMax
  },
  choose: ({ memory }) => ((memory[1] ?? 0) + 1 >= fullEvery ? 2 : 0),
  collect: (collector, generation) => {
    collector.memory[0] = 0
    collector.memory[1] = generation === 2 ? 0 : (collector.memory[1] ?? 0) + 1
    generationalPolicy.collect(collector, generation)
  },
})
