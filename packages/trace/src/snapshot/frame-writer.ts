import type { PickleWriter } from './pickle-writer.ts'

interface StackDetail {
  readonly frames: readonly { readonly file: string; readonly line: number; readonly function: string }[]
}

/** Writes stacks as lists of frames, each list and each frame in full only once. */
export class FrameWriter {
  readonly #out: PickleWriter
  /** Details of `Stack` rows by their id. */
  readonly #details: ReadonlyMap<number, string>
  /** What the writer calls a list of frames, or a frame, that it wrote. */
  readonly #stacks = new Map<number, number>()
  readonly #frames = new Map<string, number>()

  constructor(out: PickleWriter, details: ReadonlyMap<number, string>) {
    this.#out = out
    this.#details = details
  }

  /** Writes a stack; one that the log does not define has no frames. */
  stack(stack: number): void {
    const out = this.#out
    const known = this.#stacks.get(stack)
    if (known !== undefined) {
      out.again(known)
      return
    }
    this.#stacks.set(stack, out.beginList())
    const detail = this.#details.get(stack)
    const { frames } = detail === undefined ? { frames: [] } : (JSON.parse(detail) as StackDetail)
    for (const frame of frames) {
      out.item()
      this.#frame(frame)
    }
    out.endList()
  }

  #frame({ file, line, function: name }: StackDetail['frames'][number]): void {
    const key = `${line} ${file.length} ${file} ${name}`
    const known = this.#frames.get(key)
    if (known !== undefined) {
      this.#out.again(known)
      return
    }
    this.#frames.set(key, this.#out.beginDict())
    this.#out.text('filename')
    this.#out.text(file)
    this.#out.text('line')
    this.#out.int(line)
    this.#out.text('name')
    this.#out.text(name)
    this.#out.endDict()
  }
}
