/** Who asked for memory, in a line. */
import { formatBytes, NO_ID } from '@reheap/kernel'
import { type BlockGroup, groupBlocks, type LiveBlock } from '@reheap/projections'
import type { DeviceLog } from '../device-log.ts'
import type { Frame } from '../stacks.ts'

const isPython = ({ file }: Frame): boolean => file.endsWith('.py')
/** Frames of the machinery that asks and that records stacks, above which the caller stands. */
const isMachinery = ({ function: name }: Frame): boolean => /unwind|CapturedTraceback|^c10::|^at::|^\?\?$|gather_with_cpp/.test(name)
const isOfLibrary = ({ file }: Frame): boolean => /(^|[/\\])(torch|site-packages|dist-packages|python3\.\d+)[/\\]/.test(file)

/** The innermost frame of the program itself; of a library where there is none. */
export function ownFrame(frames: readonly Frame[]): Frame | undefined {
  return (
    frames.find((frame) => isPython(frame) && !isOfLibrary(frame)) ??
    frames.find(isPython) ??
    frames.find((frame) => !isMachinery(frame)) ??
    frames[0]
  )
}

/** A frame as people read it: file, line and function. */
export const frameText = ({ file, line, function: name }: Frame): string => `${file}:${line} ${name}`

/** Who asked for a block: its frame, or its size where the log holds no stack for it. */
export function ownerOf(log: Pick<DeviceLog, 'framesOf'>): (block: Pick<LiveBlock, 'stack' | 'requestedBytes'>) => string {
  const known = new Map<number, string>()
  return ({ stack, requestedBytes }) => {
    if (stack === NO_ID) return sizeText(requestedBytes)
    const before = known.get(stack)
    if (before !== undefined) return before
    const frame = ownFrame(log.framesOf(stack))
    const text = frame === undefined ? sizeText(requestedBytes) : frameText(frame)
    known.set(stack, text)
    return text
  }
}

/** Blocks without a stack, by powers of two. */
function sizeText(bytes: number): string {
  const most = 2 ** Math.max(9, Math.ceil(Math.log2(Math.max(1, bytes))))
  return `no stack recorded, up to ${formatBytes(most)} each`
}

/** Live blocks of one owner. */
export interface OwnerGroup extends Omit<BlockGroup, 'stack' | 'key'> {
  readonly owner: string
  /** All frames of the first block's stack, innermost first. */
  readonly frames: readonly Frame[]
}

/** Live blocks by owner, the most bytes first. */
export const ownerGroups = (log: DeviceLog, blocks: readonly LiveBlock[]): readonly OwnerGroup[] =>
  groupBlocks(blocks, ownerOf(log)).map(({ stack, key, ...group }) => ({ owner: key, ...group, frames: log.framesOf(stack) }))
