/** What cannot be answered, in a line for people. */

/** What came out. @throws the line where something is wrong */
export function must<A>(result: { readonly _tag: 'Left'; readonly left: string } | { readonly _tag: 'Right'; readonly right: A }): A {
  if (result._tag === 'Left') throw new Error(result.left)
  return result.right
}

/** The line for a request that cannot have happened. @param where the log, or the row of a comparison */
export const impossible = (
  where: string,
  { index, reason }: { readonly index: number; readonly reason: { readonly message: string } },
): string => `${where}: event ${index} cannot have happened: ${reason.message}`
