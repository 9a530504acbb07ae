import { expect, test } from 'vitest'
import type { Steps } from './steps.ts'
import { inSteps, isSteps } from './stepwise.ts'

test('[V65] messages are taken between the steps of an answer, which is given at their end', async () => {
  const order: string[] = []
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', () => order.push('message'))
  port1.start()
  function* steps(): Steps<string> {
    for (let step = 0; step < 3; step++) {
      order.push(`step ${step}`)
      port2.postMessage(null)
      yield
    }
    return 'answer'
  }
  expect(await inSteps(steps())).toBe('answer')
  expect(order).toEqual(['step 0', 'message', 'step 1', 'message', 'step 2', 'message'])
  port1.close()
})

test('[V65] an answer that nobody wants any more is not gone on with', async () => {
  let steps = 0
  function* endless(): Steps<string> {
    for (;;) {
      steps++
      yield
    }
  }
  expect(await inSteps(endless(), () => steps < 3)).toBe(null)
  expect(steps).toBe(3)
  expect([endless(), [], null, 7].map(isSteps)).toEqual([true, false, false, false])
})
