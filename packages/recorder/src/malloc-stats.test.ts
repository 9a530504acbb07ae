import { expect, test } from 'vitest'
import { parseMallocStats } from './malloc-stats.ts'

/** Printed by CPython 3.8.18 and by 3.11.7, without most of their class tables. */
const PRINTED_38 = `Small block threshold = 512, in 32 size classes.

class   size   num pools   blocks in use  avail blocks
-----   ----   ---------   -------------  ------------
    0     16           1              51           202

# arenas allocated total           =                   16
# arenas reclaimed                 =                   10
# arenas highwater mark            =                    6
# arenas allocated current         =                    6
6 arenas * 262144 bytes/arena      =            1,572,864

# bytes in allocated blocks        =            1,307,472
# bytes in available blocks        =               64,688
41 unused pools * 4096 bytes       =              167,936
# bytes lost to pool headers       =               16,464
# bytes lost to quantization       =               16,304
# bytes lost to arena alignment    =                    0
Total                              =            1,572,864
`

test('[R8] every figure is read out of what the interpreter prints', () => {
  expect(parseMallocStats(PRINTED_38)).toStrictEqual({
    arenasAllocatedTotal: 16,
    arenasReclaimed: 10,
    arenasHighwater: 6,
    arenas: 6,
    bytesInAllocatedBlocks: 1307472,
    bytesInAvailableBlocks: 64688,
    unusedPools: 41,
    bytesInPoolHeaders: 16464,
    bytesLostToQuantization: 16304,
    bytesLostToArenaAlignment: 0,
  })
})

test('[R8] text that lacks a figure is no observation', () => {
  expect(parseMallocStats('')).toBeNull()
  expect(parseMallocStats(PRINTED_38.replace('# arenas reclaimed', '# arenas returned'))).toBeNull()
})
