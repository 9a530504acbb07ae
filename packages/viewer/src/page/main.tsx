import { render } from 'preact'
import { compareServed } from './beside.ts'
import { embeddedLog } from './embedded.ts'
import { Page } from './page.tsx'
import { openFile, openServed } from './store.ts'

const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
const embedded = embeddedLog()
void (embedded === null ? openServed().then(compareServed) : openFile(embedded.file, embedded.name))
