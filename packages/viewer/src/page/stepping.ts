/** The cursor by lines of the program. */
import { ask } from './session-client.ts'
import { cursor, fault, moveTo, overview } from './store.ts'

/**
 * To just behind the next event on another line, or the last one before. Where no line follows the cursor stays, and where it was moved
 * meanwhile it stays there.
 */
export async function stepLine(direction: 1 | -1): Promise<void> {
  if (overview.value?.hasLines !== true) return
  const [log, at] = [overview.value, cursor.value]
  try {
    const index = await ask('line', { from: at - 1, direction })
    if (index !== null && overview.value === log && cursor.value === at) await moveTo(index + 1)
  } catch (error) {
    fault.value = (error as Error).message
  }
}
