import { copyFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { HELLO, reheap, SESSIONS, workplace } from './command.ts'
import { OOM, TRAIN } from './device.ts'

const place = workplace()
copyFileSync(HELLO, place.at('hello.jsonl.gz'))
copyFileSync(SESSIONS, place.at('sessions.jsonl.gz'))
copyFileSync(OOM, place.at('oom.jsonl.gz'))
copyFileSync(TRAIN, place.at('train.jsonl.gz'))
afterAll(place.remove)

const README = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8')

test('[C31] every transcript of the README is what the command prints', () => {
  const transcripts = [...README.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
  expect(transcripts.length).toBeGreaterThan(0)
  for (const transcript of transcripts) {
    const commands = transcript.split('\n').filter((line) => line.startsWith('$ reheap '))
    const printed = commands.map((line) => {
      const { stdout, stderr } = reheap(line.slice('$ reheap '.length).split(' '), { cwd: place.folder, env: { TERM: 'xterm' } })
      return `${line}\n${stdout}${stderr}`
    })
    expect(printed.join('')).toBe(transcript)
  }
})
