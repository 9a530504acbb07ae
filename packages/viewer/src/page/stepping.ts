/** The cursor by lines of the program. */
import { ask } from './session-client.ts'
import { cursor, fault, moveTo, overview } from './store.ts'

/** To just behind the next event on another line, or the last one before. Where no line follows the cursor stays. */
export async function stepLine(direction: 1 | -1): Promise<void> {
  if (overview.value?.hasLines !== true) return
  try {
    const index = await ask('line', { from: cursor.value - 1, direction })
    if (index !== null) await moveTo(index + 1)
  } catch (error) {
    fault.value = (error as Error).message
  }
}
