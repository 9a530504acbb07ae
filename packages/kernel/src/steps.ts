/** The answer of something that is done in steps, all of them at once. */
export function finished<A>(steps: Iterator<void, A>): A {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
