/** Headers of another writer that the simulation cannot begin from: the field that is told, and what stands beside the runtime. */
export const DAMAGED_HEADERS: readonly (readonly [field: string, fields: object])[] = [
  ['capacities.poolBytes', { capacities: { poolBytes: 'many' } }],
  ['capacities', { capacities: { poolBytes: 64 } }],
  ['collector', { collector: { counts: [0, 0], objects: [0, 0, 0, 0] } }],
  ['driver', { driver: { kind: 'lastFit' } }],
]
