export const overviewOf = (events, curves) => ({
  name: 'log',
  layer: 'python',
  devices: [],
  runtime: 'cpython 3.13.0',
  profile: 'cpython-3.13',
  events,
  hasLines: false,
  notes: [],
  curves,
  times: null,
  moments: [],
  collections: [],
})
//# sourceMappingURL=overview.js.map
