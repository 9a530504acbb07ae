/** The Python functions that a program calls, and their numbers in the log. */

/** Called when the referent of a weak reference dies. */
export const CALLBACK_CODE = 1
/** Finalizers: `__del__` of the classes that only die, and of those that rise again. */
export const FINALIZER_CODE = 2
export const RESURRECTING_CODE = 3
/** Functions that are called by name; the code of each is this and its index. */
export const FUNCTION_CODE = 4

/** A function that is called by name: its parameters, and what it does with them. */
export interface CalledFunction {
  readonly name: string
  readonly parameters: number
  readonly body: string
}

/**
 * Calls in them are of a kind that looks at the eval breaker however often it runs: `list.append` does so the first time
 * only, before the interpreter specialises it.
 */
export const FUNCTIONS = [
  { name: 'take', parameters: 1, body: 'pass' },
  { name: 'knot', parameters: 0, body: 'a = {}; a[0] = a; id(a)' },
  { name: 'close', parameters: 1, body: 'return lambda: x' },
  { name: 'build', parameters: 1, body: 'a = [x, None]; b = {0: a}; a[1] = b; id(a)' },
] as const satisfies readonly CalledFunction[]
