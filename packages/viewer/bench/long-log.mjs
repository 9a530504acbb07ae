/**
 * Records a log of about 20 million events of CPython's allocator: `node bench/long-log.mjs FILE.arrows [REQUESTS]`, after a build; a CPython and a C compiler are needed.
 * The program is a service: requests are parsed, cached for a while and forgotten. 112,000 requests make 20 million events.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url))
const PROGRAM = `import json, random, sys
random.seed(7)
cache = {}
for number in range(int(sys.argv[1])):
    items = [random.random() for _ in range(12)]
    text = json.dumps({"user": number % 5000, "items": items, "note": "x" * random.randrange(40, 900)})
    request = json.loads(text)
    cache[request["user"]] = request
    if number % 40 == 0:
        for user in random.sample(range(5000), 20):
            cache.pop(user, None)
`

const [file, requests = '112000'] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node bench/long-log.mjs FILE.arrows [REQUESTS]')
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'reheap-long-log-'))
try {
  const script = join(folder, 'service.py')
  writeFileSync(script, PROGRAM)
  process.exitCode =
    spawnSync(process.execPath, [COMMAND, 'record', '--force', '-o', file, '--', script, requests], { stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
