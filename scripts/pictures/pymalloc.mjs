import { allocatorReducer, cpythonProfile, poolMap } from '../../packages/allocator/dist/index.js'
import { COLOURS, Picture } from './svg.mjs'

const CELL = 14
const ROW = 16

/** Arenas of 3.9 pool by pool, after three size classes were filled and every other block was freed. */
export function pymallocPicture() {
  let heap = allocatorReducer.initial(cpythonProfile('3.9'))
  const ask = (request) => {
    const answer = allocatorReducer.step(heap, request)
    if (answer._tag === 'Left') throw new Error(answer.left.reason.message)
    heap = answer.right.state
  }
  for (let block = 0; block < 4_000; block++) ask({ kind: 'Malloc', domain: 'obj', block, bytes: [48, 112, 480][block % 3] })
  for (let block = 0; block < 4_000; block++) if (block % 2 === 0 || block > 2_600) ask({ kind: 'Free', domain: 'obj', block })
  const picture = new Picture()
  const { poolBytes, arenas, pools, blockBytes, used } = poolMap(heap)
  let pool = 0
  let y = 16
  arenas.forEach((address, arena) => {
    picture.text(0, y, `arena at 0x${address.toString(16)}`)
    y += 6
    for (let place = 0; place < pools[arena]; place++, pool++) {
      const [x, top] = [(place % ROW) * (CELL + 2), y + Math.floor(place / ROW) * (CELL + 2)]
      const fits = blockBytes[pool] === 0 ? 0 : Math.floor((poolBytes - 48) / blockBytes[pool])
      const full = fits === 0 ? 0 : Math.round((CELL * used[pool]) / fits)
      picture.rect(
        x,
        top,
        CELL,
        CELL,
        fits === 0 ? COLOURS.empty : COLOURS.free,
        fits === 0 ? 'free pool' : `${used[pool]} of ${fits} blocks of ${blockBytes[pool]} bytes`,
      )
      if (full > 0)
        picture.rect(x, top + CELL - full, CELL, full, { 48: COLOURS.live, 112: COLOURS.waiting, 480: COLOURS.kept }[blockBytes[pool]])
    }
    y += Math.ceil(pools[arena] / ROW) * (CELL + 2) + 20
  })
  for (const [place, [words, colour]] of [
    ['48 bytes', COLOURS.live],
    ['112 bytes', COLOURS.waiting],
    ['480 bytes', COLOURS.kept],
  ].entries()) {
    picture.rect(place * 100, y - 10, 10, 10, colour)
    picture.text(place * 100 + 16, y, words)
  }
  return picture.toString('Arenas of pymalloc, one square a pool, filled as far as its blocks are live')
}
