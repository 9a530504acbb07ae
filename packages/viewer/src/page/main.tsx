import { render } from 'preact'
import { Page } from './page.tsx'
import { openServed, setTheme, theme } from './store.ts'

setTheme(theme.value)
const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
void openServed()
