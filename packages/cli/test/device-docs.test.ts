import { copyFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { reheap, workplace } from './command.ts'
import { OOM, TRAIN } from './device.ts'

const place = workplace()
copyFileSync(OOM, place.at('oom.jsonl.gz'))
copyFileSync(TRAIN, place.at('train.jsonl.gz'))
afterAll(place.remove)

const STORY = readFileSync(fileURLToPath(new URL('../../../docs/cuda-out-of-memory.md', import.meta.url)), 'utf8')

test('[C31] every transcript of the story of an out-of-memory is what the command prints', () => {
  const transcripts = [...STORY.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
  expect(transcripts.length).toBeGreaterThan(4)
  for (const transcript of transcripts) {
    const command = transcript.split('\n')[0] ?? ''
    const { stdout, stderr } = reheap(command.slice('$ reheap '.length).split(' '), { cwd: place.folder, env: { TERM: 'xterm' } })
    expect(`${command}\n${stdout}${stderr}`).toBe(transcript)
  }
})
