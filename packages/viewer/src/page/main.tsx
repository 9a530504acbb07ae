import { render } from 'preact'
import { compareServed } from './beside.ts'
import { embeddedLog } from './embedded.ts'
import { Page } from './page.tsx'
import { openFile, openServed, setTheme, theme } from './store.ts'

setTheme(theme.value)
const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
const embedded = embeddedLog()
void (embedded === null ? openServed().then(compareServed) : openFile(embedded.file, embedded.name))
