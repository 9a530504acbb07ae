/** A page with the output that its commands print now. */
export declare function replayed(page: string): string
