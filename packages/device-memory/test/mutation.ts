import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import type * as DeviceMemory from '../src/index.ts'

/** A deliberately wrong rule: one place of the sources, written otherwise. */
export interface Mutation {
  readonly name: string
  /** The rule of SPEC.md that it breaks. */
  readonly rule: string
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
}

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url))
const KERNEL = fileURLToPath(new URL('../../kernel/src/', import.meta.url))
/** Inside the package, so that its dependencies are found from there; ignored by git. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

type Sources = ReadonlyMap<string, string>

function sourcesOf(folder: string): Sources {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/\.(test|bench)\.ts$/.test(name))
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

function compiled(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  })
  return outputText.replaceAll("'@reheap/kernel'", "'../kernel/index.js'")
}

function writeModules(folder: string, modules: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of modules) writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), text)
}

/** Builds copies of this package's sources, each with a rule written otherwise, and loads them beside the real one. */
export class Workshop {
  readonly folder: string
  readonly #sources = sourcesOf(SOURCES)
  readonly #compiled: ReadonlyMap<string, string>

  constructor() {
    mkdirSync(CACHE, { recursive: true })
    this.folder = mkdtempSync(join(CACHE, 'mutants-'))
    writeFileSync(join(this.folder, 'package.json'), '{"type":"module"}\n')
    writeModules(join(this.folder, 'kernel'), new Map([...sourcesOf(KERNEL)].map(([name, text]) => [name, compiled(text)])))
    this.#compiled = new Map([...this.#sources].map(([name, text]) => [name, compiled(text)]))
  }

  /** How often the text that a mutation looks for stands in its file. */
  occurrences({ file, find }: Mutation): number {
    return (this.#sources.get(file) ?? '').split(find).length - 1
  }

  /** The package with one rule written otherwise; null: as it is. */
  async load(mutation: Mutation | null): Promise<typeof DeviceMemory> {
    const folder = join(this.folder, mutation === null ? 'unchanged' : mutation.name.replaceAll(/[^a-z0-9]+/gi, '-'))
    const modules = new Map(this.#compiled)
    if (mutation !== null) {
      const source = this.#sources.get(mutation.file) ?? ''
      modules.set(mutation.file, compiled(source.replace(mutation.find, () => mutation.replace)))
    }
    writeModules(folder, modules)
    return (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'index.js')).href)) as typeof DeviceMemory
  }
}
