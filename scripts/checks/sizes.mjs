import { filesBelow, isTest, packageFolders, text } from './files.mjs'

const LINES_MAX = 200
/** The table of a mechanism, its columns and its vocabulary are read as a whole. */
const LONGER = /\/(apply|state|events)\.ts$/
const LONGER_MAX = 300

/** A file holds one noun: source files stay short. */
export function checkSizes() {
  return packageFolders()
    .flatMap((folder) => filesBelow(`packages/${folder}/src`))
    .filter((path) => path.endsWith('.ts') && !isTest(path))
    .map((path) => ({ path, lines: text(path).split('\n').length - 1, most: LONGER.test(path) ? LONGER_MAX : LINES_MAX }))
    .filter(({ lines, most }) => lines > most)
    .map(({ path, lines, most }) => `${path} has ${lines} lines, at most ${most}: more than one noun?`)
}
