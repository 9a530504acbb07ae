import type { Mutation } from '../../../scripts/tests/workshop.ts'

/** Wrong rules that a reader of obmalloc.c could believe in; each is caught by a recording of the real interpreter. */
export const MUTANTS: readonly Mutation[] = [
  {
    name: 'arena goes behind the first of its old count',
    rule: 'A18',
    file: 'arena.ts',
    find: 'if (lastBefore !== arena) moveBehind(s, arena, lastBefore)',
    replace: `if (lastBefore !== arena) {
      let first = s.usableHead
      while (s.arenaFree[first] < before) first = s.arenaNext[first]
      if (first === arena) first = s.arenaNext[arena]
      while (s.arenaFree[first] < before) first = s.arenaNext[first]
      if (first !== NONE) moveBehind(s, arena, first)
    }`,
  },
  {
    name: 'arena goes behind the last of its new count',
    rule: 'A18',
    file: 'arena.ts',
    find: 'if (lastBefore !== arena) moveBehind(s, arena, lastBefore)',
    replace: `let last = arena
    while (s.arenaNext[last] !== NONE && s.arenaFree[s.arenaNext[last]] <= free) last = s.arenaNext[last]
    s.lastWithFree[free] = arena
    if (last !== arena) moveBehind(s, arena, last)`,
  },
  {
    name: 'arena goes to the end of the list',
    rule: 'A18',
    file: 'arena.ts',
    find: 'if (lastBefore !== arena) moveBehind(s, arena, lastBefore)',
    replace: `let last = arena
    while (s.arenaNext[last] !== NONE) last = s.arenaNext[last]
    s.lastWithFree[free] = arena
    if (last !== arena) moveBehind(s, arena, last)`,
  },
  {
    name: 'arena stays where it is',
    rule: 'A18',
    file: 'arena.ts',
    find: 'if (lastBefore !== arena) moveBehind(s, arena, lastBefore)',
    replace: '',
  },
  {
    name: 'arena that was full goes to the end of the list',
    rule: 'A17',
    file: 'arena.ts',
    find: 'linkFirst(s, arena)\n',
    replace: `linkFirst(s, arena)
    let last = arena
    while (s.arenaNext[last] !== NONE) last = s.arenaNext[last]
    if (last !== arena) moveBehind(s, arena, last)\n`,
  },
  {
    name: 'arena that was full goes behind the others with one free pool',
    rule: 'A17',
    file: 'arena.ts',
    find: 'linkFirst(s, arena)\n',
    replace: `linkFirst(s, arena)
    let last = arena
    while (s.arenaNext[last] !== NONE && s.arenaFree[s.arenaNext[last]] === 1) last = s.arenaNext[last]
    s.lastWithFree[1] = arena
    if (last !== arena) moveBehind(s, arena, last)\n`,
  },
  {
    name: 'pool that was full goes to the back of its class',
    rule: 'A10',
    file: 'pool.ts',
    find: `    linkPoolFirst(s, pool, sizeClass)
    return`,
    replace: `    let last = s.usedHead[sizeClass]
    while (last !== NONE && s.poolNext[last] !== NONE) last = s.poolNext[last]
    if (last === NONE) linkPoolFirst(s, pool, sizeClass)
    else {
      s.poolNext[last] = pool
      s.poolPrev[pool] = last
      s.poolNext[pool] = NONE
    }
    return`,
  },
  {
    name: 'full pool stays listed',
    rule: 'A9',
    file: 'apply.ts',
    find: `if (next === 0) unlinkPool(s, pool, sizeClass)`,
    replace: ``,
  },
  {
    name: 'block free list is first in first out',
    rule: 'A7',
    file: 'apply.ts',
    find: `        s.poolFree[pool] = unit - (pool << poolShift)
        const bytes = s.blockWord[unit]
        s.blockWord[unit] = lastFree
`,
    replace: `        const bytes = s.blockWord[unit]
        s.blockWord[unit] = 0
        if (lastFree === 0) s.poolFree[pool] = unit - (pool << poolShift)
        else {
          let end = (pool << poolShift) + lastFree
          while (s.blockWord[end] !== 0) end = (pool << poolShift) + s.blockWord[end]
          s.blockWord[end] = unit - (pool << poolShift)
        }
`,
  },
  {
    name: 'blocks that were never used are handed out from the end of the pool',
    rule: 'A8',
    file: 'pool.ts',
    find: `  blockWord[base + place] = 0
`,
    replace: `  blockWord[base + place] = 0
  for (let next = 0; next === 0 || next <= geometry.lastUnit[sizeClass]; next = next === 0 ? geometry.firstUnit + units : next + units) {
    if (next !== 0) blockWord[base + next] = next - units
    else blockWord[base + geometry.firstUnit] = 0
  }
  s.poolFree[pool] = place
`,
  },
  {
    name: 'new pool hands out its second block first',
    rule: 'A6',
    file: 'pool.ts',
    find: `  let place = geometry.firstUnit
`,
    replace: `  let place = geometry.firstUnit + units
`,
  },
  {
    name: 'pool of the same class begins anew',
    rule: 'A13',
    file: 'pool.ts',
    find: `if (s.poolClass[pool] !== sizeClass) linkBlocks`,
    replace: `linkBlocks`,
  },
  {
    name: 'freed pools are first in first out',
    rule: 'A12',
    file: 'arena.ts',
    find: '  s.poolNext[pool] = s.arenaFreed[arena]\n  s.arenaFreed[arena] = pool\n',
    replace: `  s.poolNext[pool] = NONE
  let end = s.arenaFreed[arena]
  if (end === NONE) s.arenaFreed[arena] = pool
  else {
    while (s.poolNext[end] !== NONE) end = s.poolNext[end]
    s.poolNext[end] = pool
  }\n`,
  },
  {
    name: 'a pool is carved while freed ones wait',
    rule: 'A12',
    file: 'arena.ts',
    find: '  if (pool !== NONE) {\n    s.arenaFreed[arena] = s.poolNext[pool]',
    replace: '  if (pool !== NONE && s.arenaCarved[arena] === s.arenaPools[arena]) {\n    s.arenaFreed[arena] = s.poolNext[pool]',
  },
  {
    name: 'pool is taken from the emptiest arena',
    rule: 'A15',
    file: 'arena.ts',
    find: '  const arena = s.usableHead\n  const free',
    replace: `  let arena = s.usableHead
  while (s.arenaNext[arena] !== NONE) arena = s.arenaNext[arena]
  const free`,
  },
  {
    name: 'last arena is never kept',
    rule: 'A20',
    file: 'arena.ts',
    find: '&& !(s.profile.keepsLastArena && s.arenaNext[arena] === NONE)',
    replace: '',
  },
  {
    name: 'last arena is always kept',
    rule: 'A19',
    file: 'arena.ts',
    find: '!(s.profile.keepsLastArena && s.arenaNext[arena] === NONE)',
    replace: '!(s.arenaNext[arena] === NONE)',
  },
  {
    name: 'every empty arena is kept',
    rule: 'A20',
    file: 'arena.ts',
    find: '!(s.profile.keepsLastArena && s.arenaNext[arena] === NONE)',
    replace: '!s.profile.keepsLastArena',
  },
  {
    name: 'arena is released only with all pools of an aligned one',
    rule: 'A21',
    file: 'arena.ts',
    find: 'if (free === s.arenaPools[arena] &&',
    replace: 'if (free === s.geometry.poolsPerArena &&',
  },
  {
    name: 'pools begin at the base of the arena',
    rule: 'A21',
    file: 'arena.ts',
    find: 'Math.ceil(address / poolBytes) * poolBytes',
    replace: 'address',
  },
  {
    name: 'misaligned arena loses no pool',
    rule: 'A21',
    file: 'arena.ts',
    find: '(aligned === address ? 0 : 1)',
    replace: '0',
  },
  {
    name: 'realloc stays in place at three quarters',
    rule: 'A26',
    file: 'apply.ts',
    find: '4 * bytes > 3 * blockBytes',
    replace: '4 * bytes >= 3 * blockBytes',
  },
  {
    name: 'realloc stays in place above a half',
    rule: 'A26',
    file: 'apply.ts',
    find: '4 * bytes > 3 * blockBytes',
    replace: '2 * bytes > blockBytes',
  },
  {
    name: 'realloc moves below the whole block',
    rule: 'A26',
    file: 'apply.ts',
    find: 'bytes <= blockBytes && 4 * bytes > 3 * blockBytes',
    replace: 'bytes === blockBytes',
  },
  {
    name: 'realloc never moves to a smaller block',
    rule: 'A26',
    file: 'apply.ts',
    find: 'bytes <= blockBytes && 4 * bytes > 3 * blockBytes',
    replace: 'bytes > 0 && bytes <= blockBytes',
  },
  {
    name: 'realloc judges by the bytes asked for before',
    rule: 'A26',
    file: 'apply.ts',
    find: `if (bytes <= blockBytes && 4 * bytes > 3 * blockBytes) {`,
    replace: `if (bytes <= blockBytes && 4 * bytes > 3 * s.blockWord[handle]) {`,
  },
  {
    name: 'realloc frees before it takes',
    rule: 'A27',
    file: 'apply.ts',
    find: `const reason = applyAs(Malloc, newBlock, s, batch, row, emit)
  return reason === ACCEPTED ? applyAs(Free, batch.id[row], s, batch, row, emit) : reason`,
    replace: `const reason = applyAs(Free, batch.id[row], s, batch, row, emit)
  return reason === ACCEPTED ? applyAs(Malloc, newBlock, s, batch, row, emit) : reason`,
  },
  {
    name: 'shrunk C-library block moves into a pool',
    rule: 'A28',
    file: 'apply.ts',
    find: `if (handle < NO_HANDLE) return resizeInClib(s, batch, row, emit, place, newPlace)`,
    replace: `if (handle < NO_HANDLE && (bytes > s.smallRequestBytes || domain === RAW)) return resizeInClib(s, batch, row, emit, place, newPlace)
  if (handle < NO_HANDLE) return applyAs(Malloc, newBlock, s, batch, row, emit) || applyAs(Free, batch.id[row], s, batch, row, emit)`,
  },
  {
    name: 'size 0 is served by a pool',
    rule: 'A2',
    file: 'apply.ts',
    find: 'if (whole !== bytes ||',
    replace: 'if (whole === 0 && domain !== RAW) return 0\n  if (whole !== bytes ||',
  },
  {
    name: 'pools serve up to 511 bytes',
    rule: 'A1',
    file: 'apply.ts',
    find: `whole > s.smallRequestBytes`,
    replace: `whole >= s.smallRequestBytes`,
  },
  {
    name: 'pools serve up to 513 bytes',
    rule: 'A2',
    file: 'apply.ts',
    find: `whole > s.smallRequestBytes`,
    replace: `whole > s.smallRequestBytes + 1`,
  },
  {
    name: 'class of a request is one byte too high',
    rule: 'A1',
    file: 'apply.ts',
    find: `(whole - 1) >> s.alignmentShift`,
    replace: `whole >> s.alignmentShift`,
  },
  {
    name: 'calloc places its element size only',
    rule: 'A5',
    file: 'apply.ts',
    find: `=> count * elementBytes`,
    replace: `=> elementBytes`,
  },
]
