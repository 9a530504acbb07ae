/** What has to be cleared away before the command ends early. */
const chores = new Set<() => void>()
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function clearAway(): void {
  for (const chore of chores) chore()
  chores.clear()
}

function endBy(signal: NodeJS.Signals): void {
  clearAway()
  for (const name of SIGNALS) process.off(name, endBy)
  // Without a handler the signal ends the process as it would have, and the shell sees why.
  process.kill(process.pid, signal)
}

/** Has `chore` done if a signal or a broken pipe ends the command. @returns takes it back: it is no longer needed */
export function onInterrupt(chore: () => void): () => void {
  if (chores.size === 0) {
    for (const name of SIGNALS) process.on(name, endBy)
    process.on('exit', clearAway)
  }
  chores.add(chore)
  return () => {
    chores.delete(chore)
    if (chores.size > 0) return
    for (const name of SIGNALS) process.off(name, endBy)
    process.off('exit', clearAway)
  }
}
