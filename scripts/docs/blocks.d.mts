export interface Block {
  readonly language: string
  readonly note: string
  readonly code: string
  readonly line: number
}

export declare function pages(): string[]
export declare function pagesRunBy(by: string, language: string): string[]
export declare function blocksOf(page: string): Block[]
export declare function faultOf(path: string, page: string, block: Omit<Block, 'line'>): string | null
