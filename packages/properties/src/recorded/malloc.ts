/**
 * Sizes and lifetimes of 61930 requests of malloc, in bytes and further requests.
 *
 * @source packages/allocator/test/fixtures/cpython-3.11-stress.jsonl.gz
 * @source packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz
 * Measured by scripts/measure-streams.mjs.
 */
export const RECORDED_MALLOC = {
  all: [
    { bytes: 32, lives: [0, 0, 0, 1, 4, 11, 64, 39627] },
    { bytes: 32, lives: [0, 0, 1, 3, 4, 40, 475, 31384] },
    { bytes: 48, lives: [1, 1, 3, 37, 40, 957, 2144, 39599] },
    { bytes: 54, lives: [0, 0, 0, 0, 0, 2562, 11859, 40849] },
    { bytes: 56, lives: [0, 0, 0, 61, 3734, 8761, 29294, 42247] },
    { bytes: 59, lives: [0, 0, 0, 0, 1673, 8331, 35334, 41041] },
    { bytes: 64, lives: [0, 4, 101, 5001, 10143, 35045, 39961, 45087] },
    { bytes: 72, lives: [0, 1, 4858, 38624, 41290, 44106, 45596, 46983] },
    { bytes: 72, lives: [0, 613, 5818, 9361, 10676, 12046, 13329, 42901] },
    { bytes: 139, lives: [0, 1, 8, 16, 39, 2445, 10069, 41306] },
    { bytes: 240, lives: [0, 3, 8, 11, 374, 2277, 5678, 29206] },
    { bytes: 512, lives: [336, 2101, 5149, 10072, 10974, 12921, 14243, 15306] },
    { bytes: 512, lives: [2788, 5452, 6975, 8350, 9036, 9779, 11168, 12141] },
    { bytes: 512, lives: [1364, 2555, 4263, 5644, 6716, 10484, 11144, 11789] },
    { bytes: 512, lives: [5244, 5987, 6656, 7256, 7957, 8617, 9260, 9905] },
    { bytes: 512, lives: [29, 1119, 1841, 2528, 3131, 3715, 4504, 11747] },
  ],
  large: [
    { bytes: 568, lives: [0, 0, 1, 12, 50, 772, 9402, 42727] },
    { bytes: 640, lives: [0, 16, 25, 33, 41, 51, 596, 46564] },
    { bytes: 768, lives: [43, 43, 10182, 13966, 36040, 37714, 39639, 43762] },
    { bytes: 768, lives: [16, 40, 109, 975, 3677, 4721, 7714, 41416] },
    { bytes: 960, lives: [20, 968, 2649, 4358, 7999, 34077, 36131, 37840] },
    { bytes: 1280, lives: [0, 20, 44, 537, 2980, 33886, 38104, 44119] },
    { bytes: 2048, lives: [1, 11, 40, 65, 452, 2532, 8095, 36458] },
    { bytes: 8192, lives: [0, 6, 121, 271, 2015, 30246, 31940, 35574] },
  ],
} as const
