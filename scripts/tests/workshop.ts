/** Wrong rules on purpose: copies of a package's sources in which one place is written otherwise, loaded beside the real one. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

/** A deliberately wrong rule. */
export interface Mutation {
  readonly name: string
  /** The rule of SPEC.md that it breaks. */
  readonly rule: string
  /** Below `src`. */
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
}

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url))

/** Sources by their names below a folder, tests and benches left out. */
export type Sources = ReadonlyMap<string, string>

export function sourcesOf(folder: string): Sources {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const sources = names.filter((name) => name.endsWith('.ts') && !/\.(test|bench)\.ts$/.test(name))
  return new Map(sources.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** A module of JavaScript, which finds other packages of ours one folder above its own. @param name below `src` */
export function compiled(name: string, source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  })
  const up = '../'.repeat(name.split('/').length)
  return outputText.replaceAll(/'@reheap\/([a-z-]+)'/g, (_, other) => `'${up}${other}/index.js'`)
}

/** A package as it is. What it needs from outside is found from where it really lies. */
function copied(own: string): ReadonlyMap<string, string> {
  const { resolve } = createRequire(join(PACKAGES, own, 'package.json'))
  const sources = [...sourcesOf(join(PACKAGES, own, 'src'))].map(([name, source]) => {
    const text = compiled(name, source)
    return [name, text.replaceAll(/'((?:fp|io)-ts\/[^']+)'/g, (_, other: string) => `'${pathToFileURL(resolve(other)).href}'`)] as const
  })
  return new Map(sources)
}

function writeModules(folder: string, modules: ReadonlyMap<string, string>): void {
  for (const [name, text] of modules) {
    const path = join(folder, name.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

/** @typeParam Package what the package exports */
export class Workshop<Package> {
  readonly folder: string
  readonly #sources: Sources
  readonly #compiled: ReadonlyMap<string, string>

  /** @param test address of a file in the package's `test` folder @param needs the packages that it imports beside the kernel, and theirs */
  constructor(test: string, needs: readonly string[] = []) {
    this.#sources = sourcesOf(fileURLToPath(new URL('../src/', test)))
    // Inside the package, so that its dependencies are found from there; ignored by git.
    const cache = fileURLToPath(new URL('../node_modules/.cache/', test))
    mkdirSync(cache, { recursive: true })
    this.folder = mkdtempSync(join(cache, 'mutants-'))
    writeFileSync(join(this.folder, 'package.json'), '{"type":"module"}\n')
    for (const other of ['kernel', ...needs]) writeModules(join(this.folder, other), copied(other))
    this.#compiled = new Map([...this.#sources].map(([name, text]) => [name, compiled(name, text)]))
  }

  /** How often the text that a mutation looks for stands in its file. */
  occurrences({ file, find }: Mutation): number {
    return (this.#sources.get(file) ?? '').split(find).length - 1
  }

  /** A package that it needs, as it is, and as those that are loaded see it. */
  async needed<Other>(name: string): Promise<Other> {
    return (await import(/* @vite-ignore */ pathToFileURL(join(this.folder, name, 'index.js')).href)) as Other
  }

  /** The package with one rule written otherwise; null: as it is. */
  async load(mutation: Mutation | null): Promise<Package> {
    const folder = join(this.folder, mutation === null ? 'unchanged' : mutation.name.replaceAll(/[^a-z0-9]+/gi, '-'))
    const modules = new Map(this.#compiled)
    if (mutation !== null) {
      const source = this.#sources.get(mutation.file) ?? ''
      modules.set(
        mutation.file,
        compiled(
          mutation.file,
          source.replace(mutation.find, () => mutation.replace),
        ),
      )
    }
    writeModules(folder, modules)
    return (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'index.js')).href)) as Package
  }
}
