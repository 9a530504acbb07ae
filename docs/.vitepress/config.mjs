import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const PACKAGES = readdirSync(new URL('../../packages', import.meta.url)).sort()

/** Titles with the pages that they lead to. */
const section = (text, items) => ({ text, collapsed: false, items: items.map(([words, link]) => ({ text: words, link })) })

export default defineConfig({
  title: 'reheap',
  description: 'Record once. Replay any heap.',
  srcDir: '.site',
  // From a file server of any kind, in any folder, the pages find each other.
  base: process.env.DOCS_BASE ?? '/',
  // A picture of the viewer has a file for each theme.
  head: [['style', {}, '.dark .light-only, :root:not(.dark) .dark-only { display: none }']],
  // What the pages quote from logs and errors may look like HTML and is none.
  markdown: { config: (markdown) => markdown.set({ html: false }) },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Five minutes', link: '/start' },
      { text: 'Reference', link: '/api/' },
    ],
    sidebar: [
      section('Begin', [
        ['Five minutes', '/start'],
        ['The viewer', '/viewer'],
        ['The first walk', '/first-walk'],
        ['Glossary', '/glossary'],
        ['Reading order', '/reading-order'],
      ]),
      section('Tutorials', [
        ['Find a leak', '/tutorials/find-a-leak'],
        ['Choose thresholds', '/tutorials/choose-thresholds'],
        ['Survive an upgrade', '/tutorials/survive-an-upgrade'],
        ['Cure a CUDA out-of-memory', '/cuda-out-of-memory'],
        ['Fragmentation while a model is loaded', '/fragmentation-vllm'],
        ['Teach memory', '/tutorials/teach-memory'],
        ['Write a collector policy', '/tutorials/write-a-policy'],
        ['Test your own allocator', '/tutorials/test-your-allocator'],
      ]),
      section('Inside', [
        ['pymalloc', '/internals/pymalloc'],
        ['Objects and counts', '/internals/refcount'],
        ['The cycle collector', '/internals/collector'],
        ['C library, pages and RAM', '/internals/host'],
        ['PyTorch’s allocator', '/internals/device'],
        ['Architecture', '/project/architecture'],
        ['Decisions', '/decisions'],
      ]),
      section('How exact', [
        ['Claims', '/claims'],
        ['Recordings', '/recordings'],
        ['What-ifs', '/what-ifs'],
        ['Object programs', '/object-programs'],
        ['The incremental collector', '/incremental-collector'],
      ]),
      section('Formats', [
        ['Formats', '/formats'],
        ['The stored log', '/format'],
        ['JSON Lines', '/jsonl'],
        ['Recording PyTorch', '/record-pytorch'],
        ['Errors', '/errors'],
      ]),
      section(
        'Packages',
        PACKAGES.map((name) => [name === 'cli' ? 'reheap' : `@reheap/${name}`, `/packages/${name}`]),
      ),
      section(
        'Reference',
        PACKAGES.filter((name) => name !== 'cli').map((name) => [`@reheap/${name}`, `/api/@reheap/${name}`]),
      ),
      section(
        'Rules',
        PACKAGES.map((name) => [name, `/rules/${name}`]),
      ),
    ],
  },
})
