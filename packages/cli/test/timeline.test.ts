import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HELLO, json, linesOf, reheap, storedHello, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

interface TimelineJson {
  readonly peaks: Readonly<Record<string, { readonly value: number; readonly index: number }>>
  readonly marks: readonly { readonly index: number; readonly label: string }[]
}

/** A CSV as rows by column. */
function rowsOf(csv: string): Readonly<Record<string, number>>[] {
  const [titles = '', ...rows] = csv.trimEnd().split('\n')
  const names = titles.split(',')
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, at) => [names[at] ?? '', Number(cell)])))
}

describe('timeline', () => {
  const timeline = (): TimelineJson => json<TimelineJson>(reheap(['timeline', log, '--json']))

  test('[C25] the CSV covers every event once and keeps the peaks that a replay finds', () => {
    const rows = rowsOf(reheap(['timeline', log, '--csv', '-']).stdout)
    expect(rows.reduce((next, { from, to }) => (from === next ? (to ?? 0) : Number.NaN), 0)).toBe(28_895)
    const { peaks } = json<TimelineJson>(reheap(['replay', log, '--peaks', '--json']))
    for (const layer of ['requestedBytes', 'blockBytes', 'arenaBytes', 'cLibraryBytes', 'heldBytes'])
      expect(Math.max(...rows.map((row) => row[`${layer}Max`] ?? 0))).toBe(peaks[layer]?.value)
    expect(timeline().peaks).toEqual(peaks)
  })

  test('[C25] marks are found, and labelled in every form', () => {
    const lines = linesOf(HELLO).slice(1)
    const marks = lines.flatMap((line, index) => (line.includes('"kind":"Mark"') ? [{ index, label: JSON.parse(line).label }] : []))
    expect(timeline().marks).toEqual(marks)
    const { stdout } = reheap(['timeline', log])
    const svg = reheap(['timeline', log, '--svg', '-']).stdout
    for (const { label } of marks) {
      expect(stdout).toContain(label)
      expect(svg).toContain(`>${label}</text>`)
    }
  })

  test('[C26] the plot is as wide and as high as asked for', () => {
    for (const [width, height] of [
      [40, 3],
      [100, 20],
    ] as const) {
      const rows = reheap(['timeline', log, '--width', String(width), '--height', String(height)]).stdout.split('\n')
      const plot = rows.filter((row) => /^.{11}┤/u.test(row))
      expect(plot.length).toBe(height)
      expect(Math.max(...plot.map((row) => row.length))).toBeLessThanOrEqual(width)
      expect(rows.find((row) => row.includes('└'))?.length).toBe(width)
    }
  })

  test('[C26] the SVG needs nothing else and every element is closed', () => {
    const file = place.at('hello.svg')
    expect(reheap(['timeline', log, '--svg', file]).status).toBe(0)
    const svg = readFileSync(file, 'utf8')
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="[^"]+"[^>]*>\n/)
    expect(svg).not.toMatch(/NaN|undefined|href|url\(/)
    const open: string[] = []
    for (const [, closing, name = '', own] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (closing === '/') expect(open.pop()).toBe(name)
      else if (own !== '/') open.push(name)
    }
    expect(open).toEqual([])
  })

  test('[C26] one run writes CSV and SVG, and prints the plot', () => {
    const both = [place.at('a.csv'), place.at('a.svg')] as const
    const { stdout } = reheap(['timeline', log, '--csv', both[0], '--svg', both[1]])
    expect(stdout).toContain('peak: ')
    expect(readFileSync(both[0], 'utf8')).toBe(reheap(['timeline', log, '--csv', '-']).stdout)
    expect(readFileSync(both[1], 'utf8')).toBe(reheap(['timeline', log, '--svg', '-']).stdout)
  })
})
