import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { reheap, workplace } from './command.ts'
import { OOM, TRAIN } from './device.ts'
import { modelLoading } from './model-loading.ts'

const place = workplace()
copyFileSync(OOM, place.at('oom.jsonl.gz'))
copyFileSync(TRAIN, place.at('train.jsonl.gz'))
writeFileSync(place.at('loading.jsonl'), modelLoading())
afterAll(place.remove)

test.each([
  { story: 'cuda-out-of-memory', atLeast: 5 },
  { story: 'fragmentation-vllm', atLeast: 4 },
])('[C31] every transcript of the story $story is what the command prints', ({ story, atLeast }) => {
  const text = readFileSync(fileURLToPath(new URL(`../../../docs/${story}.md`, import.meta.url)), 'utf8')
  const transcripts = [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, transcript = '']) => transcript)
  expect(transcripts.length).toBeGreaterThanOrEqual(atLeast)
  for (const transcript of transcripts) {
    const command = transcript.split('\n')[0] ?? ''
    const { stdout, stderr } = reheap(command.slice('$ reheap '.length).split(' '), { cwd: place.folder, env: { TERM: 'xterm' } })
    expect(`${command}\n${stdout}${stderr}`).toBe(transcript)
  }
})
