import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AnswerMessage, RequestMessage } from '../src/session/messages.ts'

/** What the page finds around it, as far as its store needs it. */
class Line extends EventTarget {
  static last: Line | null = null
  /** What was asked, in order. */
  readonly asked: RequestMessage[] = []
  /** Thrown where something is asked. */
  fault: Error | null = null
  constructor() {
    super()
    Line.last = this
  }
  postMessage(message: RequestMessage): void {
    if (this.fault !== null) throw this.fault
    this.asked.push(message)
  }
  answer(message: AnswerMessage): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }))
  }
}

/** What is tested of the store: its own types are those of a page, which has no place among those of Node. */
interface Store {
  readonly busy: { readonly value: string }
  readonly fault: { value: string }
  readonly cursor: { readonly value: number }
  openFile(file: Blob, name: string): Promise<boolean>
  working(kind: 'open' | 'beside', what: string, work: () => Promise<() => void>): Promise<boolean>
  moveTo(index: number): Promise<void>
}
const STORE = '../src/page/store.ts'

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
const FILE = new Blob(['log'])
const FAILED = /^The replay stopped: (.*); reload the page, or use the command for very large logs$/

describe('the store of the page', () => {
  vi.stubGlobal('Worker', Line)
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.stubGlobal('location', { hash: '', href: 'http://127.0.0.1/' })
  vi.stubGlobal('document', { querySelector: () => null })
  vi.stubGlobal('history', { state: null, replaceState: () => {}, pushState: () => {} })
  afterAll(() => vi.unstubAllGlobals())

  let store: Store
  let line: Line
  beforeEach(async () => {
    vi.resetModules()
    store = (await import(STORE)) as Store
    await settled()
    line = Line.last as Line
  })

  test.each([
    ['cannot be loaded', new Event('error'), 'its worker cannot be started'],
    ['fails without a word', Object.assign(new Event('error'), { message: '' }), 'its worker cannot be started'],
    ['fails', Object.assign(new Event('error'), { message: 'out of memory' }), 'out of memory'],
    ['sends what cannot be read', new Event('messageerror'), 'an answer of its worker cannot be read'],
  ])('[V143] a worker that %s is told, of what waits and at once of all that is asked later', async (_what, event, why) => {
    const waiting = store.openFile(FILE, 'first.arrows')
    await settled()
    line.dispatchEvent(event)
    expect(await waiting).toBe(false)
    expect(FAILED.exec(store.fault.value)?.[1]).toBe(why)
    store.fault.value = ''
    expect(await store.openFile(FILE, 'second.arrows')).toBe(false)
    expect(FAILED.exec(store.fault.value)?.[1]).toBe(why)
    expect([line.asked.length, store.busy.value]).toEqual([1, ''])
  })

  test('[V143] what cannot be sent is told, and the next question is asked', async () => {
    line.fault = new Error('it cannot be cloned')
    expect(await store.openFile(FILE, 'first.arrows')).toBe(false)
    expect(store.fault.value).toBe('it cannot be cloned')
    line.fault = null
    void store.openFile(FILE, 'second.arrows')
    await settled()
    expect(line.asked.map(({ value }) => value)).toEqual([{ file: FILE, name: 'second.arrows' }])
  })

  test('[V144] each of two things that take long says so until it is done, and a file that gives way to another says no more', async () => {
    void store.openFile(FILE, 'first.arrows')
    await settled()
    void store.openFile(FILE, 'second.arrows')
    let done = (): void => {}
    const beside = store.working('beside', 'what-if', () => new Promise((resolve) => (done = () => resolve(() => {}))))
    await settled()
    const [first, second] = line.asked.map(({ id }) => id)
    line.answer({ id: first ?? 0, progress: 'read: 5 events' })
    line.answer({ id: first ?? 0, isGivenUp: true })
    await settled()
    expect(store.busy.value).toBe('what-if')
    line.answer({ id: second ?? 0, progress: 'read: 7 events' })
    done()
    expect(await beside).toBe(true)
    expect(store.busy.value).toBe('second.arrows: read: 7 events')
    line.answer({ id: second ?? 0, fault: 'second.arrows: no log' })
    await settled()
    expect([store.busy.value, store.fault.value]).toEqual(['', 'second.arrows: no log'])
  })

  test('[V145] the cursor goes to no place that is no number', async () => {
    await store.moveTo(Number.NaN)
    expect([store.cursor.value, line.asked]).toEqual([0, []])
  })
})
