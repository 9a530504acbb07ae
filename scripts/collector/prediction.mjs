/** What the collector does to a recorded program under settings and versions other than the recorded ones. */
import { FACT_OPCODES } from '../../packages/cycle-gc/dist/index.js'
import { Foresight, profileNamed, Replay, startingFrom } from '../../packages/machine/dist/index.js'
import { UncollectedPeaks } from '../../packages/projections/dist/index.js'
import { recordScript } from '../../packages/recorder/dist/wasm/record-script.js'

const { CollectionFinished } = FACT_OPCODES
const COLUMNS = ['code', 'tag', 'id', 'other', 'size', 'address', 'time', 'thread', 'heap', 'stack']

/** Records a program on a real interpreter. @returns its batches, and how the collector stood when it began */
export async function recording(version, source) {
  const batches = []
  let start
  let output = ''
  const { end } = await recordScript({
    source,
    file: 'program.py',
    interpreter: version,
    isObjectsOnly: true,
    onStart: (_version, collector) => {
      start = collector ?? undefined
    },
    onEvents: (batch) => batches.push(copyOf(batch)),
    onOutput: (_stream, bytes) => {
      output += new TextDecoder().decode(bytes)
    },
  })
  if (end.kind !== 'finished') throw new Error(`the program did not end by itself: ${JSON.stringify(end)} ${output}`)
  return { version, start, batches, output }
}

/** The recorder uses a batch's memory again. */
function copyOf(batch) {
  const details = new Map()
  for (let row = 0; row < batch.length; row++) {
    const detail = batch.detail(row)
    if (detail !== null) details.set(row, detail)
  }
  const columns = COLUMNS.map((name) => [name, batch[name]?.slice(0, batch.length) ?? null])
  return { ...Object.fromEntries(columns), length: batch.length, firstIndex: batch.firstIndex, detail: (row) => details.get(row) ?? null }
}

const profileOf = (name, start) => {
  const profile = profileNamed(name)
  if (profile._tag === 'Left') throw new Error(profile.left)
  return startingFrom(profile.right, start)
}

/**
 * @param settings as `CollectorSettings` of `@reheap/machine`
 * @returns each collection in order, and the most tracked containers that were unreachable and not yet collected
 */
export function predicted({ version, start, batches }, settings, profileName = `cpython-${version}`) {
  const collections = []
  const uncollected = new UncollectedPeaks()
  const foresight = new Foresight()
  for (const batch of batches) foresight.feed(batch)
  const replay = new Replay({
    recorded: profileOf(`cpython-${version}`, start),
    profile: profileOf(profileName, start),
    settings,
    foresight,
    isWhatIf: true,
    onGarbage: (span) => uncollected.add(span),
  })
  for (const batch of batches) {
    const fed = replay.feed(batch)
    if (fed._tag === 'Left') throw new Error(`event ${fed.left.index}: ${fed.left.reason.message}`)
    const { code, tag, id, other, address, length } = fed.right
    for (let row = 0; row < length; row++) {
      // Increments that `gc.get_stats` does not count are seen by nobody.
      if (code[row] === CollectionFinished && address[row] === 1)
        collections.push({ generation: tag[row], collected: id[row], uncollectable: other[row] })
    }
  }
  replay.end()
  return { collections, uncollectedMax: uncollected.peak('containers').value }
}
