import { readdirSync, readFileSync } from 'node:fs'
import type { MallocStats } from '../src/index.ts'

const FOLDER = new URL('./fixtures/debugmallocstats/', import.meta.url)

/** pymalloc's part of what real interpreters printed, by profile. */
export function realTexts(): readonly (readonly [profile: string, text: string])[] {
  return readdirSync(FOLDER).map((name) => [name.replace('.txt', ''), readFileSync(new URL(name, FOLDER), 'utf8')])
}

/** The figures in a text of `sys._debugmallocstats()`. What it prints as a product or a sum is left out. @throws if one is missing */
export function figuresOfText(text: string): MallocStats {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(text)?.[1]
    if (found === undefined) throw new Error(`no ${pattern.source} in the text`)
    return Number(found.replaceAll(',', ''))
  }
  const labelled = (label: string): number => number(new RegExp(`^# ${label} *= *([\\d,]+)$`, 'm'))
  const classes = [...text.matchAll(/^ +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$/gm)].map((row) => {
    const [sizeClass = 0, blockBytes = 0, pools = 0, usedBlocks = 0, availableBlocks = 0] = row.slice(1).map(Number)
    return { sizeClass, blockBytes, pools, usedBlocks, availableBlocks }
  })
  return {
    smallRequestBytes: number(/^Small block threshold = (\d+),/m),
    classCount: number(/in (\d+) size classes\.$/m),
    classes,
    arenaBytes: number(/^\d+ arenas \* (\d+) bytes\/arena/m),
    poolBytes: number(/^\d+ unused pools \* (\d+) bytes/m),
    stats: {
      arenasAllocatedTotal: labelled('arenas allocated total'),
      arenasReclaimed: labelled('arenas reclaimed'),
      arenasHighwater: labelled('arenas highwater mark'),
      arenas: labelled('arenas allocated current'),
      bytesInAllocatedBlocks: labelled('bytes in allocated blocks'),
      bytesInAvailableBlocks: labelled('bytes in available blocks'),
      unusedPools: number(/^(\d+) unused pools/m),
      bytesInPoolHeaders: labelled('bytes lost to pool headers'),
      bytesLostToQuantization: labelled('bytes lost to quantization'),
      bytesLostToArenaAlignment: labelled('bytes lost to arena alignment'),
    },
    arenaMap: text.includes('arena map counts') ? arenaMapOf(text, labelled) : null,
  }
}

function arenaMapOf(text: string, labelled: (label: string) => number): MallocStats['arenaMap'] {
  const rootBytes = labelled('bytes lost to arena map root')
  if (!text.includes('arena map mid')) return { rootBytes, levels: null }
  const [mids, bots] = [labelled('arena map mid nodes'), labelled('arena map bot nodes')]
  const midBytes = labelled('bytes lost to arena map mid') / mids
  return { rootBytes, levels: { mids, midBytes, bots, botBytes: labelled('bytes lost to arena map bot') / bots } }
}
