/** Devices as hardware: how much memory of which kind, how fast it is, and how fast the way to it. Data, from the vendor's data sheets. */
export interface DeviceHardware {
  readonly name: string
  /** As `torch.cuda.get_device_properties().total_memory` is, to the figure on the card. @unit bytes */
  readonly capacityBytes: number
  readonly memoryType: 'GDDR5' | 'GDDR6' | 'GDDR6X' | 'HBM2' | 'HBM2e' | 'HBM3' | 'HBM3e'
  /** @unit bytes a second */
  readonly memoryBandwidth: number
  readonly hostLink: HostLink
}

/** The way between host and device. */
export interface HostLink {
  readonly name: string
  /** Largest rate of the link in one direction. @unit bytes a second */
  readonly bandwidth: number
  /** Share of it that a copy from or to page-locked memory reaches. */
  readonly pinnedShare: number
  /** The same for pageable memory, which goes through a page-locked buffer. */
  readonly pageableShare: number
  /** Before the first byte moves. @unit nanoseconds */
  readonly latency: number
}

const GIB = 1024 ** 3
const GB = 1e9

const pcie = (generation: number, bandwidth: number): HostLink => ({
  name: `PCIe ${generation}.0 x16`,
  bandwidth,
  pinnedShare: 0.8,
  pageableShare: 0.35,
  latency: 10_000,
})
const PCIE_3 = pcie(3, 15.75 * GB)
const PCIE_4 = pcie(4, 31.5 * GB)
const PCIE_5 = pcie(5, 63 * GB)

type Row = readonly [name: string, gib: number, DeviceHardware['memoryType'], bandwidth: number, HostLink]

const ROWS: readonly Row[] = [
  ['GTX 1080', 8, 'GDDR5', 256 * GB, PCIE_3],
  ['T4', 16, 'GDDR6', 320 * GB, PCIE_3],
  ['V100-32GB', 32, 'HBM2', 900 * GB, PCIE_3],
  ['RTX 3090', 24, 'GDDR6X', 936 * GB, PCIE_4],
  ['RTX 4090', 24, 'GDDR6X', 1008 * GB, PCIE_4],
  ['A100-40GB', 40, 'HBM2', 1555 * GB, PCIE_4],
  ['A100-80GB', 80, 'HBM2e', 2039 * GB, PCIE_4],
  ['H100-80GB', 80, 'HBM3', 3350 * GB, PCIE_5],
  ['H200', 141, 'HBM3e', 4800 * GB, PCIE_5],
]

/** Every known device by its name. */
export const DEVICE_HARDWARE: ReadonlyMap<string, DeviceHardware> = new Map(
  ROWS.map(([name, gib, memoryType, memoryBandwidth, hostLink]) => [
    name,
    { name, capacityBytes: gib * GIB, memoryType, memoryBandwidth, hostLink },
  ]),
)

/** Nanoseconds that a copy takes. A copy on the device reads and writes its memory. @param direction index in `DIRECTIONS` */
export function copyNanoseconds({ hostLink, memoryBandwidth }: DeviceHardware, direction: number, bytes: number, pinned: boolean): number {
  if (direction === 2) return Math.round(hostLink.latency + (2 * bytes * 1e9) / memoryBandwidth)
  const rate = hostLink.bandwidth * (pinned ? hostLink.pinnedShare : hostLink.pageableShare)
  return Math.round(hostLink.latency + (bytes * 1e9) / rate)
}
