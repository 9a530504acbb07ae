const MIB = 1024 * 1024
const GIB = 1024 * MIB
const LAYERS = 36

const FUNCTIONS = ['upload', 'convert_w13', 'convert_w2', 'allocate_kv_cache'] as const

const HEADER = {
  reheap: 1,
  runtime: { name: 'pytorch', version: '2.11.0' },
  command: 'model loading',
  driver: { kind: 'firstFit', granularityBytes: 2 * MIB, mallocBase: 0x7f0000000000, reserveBase: 0x600000000000 },
}

/**
 * A log in the shape of the loading of vllm-project/vllm#41268: for each layer weights of 530 MiB are converted and given back,
 * then others of 270 MiB come; in the end the cache of keys and values is asked for. JSON Lines.
 */
export function modelLoading(): string {
  const lines: object[] = [HEADER, { kind: 'DeviceOpened', device: 0, capacityBytes: 80 * GIB, contextBytes: 512 * MIB }]
  for (const [stack, name] of FUNCTIONS.entries()) {
    lines.push({ kind: 'Stack', stack, frames: [{ file: 'loading.py', line: 10 * (stack + 1), function: name }] })
  }
  let block = 0
  const ask = (mebibytes: number, who: (typeof FUNCTIONS)[number]): number => {
    block++
    lines.push({ kind: 'DeviceMalloc', block, device: 0, stream: 0, bytes: mebibytes * MIB, stack: FUNCTIONS.indexOf(who) })
    return block
  }
  for (let layer = 0; layer < LAYERS; layer++) {
    const raw = ask(530, 'upload')
    ask(530, 'convert_w13')
    lines.push({ kind: 'DeviceFree', block: raw })
    ask(270, 'convert_w2')
  }
  lines.push({ kind: 'EmptyCache' })
  for (let layer = 0; layer < LAYERS; layer++) ask(1280, 'allocate_kv_cache')
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
