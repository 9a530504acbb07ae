/**
 * Sizes and lifetimes of 13777 requests of malloc, as quantiles: the middles of 50 parts of equal size.
 *
 * @source packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz, by scripts/measure-requests.mjs
 */
export const RECORDED_REQUESTS = {
  /** @units bytes */
  sizes: [
    28, 32, 32, 36, 48, 48, 52, 53, 54, 55, 55, 56, 56, 56, 56, 57, 57, 57, 58, 59, 59, 60, 61, 62, 64, 64, 64, 64, 64, 65, 68, 72, 72, 72,
    72, 72, 72, 72, 72, 72, 80, 80, 104, 120, 152, 160, 188, 208, 400, 960,
  ],
  /** Further requests until the block is freed, of those that were. */
  lifetimes: [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 4, 10, 17, 65, 371, 769, 1411, 1590, 1961, 2481, 3047, 3578, 4053, 4380, 4676, 4982, 5408,
    5919, 6908, 7484, 7909, 8214, 8538, 8976, 9302, 9618, 9995, 10492, 10906, 11351, 11766, 12219, 12681, 13092, 13532,
  ],
} as const
