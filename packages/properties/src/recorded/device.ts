/**
 * Bytes and lifetimes of 6253 requests to a GPU, by stream.
 *
 * @source packages/device-memory/test/fixtures/pytorch-2.11-train-default.jsonl.gz
 * @source packages/device-memory/test/fixtures/pytorch-2.11-infer-exp.jsonl.gz
 * @source packages/device-memory/test/fixtures/pytorch-2.11-graphs-default.jsonl.gz
 * @source packages/device-memory/test/fixtures/pytorch-2.11-streams_tight-expgc.jsonl.gz
 * Measured by scripts/measure-streams.mjs.
 */
export const RECORDED_DEVICE = {
  streams: [
    {
      weight: 4595,
      sharedPercent: 3,
      parts: [
        { bytes: 4, lives: [6, 17, 33, 47, 63, 76, 92, 229] },
        { bytes: 2304, lives: [1, 18, 45, 96, 198, 371, null, null] },
        { bytes: 8192, lives: [0, 1, 50, 164, 455, null, null, null] },
        { bytes: 16384, lives: [0, 1, 1, 1, 1, 1, 11, 312] },
        { bytes: 25340, lives: [0, 0, 1, 1, 1, 13, 70, 268] },
        { bytes: 66304, lives: [0, 0, 0, 0, 5, 54, 316, null] },
        { bytes: 187570, lives: [0, 0, 1, 10, 43, 90, 205, null] },
        { bytes: 831488, lives: [2, 4, 42, 182, 255, 317, 350, null] },
        { bytes: 1372160, lives: [0, 5, 7, 58, 157, 255, 329, null] },
        { bytes: 2105344, lives: [1, 51, 102, 108, 125, 255, 324, 329] },
        { bytes: 3145728, lives: [1, 4, 27, 255, 290, 329, null, null] },
        { bytes: 4194304, lives: [2, 2, 4, 7, 80, 212, 350, null] },
        { bytes: 8388608, lives: [0, 1, 3, 4, 57, 303, 672, null] },
        { bytes: 16777216, lives: [0, 1, 2, 39, 173, 458, null, null] },
        { bytes: 33554432, lives: [0, 1, 107, 405, 712, null, null, null] },
        { bytes: 67108864, lives: [0, 0, 1, 1, 126, null, null, null] },
      ],
    },
    {
      weight: 1053,
      sharedPercent: 13,
      parts: [
        { bytes: 334, lives: [3, 20, 37, 69, 99, 150, 234, null] },
        { bytes: 739, lives: [3, 25, 44, 73, 137, 218, 298, null] },
        { bytes: 1751, lives: [5, 15, 40, 64, 124, 185, 466, null] },
        { bytes: 3580, lives: [3, 8, 16, 38, 62, 115, 269, null] },
        { bytes: 7963, lives: [8, 29, 39, 65, 118, 189, 284, null] },
        { bytes: 16922, lives: [10, 20, 29, 47, 82, 124, 185, null] },
        { bytes: 40725, lives: [7, 21, 38, 82, 118, 192, null, null] },
        { bytes: 83644, lives: [5, 16, 27, 41, 75, 104, 140, 535] },
        { bytes: 155430, lives: [2, 11, 33, 46, 89, 141, 286, null] },
        { bytes: 348406, lives: [4, 12, 27, 59, 132, 198, 765, null] },
        { bytes: 764435, lives: [1, 12, 30, 47, 72, 123, 289, null] },
        { bytes: 1600656, lives: [6, 13, 31, 48, 73, 144, 209, null] },
        { bytes: 3460926, lives: [3, 17, 44, 64, 130, 178, 376, null] },
        { bytes: 8727887, lives: [6, 24, 44, 61, 86, 122, 181, null] },
        { bytes: 20536028, lives: [6, 18, 29, 38, 65, 96, 190, null] },
        { bytes: 44703574, lives: [3, 7, 15, 30, 59, 118, 340, null] },
      ],
    },
    {
      weight: 310,
      sharedPercent: 26,
      parts: [
        { bytes: 278, lives: [0, 7, 12, 38, 50, 129, 150, 158] },
        { bytes: 577, lives: [3, 14, 36, 83, 93, 239, 378, null] },
        { bytes: 1790, lives: [3, 15, 23, 28, 96, 116, 142, null] },
        { bytes: 3741, lives: [1, 3, 7, 18, 30, 101, 244, 305] },
        { bytes: 7346, lives: [2, 13, 15, 24, 36, 88, 114, null] },
        { bytes: 16586, lives: [1, 17, 32, 47, 76, 100, 161, null] },
        { bytes: 50208, lives: [7, 25, 35, 58, 65, 125, 271, null] },
        { bytes: 126399, lives: [1, 13, 20, 35, 67, 104, null, null] },
        { bytes: 280809, lives: [4, 8, 11, 34, 46, 76, 142, null] },
        { bytes: 562320, lives: [4, 10, 17, 20, 23, 40, 114, 127] },
        { bytes: 1084395, lives: [6, 13, 17, 28, 56, 65, 83, null] },
        { bytes: 3009179, lives: [11, 21, 40, 48, 73, 134, 216, null] },
        { bytes: 7730046, lives: [5, 10, 14, 42, 60, 135, 169, null] },
        { bytes: 14503293, lives: [3, 7, 33, 69, 81, 91, 166, null] },
        { bytes: 22449378, lives: [1, 7, 13, 60, 69, 89, 127, 141] },
        { bytes: 52987941, lives: [9, 12, 21, 31, 67, 115, 167, null] },
      ],
    },
    {
      weight: 295,
      sharedPercent: 29,
      parts: [
        { bytes: 365, lives: [1, 6, 15, 17, 23, 26, 53, 66] },
        { bytes: 625, lives: [2, 8, 23, 33, 64, 134, 246, null] },
        { bytes: 1404, lives: [4, 9, 34, 57, 116, 128, 330, null] },
        { bytes: 3304, lives: [8, 14, 15, 29, 61, 94, 159, null] },
        { bytes: 6258, lives: [16, 29, 35, 52, 101, 134, 153, 437] },
        { bytes: 12613, lives: [19, 21, 40, 49, 99, 114, 122, 157] },
        { bytes: 24605, lives: [14, 28, 43, 70, 81, 144, 316, null] },
        { bytes: 50995, lives: [4, 5, 10, 25, 55, 82, 157, null] },
        { bytes: 87240, lives: [7, 18, 30, 60, 107, 127, 160, null] },
        { bytes: 197567, lives: [2, 7, 8, 21, 31, 68, 146, 172] },
        { bytes: 563906, lives: [5, 16, 19, 24, 52, 58, 97, 123] },
        { bytes: 1190043, lives: [5, 6, 24, 92, 108, 330, null, null] },
        { bytes: 4152352, lives: [1, 4, 6, 17, 34, 92, 129, null] },
        { bytes: 11976816, lives: [5, 13, 20, 40, 65, 93, 115, 150] },
        { bytes: 28334012, lives: [12, 18, 25, 31, 61, 89, 203, null] },
        { bytes: 67446321, lives: [2, 11, 23, 76, 89, 150, null, null] },
      ],
    },
  ],
} as const
