/** Repository path of every Markdown page -> its path in the site. */
export declare function pageMap(): Map<string, string>
/** A page as the site shows it; `faults` gets a line for each link that leads nowhere. */
export declare function sitePage(path: string, pages: ReadonlyMap<string, string>, faults: string[]): string
