/** The event before the cursor, told to people. */
import { afterAll, expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { EXPANDABLE, eventsOf, OOM, SESSIONS, Workplace } from './recordings.ts'
import { Told } from './told.ts'
import { eventShown, fieldsTold } from './told-event.ts'

/** Of an allocator's own words some. */
const WORDS: Readonly<Record<string, string>> = {
  CreateObject: 'Object made',
  BindName: 'Name bound',
  DropReference: 'Reference dropped',
  Collect: 'Collection asked for',
  DeviceMalloc: 'GPU memory asked for',
  DeviceFree: 'GPU memory given back',
  Stack: 'Stack defined',
}
/** What the log of a GPU in memory tells of these is not in what the command prints. */
const WITHOUT_REQUEST = ['Mark', 'Stack', 'Observe']

/** The next search is held back until it is let go: as one that has begun when it is given up. */
const HOLD = `{
  const { postMessage } = Worker.prototype
  let held = null
  Worker.prototype.postMessage = function (message) {
    if (message.kind === 'giveUp' && held !== null) self.givenUp = message.value
    if (message.kind !== 'search' || held !== null) return postMessage.call(this, message)
    held = message
    self.answered = new Promise((resolve) => {
      this.addEventListener('message', ({ data }) => data.id === message.id && resolve(data))
    })
    self.release = () => {
      postMessage.call(this, message)
      postMessage.call(this, { id: -1, kind: 'giveUp', value: self.givenUp })
    }
  }
  0
}`

inBrowser('the event before the cursor', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  test.each([
    ['CPython', SESSIONS],
    ['a GPU', OOM],
    ['expandable segments', EXPANDABLE],
  ])('[V164] of %s is told in words, names and figures, each kind as the command prints it', async (_, log) => {
    const told = new Told(log)
    const events = eventsOf(log)
    await window.view(log)
    for (const kind of new Set(events.map((each) => String(each.kind)))) {
      const index = events.findLastIndex((each) => each.kind === kind)
      await window.seek(index + 1)
      const event = WITHOUT_REQUEST.includes(kind) ? events[index] : (await told.traced(index)).request
      const { words, json, ...shown } = await eventShown(window.page)
      expect(shown).toEqual({ kind, fields: fieldsTold(event ?? {}, events, index) })
      expect(JSON.parse(json)).toEqual(event)
      expect(words).toMatch(/^[A-Z]/)
      expect([kind, words]).toEqual([kind, WORDS[kind] ?? words])
    }
  })

  test('[V164] an object that dies of the event still has the name of its type; JSON is a click away', async () => {
    const events = eventsOf(SESSIONS)
    const facts = await new Told(SESSIONS).facts(place.at('facts.jsonl'))
    const died = facts.findLast((fact) => fact.kind === 'ObjectDied' && events[fact.index]?.to === fact.object)
    if (died === undefined) throw new Error('nothing dies of a reference')
    await window.view(SESSIONS)
    await window.seek(died.index + 1)
    const { fields } = await eventShown(window.page)
    expect(fields).toEqual(fieldsTold(events[died.index] ?? {}, events, died.index))
    expect(fields.to).toMatch(/^\w+ \([\d,]+\)$/)
    const json = window.page.locator('.event pre')
    expect(await json.isVisible()).toBe(false)
    await window.page.click('.event summary')
    expect(await json.isVisible()).toBe(true)
    expect(JSON.parse((await json.textContent()) ?? '')).toEqual(events[died.index])
  })

  test('[V164] before the first event nothing is told', async () => {
    await window.view(OOM)
    await window.press('Home')
    await window.page.waitForSelector('h2:text-is("After 0 events")')
    expect(await window.page.locator('.event').count()).toBe(0)
  })

  test('[V168] a search that takes long is stopped: the worker gives it up, and it shows nothing', async () => {
    await window.view(SESSIONS)
    await window.page.evaluate(HOLD)
    await window.press('/')
    await window.page.fill('dialog input', '.py')
    await window.page.click('dialog button:text-is("Stop")')
    await window.page.waitForSelector('dialog :text("The search was stopped")')
    expect(await window.page.evaluate('self.givenUp')).toEqual({ kind: 'search' })
    await window.page.evaluate('self.release()')
    // Given up, or, where it was so short that it came to its end: of neither anything is shown.
    await window.page.evaluate('self.answered')
    await window.rests()
    expect(await window.page.locator('#found [role=option], dialog button:text-is("Stop"), [role=alert]').count()).toBe(0)
    await window.page.fill('dialog input', '.p')
    await window.page.waitForSelector('#found [role=option]')
  })

  test('[V166] each share at the cursor says of what it is one', async () => {
    for (const [log, shares] of [
      [SESSIONS, 2],
      [OOM, 1],
    ] as const) {
      await window.view(log)
      const rows = window.page.locator('.figure', { hasText: '%' })
      expect(await rows.count()).toBe(shares)
      for (const row of await rows.all()) expect(await row.getAttribute('title')).toMatch(/^share of /)
    }
  })
})
