/** What is wrong with a snapshot. It is thrown inside the decoder only; readers give it as an error value. */
export class SnapshotFault extends Error {
  override readonly name = 'SnapshotFault'
  /** Where it stands: a byte of the pickle, or a path in what the pickle holds. */
  readonly place: string | null
  readonly mend: string

  constructor(place: string | null, problem: string, mend: string) {
    super(problem)
    this.place = place
    this.mend = mend
  }
}

const MEND_COPY = 'copy the file again, or take the snapshot again'

/** The file ends before its pickle does. */
export const truncated = (bytes: number): SnapshotFault =>
  new SnapshotFault(`byte ${bytes}`, 'the pickle is cut off: the file ends inside it', MEND_COPY)

/** The bytes are not what a pickler writes. */
export const damaged = (at: number, problem: string): SnapshotFault => new SnapshotFault(`byte ${at}`, problem, MEND_COPY)

/** The pickle is larger in some way than any snapshot is. */
export const tooMuch = (at: number | null, problem: string): SnapshotFault =>
  new SnapshotFault(at === null ? null : `byte ${at}`, problem, 'no snapshot of PyTorch is like this: check where the file comes from')

/** Something in the snapshot is of another shape than PyTorch writes. */
export const misshapen = (place: string, expected: string, got: string): SnapshotFault =>
  new SnapshotFault(place, `expected ${expected}, got ${got}`, 'give a file that torch.cuda.memory._dump_snapshot wrote')

/** The snapshot says two things that cannot both be. */
export const contradiction = (place: string, problem: string): SnapshotFault =>
  new SnapshotFault(place, `${problem}: the snapshot contradicts itself`, 'take the snapshot again')
