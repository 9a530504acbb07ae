import type { LineObserved, ObjectEvent, ObjectEventSink } from './object-event.ts'

interface LineFigures {
  times: number
  born: number
  died: number
  bytesRequested: number
  bytesReleased: number
  collections: string[]
  /** Latest count of each name that the line changed. */
  readonly names: Map<string, number | null>
}

const NAMES_MAX = 6

/** Adds up what each line of a script did, from its events; as a sink it can stand beside a log. */
export class AnnotatedSource implements ObjectEventSink {
  private readonly lines = new Map<number, LineFigures>()
  private readonly texts = new Map<number, string>()
  private collections: string[] = []

  append(event: ObjectEvent): void {
    if (event.kind === 'DefineName') this.texts.set(event.name, event.text)
    else if (event.kind === 'ObserveCollection')
      this.collections.push(`gen${event.generation}: ${event.collected} collected${event.reason === 'request' ? ', asked for' : ''}`)
    else if (event.kind === 'ObserveLine') this.add(event)
  }

  /** The source with a margin: runs of the line, objects and bytes made and freed; behind it names with their counts, and collections. */
  text(source: string): string {
    const rows = source.replace(/\n$/, '').split('\n')
    return [MARGIN, ...rows.map((row, index) => this.row(row, this.lines.get(index + 1)))].map((row) => row.trimEnd()).join('\n')
  }

  private add(event: LineObserved): void {
    const figures = this.lines.get(event.line) ?? emptyLine()
    this.lines.set(event.line, figures)
    figures.times++
    figures.born += event.born
    figures.died += event.died
    figures.bytesRequested += event.bytesRequested
    figures.bytesReleased += event.bytesReleased
    figures.collections.push(...this.collections)
    this.collections = []
    for (const { name, count } of event.names) figures.names.set(this.texts.get(name) ?? String(name), count)
  }

  private row(source: string, figures: LineFigures | undefined): string {
    if (figures === undefined) return `${margin('', '', '', '')}${source}`
    const { times, born, died, bytesRequested, bytesReleased, names, collections } = figures
    const notes = [...names].slice(0, NAMES_MAX).map(([name, count]) => `${name}: ${count ?? 'gone'}`)
    if (names.size > NAMES_MAX) notes.push(`${names.size - NAMES_MAX} more names`)
    if (collections.length > 1) notes.push(`${collections.length} collections, last ${collections.at(-1)}`)
    else notes.push(...collections)
    const objects = `+${born} -${died}`
    const bytes = `+${bytesRequested} -${bytesReleased}`
    return `${margin(`${times}x`, objects, bytes, '')}${source}${notes.length > 0 ? `  # ${notes.join(', ')}` : ''}`
  }
}

const margin = (times: string, objects: string, bytes: string, rest: string): string =>
  `${times.padStart(7)} ${objects.padStart(15)} ${bytes.padStart(21)} | ${rest}`

const MARGIN = margin('runs', 'objects', 'bytes', 'source  # references to each name that changed, collections')

const emptyLine = (): LineFigures => ({
  times: 0,
  born: 0,
  died: 0,
  bytesRequested: 0,
  bytesReleased: 0,
  collections: [],
  names: new Map(),
})
