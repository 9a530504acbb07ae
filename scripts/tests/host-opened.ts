/** A machine of 1 GiB as a log tells it, for tests of any package. */
const MIB = 2 ** 20

export const HOST_OPENED = {
  kind: 'HostOpened',
  ramBytes: 1024 * MIB,
  swapBytes: 256 * MIB,
  romBytes: 0,
  systemBytes: 128 * MIB,
  cacheBytes: 64 * MIB,
  touches: 'assumed',
} as const
