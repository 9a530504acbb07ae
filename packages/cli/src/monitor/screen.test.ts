import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { Screen } from './screen.ts'

/** A terminal that keeps what is written to it, and shows it as a terminal would. */
class FakeTerminal extends EventEmitter {
  columns = 12
  rows = 3
  readonly writes: string[] = []
  readonly cells: string[] = ['', '', '']

  write(text: string): void {
    this.writes.push(text)
    if (text.includes('\u001b[2J')) this.cells.fill('')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every command of a terminal
    for (const [, row, line = ''] of text.matchAll(/\u001b\[(\d+);1H([^\u001b]*)\u001b\[K/g)) this.cells[Number(row) - 1] = line
  }
}

const escapes = (text: string | undefined, ending: string): boolean => text?.endsWith(ending) === true

test('[C94] a screen writes only what changed, in one piece', () => {
  const terminal = new FakeTerminal()
  const screen = new Screen(terminal, () => {})
  screen.draw(['one', 'two'])
  screen.draw(['one', '2'])
  screen.draw(['one', '2'])
  screen.close()
  expect(terminal.cells).toEqual(['one', '2', ''])
  expect(terminal.writes.length).toBe(4)
  expect(terminal.writes[1]).toContain('\u001b[2J')
  expect(terminal.writes[2]).toBe('\u001b[?2026h\u001b[2;1H2\u001b[K\u001b[?2026l')
})

test('[C94] lines end at the edge, and what is below the screen is not drawn', () => {
  const terminal = new FakeTerminal()
  const screen = new Screen(terminal, () => {})
  screen.draw(['a line that is longer', 'b', 'c', 'd'])
  screen.close()
  expect(terminal.cells).toEqual(['a line that ', 'b', 'c'])
})

test('[C94] after a resize everything is drawn anew', () => {
  const terminal = new FakeTerminal()
  let asked = 0
  const screen = new Screen(terminal, () => {
    asked++
    screen.draw(['one'])
  })
  screen.draw(['one'])
  terminal.rows = 2
  terminal.emit('resize')
  expect([asked, terminal.writes.length]).toEqual([1, 3])
  expect(terminal.writes[2]).toContain('\u001b[2J')
  screen.close()
  terminal.emit('resize')
  expect(asked).toBe(1)
})

test('[C94] closing brings the first screen and the cursor back, once', () => {
  const terminal = new FakeTerminal()
  const screen = new Screen(terminal, () => {})
  expect(escapes(terminal.writes[0], '\u001b[?25l')).toBe(true)
  screen.close()
  screen.close()
  expect(terminal.writes.filter((text) => text === '\u001b[?25h\u001b[?1049l')).toHaveLength(1)
})
