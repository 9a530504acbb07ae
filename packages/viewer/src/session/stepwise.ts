/** Answers in steps are gone through between the messages that come. */
import type { Steps } from './steps.ts'

export const isSteps = (answer: unknown): answer is Steps<unknown> => typeof (answer as Steps<unknown> | null)?.next === 'function'

/** @param isWanted asked after each step; null is returned where it is not */
export async function inSteps<A>(steps: Steps<A>, isWanted: () => boolean): Promise<A | null>
export async function inSteps<A>(steps: Steps<A>): Promise<A>
export async function inSteps<A>(steps: Steps<A>, isWanted = () => true): Promise<A | null> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await nextMessages()
    if (!isWanted()) return null
  }
}

/** Comes back when the messages that wait have been taken. */
function nextMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => resolve(port1.close()), { once: true })
    port1.start()
    port2.postMessage(null)
  })
}
