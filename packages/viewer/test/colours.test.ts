/** Colours by calculation: contrast as the WCAG has it, and distances as those see who lack one kind of cone. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CURVE_COLOURS, curveColour, MOMENT_COLOURS, PANELS, RAMP, ramp } from '../src/page/colours.ts'

const STYLE = readFileSync(new URL('../src/page/style.css', import.meta.url), 'utf8')
const THEMES = ['light', 'dark'] as const

/** Red, green and blue as amounts of light. */
function lightOf(colour: string): readonly number[] {
  const channels = colour.startsWith('#')
    ? [1, 3, 5].map((place) => Number.parseInt(colour.slice(place, place + 2), 16))
    : (colour.match(/\d+/g) ?? []).map(Number)
  return channels.map((value) => (value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
}

const dot = (row: readonly number[], values: readonly number[]): number =>
  row.reduce((sum, weight, place) => sum + weight * (values[place] ?? 0), 0)
const times = (matrix: readonly (readonly number[])[], values: readonly number[]): readonly number[] =>
  matrix.map((row) => dot(row, values))

const luminance = (colour: string): number => dot([0.2126, 0.7152, 0.0722], lightOf(colour))

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** What is seen with all cones, without those for long waves, without those for middle ones (Machado, Oliveira and Fernandes 2009). */
const SIGHTS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
}
const TO_CONES = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
]
const TO_OKLAB = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
]

function distance(one: string, other: string, sight: readonly (readonly number[])[]): number {
  const [first, second] = [one, other].map((colour) => {
    const seen = times(sight, lightOf(colour)).map((value) => Math.max(0, value))
    return times(TO_OKLAB, times(TO_CONES, seen).map(Math.cbrt))
  }) as [readonly number[], readonly number[]]
  return Math.hypot(...first.map((value, place) => value - (second[place] ?? 0)))
}

/** A variable of the style sheet. */
function variable(theme: (typeof THEMES)[number], name: string): string {
  const block = theme === 'dark' ? STYLE.slice(STYLE.indexOf(':root {')) : STYLE.slice(STYLE.indexOf(':root[data-theme="light"] {'))
  return block.match(new RegExp(`--${name}: (#[0-9a-f]{6});`))?.[1] ?? ''
}

describe.each(THEMES)('the %s theme', (theme) => {
  const place = theme === 'light' ? 0 : 1
  const panel = PANELS[theme]

  test('[V123] every curve and moment has a contrast of 3 to 1 against what it is drawn on', () => {
    expect(variable(theme, 'panel')).toBe(panel)
    for (const [name, pair] of Object.entries({ ...CURVE_COLOURS, ...MOMENT_COLOURS }))
      expect([name, contrast(pair[place], panel) >= 3]).toEqual([name, true])
  })

  test('[V123] curves of an interpreter and its host, and those of a GPU, are told apart with and without all cones', () => {
    const isOfGpu = (layer: string): boolean => /^(requested|allocated|active|reserved)Bytes\*/.test(layer)
    const layers = Object.keys(CURVE_COLOURS)
    for (const family of [layers.filter(isOfGpu), layers.filter((layer) => !isOfGpu(layer))])
      for (const one of family)
        for (const other of family.slice(0, family.indexOf(one)))
          for (const [name, sight] of Object.entries(SIGHTS)) {
            const [first, second] = [one, other].map((layer) => CURVE_COLOURS[layer]?.[place] ?? '') as [string, string]
            expect([one, other, name, distance(first, second, sight) >= 0.1]).toEqual([one, other, name, true])
          }
  })

  test('[V123] words have a contrast of 4.5 to 1', () => {
    for (const name of ['ink', 'quiet', 'accent', 'alert', 'name'])
      for (const back of ['panel', 'back'])
        expect([name, back, contrast(variable(theme, name), variable(theme, back)) >= 4.5]).toEqual([name, back, true])
  })
})

test('[V123] a layer has one colour in every log, whatever its device or process and whatever stands with it', () => {
  expect(new Set(['residentBytes1', 'residentBytes4711'].map((key) => curveColour({ key }, true))).size).toBe(1)
  expect(curveColour({ key: 'requestedBytes' }, true)).not.toBe(curveColour({ key: 'requestedBytes0' }, true))
})

test('[V124] the ramp of the maps grows lighter from end to end, and its legend is the same ramp', () => {
  const shades = Array.from({ length: 101 }, (_, share) => luminance(ramp(share / 100)))
  for (const [step, shade] of shades.slice(1).entries()) expect([step, shade >= (shades[step] ?? 0)]).toEqual([step, true])
  expect(new Set(shades.map((shade) => shade.toFixed(4))).size).toBeGreaterThan(95)
  expect([ramp(-1), ramp(2)]).toEqual([ramp(0), ramp(1)])
  // Between two stops as a gradient of CSS is: on the line from one to the other.
  const channelsOf = (colour: string): readonly number[] => [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16))
  for (const [stop, next] of RAMP.slice(1).entries()) {
    const [low, high] = [channelsOf(RAMP[stop] ?? ''), channelsOf(next)]
    for (const share of [0, 0.25, 0.5, 0.75])
      expect((ramp((stop + share) / (RAMP.length - 1)).match(/\d+/g) ?? []).map(Number)).toEqual(
        low.map((value, channel) => Math.round(value + ((high[channel] ?? 0) - value) * share)),
      )
  }
  expect(STYLE).toContain(`linear-gradient(90deg, ${RAMP.join(', ')})`)
})
