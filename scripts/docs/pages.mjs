import { existsSync, readdirSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { filesBelow, packageFolders, ROOT, text } from '../checks/files.mjs'

/** Repository path of every Markdown page -> its path in the site. */
export function pageMap() {
  const pages = new Map([
    ['README.md', 'project/readme.md'],
    ['ARCHITECTURE.md', 'project/architecture.md'],
    ['CONTRIBUTING.md', 'project/contributing.md'],
    ['examples/README.md', 'project/examples.md'],
  ])
  for (const path of filesBelow('docs').filter((path) => path.endsWith('.md') && !/^docs\/\./.test(path)))
    pages.set(path, path.slice('docs/'.length))
  for (const folder of packageFolders()) {
    pages.set(`packages/${folder}/README.md`, `packages/${folder}.md`)
    pages.set(`packages/${folder}/SPEC.md`, `rules/${folder}.md`)
  }
  return pages
}

const FENCE = /^(```[\s\S]*?^```$)/gm
const LINK = /(!?)\[((?:[^\]`]|`[^`]*`)*)\]\(([^)\s]+)\)/g
/** A picture that has a file for each theme. */
const THEMED = /<picture>\s*<source[^>]* srcset="([^"]+)" \/>\s*<img alt="([^"]*)" src="([^"]+)" \/>\s*<\/picture>/g

/** Does a path of the repository lead to something? */
const isThere = (path) => existsSync(posix.join(ROOT, path))

/** A link from one page to another, as the site has it. */
function between(from, to, anchor) {
  const path = posix.relative(posix.dirname(from), to)
  return `${path.startsWith('.') ? path : `./${path}`}${anchor}`
}

/**
 * A page as the site shows it: links lead to pages of the site, and what is no page of it stands as the path that it has in the repository.
 *
 * @param faults gets a line for each link that leads nowhere
 */
export function sitePage(path, pages, faults) {
  const target = pages.get(path)
  const fileOf = (address) => {
    const named = posix.join(posix.dirname(path), address)
    if (isThere(named)) return named
    faults.push(`${path}: ${address} leads nowhere: there is no ${named}`)
    return null
  }
  const pictureOf = (named) => between(target, named.replace(/^docs\//, ''), '')
  const link = (whole, picture, words, address) => {
    if (/^[a-z]+:/.test(address) || address.startsWith('#')) return whole
    const [file, anchor] = address.split('#')
    const named = fileOf(file)
    if (named === null) return whole
    const page = pages.get(named)
    if (page !== undefined) return `${picture}[${words}](${between(target, page, anchor === undefined ? '' : `#${anchor}`)})`
    if (picture !== '') return `![${words}](${pictureOf(named)})`
    return words.includes('`') ? words : `${words} (\`${named}\`)`
  }
  // The site takes no HTML: it has both files, of which its style shows one.
  const themed = (whole, light, words, dark) => {
    const [bright, dim] = [fileOf(light), fileOf(dark)]
    if (bright === null || dim === null) return whole
    return `![${words}](${pictureOf(bright)}){.light-only}\n![${words}](${pictureOf(dim)}){.dark-only}`
  }
  return text(path)
    .split(FENCE)
    .map((part) => (part.startsWith('```') ? part : part.replace(LINK, link).replace(THEMED, themed)))
    .join('')
}

/** Pictures that pages show: repository path -> path in the site. */
export function pictures() {
  const found = new Map()
  const walk = (folder) => {
    for (const name of readdirSync(posix.join(ROOT, folder))) {
      const path = `${folder}/${name}`
      if (statSync(posix.join(ROOT, path)).isDirectory()) walk(path)
      else found.set(path, path.slice('docs/'.length))
    }
  }
  walk('docs/images')
  return found
}
