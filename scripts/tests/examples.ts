/** Examples of a page: what stands there as code, and what it prints. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatWithOptions } from 'node:util'
import { vi } from 'vitest'

export const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))

export interface Example {
  readonly code: string
  readonly output: string
}

/** A `ts` block with the `text` block that it prints. */
export function examplesOf(page: string): Example[] {
  const pairs = page.matchAll(/^```ts\n([\s\S]*?)^```\n+^```text\n([\s\S]*?)^```/gm)
  return [...pairs].map(([, code = '', output = '']) => ({ code, output }))
}

/** What an example prints, run inside a package so that its imports are found. */
export async function printed(folder: string, name: string, code: string): Promise<string> {
  mkdirSync(`${PACKAGES}/${folder}/.cache`, { recursive: true })
  const path = `${PACKAGES}/${folder}/.cache/${name}.ts`
  writeFileSync(path, code)
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    lines.push(`${formatWithOptions({ colors: false }, ...values)}\n`)
  })
  try {
    await import(/* @vite-ignore */ path)
  } finally {
    log.mockRestore()
    rmSync(path)
  }
  return lines.join('')
}
