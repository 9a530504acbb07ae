/** How far a verified host is from the real one, for people. */
import { formatBytes, formatCount } from '@reheap/kernel'
import { type HostError, type HostReport, TOLERANCE_BYTES, TOLERANCE_SHARE } from '@reheap/machine'
import { percent, table } from '../show/table.ts'

const COLUMNS = [
  { title: 'size', align: 'left' },
  { title: 'compared' },
  { title: 'outside' },
  { title: 'median error' },
  { title: '9 of 10' },
  { title: 'largest' },
  { title: 'in bytes' },
  { title: 'on average' },
] as const

/** The errors of every observed size, and the addresses of the C library. */
export function hostErrorLines(report: HostReport | undefined): readonly string[] {
  if (report === undefined) return []
  const { errors, addresses } = report
  return [
    ...(errors.length === 0
      ? []
      : [
          '',
          `sizes of the host agree where they differ by at most ${percent(TOLERANCE_SHARE)} or ${formatBytes(TOLERANCE_BYTES)}:`,
          ...table(COLUMNS, errors.map(cells)),
        ]),
    ...(addresses.compared === 0
      ? []
      : [
          '',
          `${formatCount(addresses.exact)} of ${formatCount(addresses.compared)} recorded addresses of the C library's blocks, ${percent(addresses.exact / addresses.compared)}, are as simulated; for information`,
        ]),
  ]
}

const cells = ({ of, compared, outside, medianShare, tenthShare, maxShare, maxBytes, meanBytes }: HostError): readonly string[] => [
  of,
  formatCount(compared),
  formatCount(outside),
  percent(medianShare),
  percent(tenthShare),
  percent(maxShare),
  formatBytes(maxBytes),
  `${meanBytes < 0 ? '-' : '+'}${formatBytes(Math.abs(Math.round(meanBytes)))}`,
]
