import { expect, test } from 'vitest'
import { blocksOf, faultOf } from '../docs/blocks.mjs'

const fault = (fence: string, path = 'docs/start.md', rest = '') => {
  const page = `words\n\n${fence}\n${rest}`
  const [block] = blocksOf(page)
  if (block === undefined) throw new Error('the page holds no block')
  return faultOf(path, page, block)
}

test.each([
  ['a command that a test runs', '```sh\nreheap verify hello.jsonl.gz\n```', null],
  ['a reason', '```sh not run: installs from npm\nnpm install\n```', null],
  ['no reason', '```sh not run:\nnpm install\n```', /what is/],
  ['no language', '```\nreheap\n```', /names no language/],
  ['a language that nothing runs', '```js\n1\n```', /no test runs it/],
  ['minutes', '```sh long\nreheap check\n```', null],
  ['minutes of another language', '```ts long\n1\n```', /only a block of sh/],
  ['a file that is not there', '```ts as in no.ts\n1\n```', /is not there/],
  ['a file that holds something else', '```ts as in package.json\nconst no = 1\n```', /does not hold/],
  ['a script that no command names', '```python\n# a.py\n```', /no command of the page runs/],
])('a block with %s', (_, fence, expected) => {
  const found = fault(fence)
  if (expected === null) expect(found).toBeNull()
  else expect(found).toMatch(expected)
})

test('a script is run by the command that names it', () => {
  expect(fault('```python\n# a.py\n```', 'docs/start.md', '```console\n$ reheap run a.py\n```\n')).toBeNull()
})

test('a page that no test runs has no commands', () => {
  expect(fault('```console\n$ reheap run a.py\n```', 'docs/decisions.md')).toMatch(/no test runs it/)
})
