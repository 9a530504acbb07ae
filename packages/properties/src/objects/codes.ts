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

export const FUNCTIONS = [
  { name: 'take', parameters: 1, body: 'pass' },
  { name: 'knot', parameters: 0, body: 'a = []; a.append(a)' },
  { name: 'build', parameters: 1, body: 'a = [x]; b = {0: a}; a.append(b)' },
] as const satisfies readonly CalledFunction[]
