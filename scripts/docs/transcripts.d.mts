/** A page with the output that its commands print now; `isLong`: blocks that take minutes are run too. */
export declare function replayed(page: string, isLong?: boolean): string
