/** The source of the bytes failed, not their content. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure'
}

/** Compressed data that is cut off or damaged. */
export class GzipDamage extends Error {
  override readonly name = 'GzipDamage'
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.message !== '' || thrown.cause === undefined ? thrown.message : messageOf(thrown.cause)
}

/** What a source threw. */
export const sourceFailure = (cause: unknown): SourceFailure => new SourceFailure(messageOf(cause), { cause })

/** What decompression threw: the failure of its source as it is, anything else as damage. */
export const failureOf = (thrown: unknown): Error =>
  thrown instanceof SourceFailure ? thrown : new GzipDamage(messageOf(thrown), { cause: thrown })
