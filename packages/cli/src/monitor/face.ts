/** A reading as lines: for a screen of any size, and as one plain line. */
import { formatBytes, formatCount } from '@reheap/kernel'
import { glyphs } from '../show/plot.ts'
import { roundTop } from '../show/scale.ts'
import { table } from '../show/table.ts'
import type { DeviceReading, LayerReading, ProcessReading, Reading, SystemReading } from './reading.ts'
import type { ScreenSize } from './screen.ts'

const LABEL_WIDTH = 11
/** Rows below which a picture of what was shows nothing. */
const PICTURE_ROWS_MIN = 3

/** The one figure of a reading that stands for all: what is drawn over time. */
export function mainFigure({ processes, layers, devices }: Reading): LayerReading {
  if (processes.length > 0) return { name: 'rss', bytes: processes.reduce((sum, { rss }) => sum + rss, 0) }
  const [device] = devices
  if (device !== undefined) return { name: `device ${device.device}, reserved`, bytes: device.reserved }
  return layers.at(-1) ?? { name: 'held', bytes: 0 }
}

/** The two lines above the figures. */
export interface Heading {
  readonly title: string
  readonly status: string
  /** Which keys do what. */
  readonly keys: string
}

/** The figures, and below them a picture of what was, as high as the screen leaves room. */
export function faceLines(
  { title, status, keys }: Heading,
  reading: Reading,
  history: readonly number[],
  size: ScreenSize,
): readonly string[] {
  const gap = Math.max(2, size.columns - status.length - keys.length)
  const figures = [tailOf(title, size.columns), `${status}${' '.repeat(gap)}${keys}`, ...figureLines(reading, size.columns), '']
  const rest = size.rows - figures.length - 2
  return rest < PICTURE_ROWS_MIN ? figures : [...figures, ...picture(mainFigure(reading).name, history, rest, size.columns)]
}

/** A name's end says more than its beginning. */
const tailOf = (text: string, columns: number): string => (text.length <= columns ? text : `...${text.slice(-Math.max(1, columns - 3))}`)

/** The figures without a picture. */
export function figureLines({ system, processes, layers, devices }: Reading, columns: number): readonly string[] {
  return [
    ...(system === null ? [] : systemLines(system, columns)),
    ...(processes.length === 0 ? [] : processLines(processes)),
    ...(layers.length === 0 ? [] : layerLines(layers, columns)),
    ...devices.flatMap((device) => deviceLines(device, columns)),
  ]
}

function systemLines(system: SystemReading, columns: number): readonly string[] {
  const { total, used, available, percent, free, buffers, cached, swapTotal, swapUsed, swapPercent } = system
  const figures = ['total', 'used', 'available', 'percent', 'free', 'buffers', 'cached'].map((title) => ({ title }))
  const ram = [...[total, used, available].map(formatBytes), `${percent.toFixed(1)} %`, ...[free, buffers, cached].map(formatBytes)]
  const swap = [formatBytes(swapTotal), formatBytes(swapUsed), '', `${swapPercent.toFixed(1)} %`, formatBytes(swapTotal - swapUsed)]
  const caches = Math.max(0, Math.min(total - free, used + cached + buffers))
  return [
    '',
    ...table(
      [{ title: 'system', align: 'left' }, ...figures],
      [
        ['RAM', ...ram],
        ['swap', ...swap],
      ],
    ),
    bar('RAM', [used, caches], total, columns),
    ...(swapTotal === 0 ? [] : [bar('swap', [swapUsed], swapTotal, columns)]),
  ]
}

const processLines = (processes: readonly ProcessReading[]): readonly string[] => [
  '',
  ...table(
    [{ title: 'process', align: 'left' }, { title: 'rss' }, { title: 'vms' }, { title: 'peak' }, { title: 'swap' }],
    processes.map(({ pid, name, rss, vms, peak, swap }) => [`${pid} ${name}`.trim(), ...[rss, vms, peak, swap].map(formatBytes)]),
  ),
]

function layerLines(layers: readonly LayerReading[], columns: number): readonly string[] {
  const width = Math.max(...layers.map(({ name }) => name.length))
  const most = Math.max(1, ...layers.map(({ bytes }) => bytes))
  const room = Math.max(0, columns - width - 16)
  const { bands } = glyphs()
  return [
    '',
    ...layers.map(({ name, bytes }) =>
      `${name.padEnd(width)}  ${formatBytes(bytes).padStart(LABEL_WIDTH)}  ${(bands[0] ?? '').repeat(Math.round((room * bytes) / most))}`.trimEnd(),
    ),
  ]
}

const deviceLines = ({ device, total, reserved, allocated }: DeviceReading, columns: number): readonly string[] => [
  '',
  `device ${device}: total ${total === 0 ? 'not told' : formatBytes(total)}, reserved ${formatBytes(reserved)}, allocated ${formatBytes(allocated)}`,
  bar('VRAM', [allocated, reserved], Math.max(total, reserved), columns),
]

/** Parts of a whole, each band up to its own figure. */
function bar(label: string, tops: readonly number[], whole: number, columns: number): string {
  const { bands } = glyphs()
  const room = Math.max(0, Math.min(100, columns - 10))
  const cells = Array.from({ length: room }, (_, cell) => {
    const band = tops.findIndex((top) => (top / Math.max(1, whole)) * room > cell + 0.5 - 1e-9)
    return band < 0 ? ' ' : (bands[band * 2] ?? '')
  })
  return `${label.padEnd(5)} [${cells.join('')}]`
}

/** What the main figure was, the latest at the right. */
function picture(name: string, history: readonly number[], rows: number, columns: number): readonly string[] {
  const drawn = glyphs()
  const shown = history.slice(-Math.max(1, columns - LABEL_WIDTH - 1))
  const top = roundTop(Math.max(1, ...shown))
  const lines = Array.from({ length: rows }, (_, row) => {
    const level = top * (1 - (row + 0.5) / rows)
    const label = row === 0 ? formatBytes(top) : ''
    return `${label.padStart(LABEL_WIDTH)}${drawn.axis}${shown.map((value) => (value >= level ? drawn.bands[0] : ' ')).join('')}`.trimEnd()
  })
  return [`${name} over time`, ...lines, `${'0 B'.padStart(LABEL_WIDTH)}${drawn.corner}${drawn.base.repeat(shown.length)}`]
}

/** A reading as one line, for where there is no terminal. */
export function plainLine({ event, seconds, system, processes, layers, devices }: Reading): string {
  const parts = [
    ...(event === null ? [] : [`event ${formatCount(event)}`]),
    ...(seconds === null ? [] : [`${seconds.toFixed(1)} s`]),
    ...processes.map(
      ({ pid, rss, vms, peak }) => `process ${pid}: rss ${formatBytes(rss)} vms ${formatBytes(vms)} peak ${formatBytes(peak)}`,
    ),
    ...(system === null
      ? []
      : [
          `used ${formatBytes(system.used)} available ${formatBytes(system.available)} of ${formatBytes(system.total)} (${system.percent.toFixed(1)} %)`,
          `swap ${formatBytes(system.swapUsed)}`,
        ]),
    ...layers.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`),
    ...devices.map(
      ({ device, reserved, allocated }) => `device ${device}: reserved ${formatBytes(reserved)} allocated ${formatBytes(allocated)}`,
    ),
  ]
  return parts.join('; ')
}
