import { grown } from '@reheap/kernel'

/** References between recorded objects: from whom, to whom, at which slot. Those to one object are linked, so that one is taken out at once. */
export class EdgePool {
  from = new Int32Array(1024)
  to = new Int32Array(1024)
  slot = new Float64Array(1024)
  /** Where it stood in its holder's content when last seen: a hint. */
  position = new Int32Array(1024)
  /** References that a replay makes by itself, behind the holder's last: in a what-if at another slot. By the object that they lead to. */
  readonly unplaced = new Map<number, number>()
  /** The next reference to the same object, 0: none. */
  next = new Int32Array(1024)
  private previous = new Int32Array(1024)
  private used = 1
  private readonly free: number[] = []

  /** @param first the newest reference to each object, by row; 0: none */
  add(from: number, to: number, slot: number, position: number, first: Int32Array): number {
    const edge = this.free.pop() ?? this.used++
    if (edge >= this.from.length) this.grow()
    this.from[edge] = from
    this.to[edge] = to
    this.slot[edge] = slot
    this.position[edge] = position
    const next = first[to] ?? 0
    this.next[edge] = next
    this.previous[edge] = 0
    if (next !== 0) this.previous[next] = edge
    first[to] = edge
    return edge
  }

  remove(edge: number, first: Int32Array): void {
    const next = this.next[edge] ?? 0
    const previous = this.previous[edge] ?? 0
    if (next !== 0) this.previous[next] = previous
    if (previous !== 0) this.next[previous] = next
    else first[this.to[edge] ?? 0] = next
    this.from[edge] = 0
    const to = this.to[edge] ?? 0
    if (this.unplaced.get(to) === edge) this.unplaced.delete(to)
    this.free.push(edge)
  }

  /** From now on a reference is known by its slot. */
  place(from: number, to: number): void {
    const edge = this.unplaced.get(to)
    if (edge !== undefined && this.from[edge] === from) this.unplaced.delete(to)
  }

  private grow(): void {
    const capacity = this.from.length * 2
    this.from = grown(this.from, capacity)
    this.to = grown(this.to, capacity)
    this.slot = grown(this.slot, capacity)
    this.position = grown(this.position, capacity)
    this.next = grown(this.next, capacity)
    this.previous = grown(this.previous, capacity)
  }
}
