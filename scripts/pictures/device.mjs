import { deviceMemoryReducer, pytorchProfile, segments } from '../../packages/device-memory/dist/index.js'
import { formatBytes } from '../../packages/kernel/dist/index.js'
import { COLOURS, Picture } from './svg.mjs'

const MIB = 2 ** 20
const SCALE = 8

/** Segments of a device on which blocks were freed, one of them while another stream still used it. */
export function devicePicture() {
  let device = deviceMemoryReducer.initial(pytorchProfile('2.11'))
  const ask = (request) => {
    const answer = deviceMemoryReducer.step(device, request)
    if (answer._tag === 'Left') throw new Error(answer.left.reason.message)
    device = answer.right.state
  }
  ask({ kind: 'DeviceOpened', device: 0, capacityBytes: 1024 * MIB, contextBytes: 0 })
  const sizes = [0.25, 0.5, 0.75, 4, 6, 5, 30, 12]
  sizes.forEach((mib, block) => void ask({ kind: 'DeviceMalloc', block, device: 0, stream: 0, bytes: mib * MIB }))
  ask({ kind: 'RecordStream', block: 5, stream: 7 })
  for (const block of [1, 4, 5, 6]) ask({ kind: 'DeviceFree', block })
  ask({ kind: 'DeviceMalloc', block: 8, device: 0, stream: 0, bytes: 9 * MIB })
  const picture = new Picture()
  segments(device).forEach(({ address, bytes, type, blocks }, row) => {
    const y = row * 52 + 16
    picture.text(0, y, `segment 0x${address.toString(16)}, ${type}, ${formatBytes(bytes)}`)
    for (const block of blocks) {
      const colour = { active_allocated: COLOURS.live, active_pending_free: COLOURS.waiting, inactive: COLOURS.free }[block.state]
      picture.rect(
        ((block.address - address) / MIB) * SCALE * 2,
        y + 6,
        (block.bytes / MIB) * SCALE * 2,
        22,
        colour,
        `${block.state}, ${formatBytes(block.bytes)}`,
      )
    }
  })
  return picture.toString('Segments of the caching allocator with live, free and awaited blocks')
}
