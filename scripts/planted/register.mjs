// Loaded with `--import` before a command; its threads load it too.
import { register } from 'node:module'

register('./hook.mjs', import.meta.url)
