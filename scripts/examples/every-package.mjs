import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from '../checks/files.mjs'

/** Types of Node and of pages stand in the packages that need them; each is checked as strictly as there is. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    types: ['node'],
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['*.ts'],
}

/** A project that imports every entry of every package, in Node and for TypeScript, and runs the command. */
export function everyPackage(folder, packages) {
  mkdirSync(folder)
  const manifests = packages.map((each) => JSON.parse(text(`packages/${each.folder}/package.json`)))
  const entries = manifests.flatMap(({ name, exports }) => Object.keys(exports ?? {}).map((path) => name + path.slice(1)))
  const write = (name, content) => writeFileSync(join(folder, name), content)
  const manifest = {
    name: 'every-package',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(manifests.map(({ name, version }) => [name, version])),
    devDependencies: { '@types/node': '^20.19.0', 'fast-check': '^4.10.0', typescript: '~6.0.3' },
  }
  write('package.json', JSON.stringify(manifest))
  write('tsconfig.json', JSON.stringify(TSCONFIG))
  write('every.js', entries.map((entry) => `console.log('${entry}', Object.keys(await import('${entry}')).length > 0)\n`).join(''))
  write('every.ts', entries.map((entry, place) => `export * as package${place} from '${entry}'\n`).join(''))
  const version = manifests.find(({ bin }) => bin !== undefined)?.version
  write('expected.txt', [...entries.map((entry) => `${entry} true\n`), `${version}\n`].join(''))
}
