import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { base85, packLog } from '@reheap/event-log'
import { type EventBatch, formatBytes } from '@reheap/kernel'
import { PAGE_FOLDER } from '@reheap/viewer'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import { type Output, openOutput, STANDARD } from '../io/output.ts'
import type { Outcome, Result } from '../outcome.ts'
import { counted } from '../show/table.ts'
import { forceOption, type LogOptions, logVerb, settle, withLog } from '../verb.ts'
import { checkedBatches, LogFault } from '../view/checked-batches.ts'
import { type ReportFrame, reportFrame } from '../view/report-frame.ts'

interface ReportOptions extends LogOptions {
  readonly output: string
  readonly force?: boolean
}

const EXAMPLE = `$ reheap report hello.arrows
$ reheap report snapshot.pickle -o oom.html --force`
/** A report is written once and kept. Columns change every few thousand bytes, so blocks are kept as short. */
const PACKING = { level: 9, memLevel: 5 } as const

/** `reheap report`: the viewer and a log in one file. */
export const reportVerb = (): Command =>
  logVerb('report <log>', 'write one page that holds the viewer and the log: it opens from disk, and asks for nothing', EXAMPLE)
    .option('-o, --output <file>', 'the page to write; - is standard output', 'report.html')
    .addOption(forceOption())
    .action((log: string, options: ReportOptions) =>
      settle(
        options,
        withLog(log, options, (input) => report(input, basename(log), options)),
      ),
    )

async function report(input: Input, name: string, { output: target, force = false, json }: ReportOptions): Promise<Result<Outcome>> {
  if (target === STANDARD && json === true) return left('-o -: --json needs standard output for itself; name a file')
  const frame = frameOf(name)
  if (frame._tag === 'Left') return frame
  const opened = openOutput(target, force)
  if (opened._tag === 'Left') return opened
  const output = opened.right
  try {
    const written = await writeReport(output, frame.right, input)
    if (written._tag === 'Left') return written
    const committed = output.commit()
    if (committed._tag === 'Left') return committed
    const { events, bytes } = written.right
    return right({
      status: 0,
      json: { output: target, events, bytes },
      text: () => (target === STANDARD ? '' : `${target}: ${counted(events, 'event')} in ${formatBytes(bytes)}; open it in a browser`),
    })
  } finally {
    // Whatever failed, a half report is none.
    output.abandon()
  }
}

/** The page around the log, or why it cannot be put together. */
function frameOf(name: string): Result<ReportFrame> {
  const page = fileURLToPath(PAGE_FOLDER)
  if (!existsSync(`${page}index.html`)) return left('report: the page has not been built; run npm start once')
  try {
    return right(reportFrame(page, name))
  } catch (error) {
    return left(`report: the page is not whole: ${(error as Error).message}; build it again with npm start, or install reheap again`)
  }
}

/** What was written. */
interface Written {
  readonly events: number
  /** Of the page. */
  readonly bytes: number
}

async function writeReport(output: Output, { before, after }: ReportFrame, input: Input): Promise<Result<Written>> {
  let events = 0
  let bytes = 0
  async function* batches(): AsyncGenerator<EventBatch, void, undefined> {
    for await (const batch of checkedBatches(input, 'report')) {
      events += batch.length
      yield batch
    }
  }
  const write = async (text: string): Promise<Result<void>> => {
    const piece = Buffer.from(text)
    bytes += piece.length
    return output.write(piece)
  }
  try {
    const first = await write(before)
    if (first._tag === 'Left') return first
    for await (const text of base85(packLog(input.header, batches(), Duplex.toWeb(createGzip(PACKING))))) {
      const written = await write(text)
      if (written._tag === 'Left') return written
    }
    const last = await write(after)
    return last._tag === 'Left' ? last : right({ events, bytes })
  } catch (error) {
    if (error instanceof LogFault) return left(error.message)
    throw error
  }
}
