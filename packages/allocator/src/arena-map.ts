/** The radix tree over arena addresses: which nodes exist. @source `arena_map_mark_used`, `arena_map_get` of obmalloc.c, 3.10 on */
import type { AllocatorState } from './state.ts'

/** Enters an arena: its nodes are made and never given back. An arena off its own alignment reaches into the next leaf. */
export function enterArenaMap(s: AllocatorState, address: number): void {
  const levels = s.profile.arenaMap?.levels
  if (!levels) return
  const leaf = Math.floor(address / s.profile.arenaBytes)
  const last = address % s.profile.arenaBytes === 0 ? leaf : leaf + 1
  for (const index of [leaf, last]) {
    const bot = Math.floor(index / 2 ** levels.botBits)
    s.arenaMapBots = including(s.arenaMapBots, bot)
    s.arenaMapMids = including(s.arenaMapMids, Math.floor(bot / 2 ** levels.midBits))
  }
}

const including = (nodes: Float64Array, node: number): Float64Array => (nodes.includes(node) ? nodes : Float64Array.of(...nodes, node))
