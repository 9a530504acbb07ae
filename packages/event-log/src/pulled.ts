import type { Either } from 'fp-ts/lib/Either.js'
import type { ObservableInput, Subscriber } from 'rxjs'
// The whole of rxjs would cost every command 40 ms of start-up.
import { Observable } from 'rxjs/internal/Observable'
import { from } from 'rxjs/internal/observable/from'

/** What becomes of a value: it is passed on at once, or over some time. */
type Pass<A, B> = (value: A, subscriber: Subscriber<B>) => void | Promise<void>

/**
 * A cold observable that asks `pull` for a value only when the one before it has been passed on.
 * A left value becomes the error; unsubscribing ends the asking and tells a `pull` that waits by its signal.
 */
export function pulled$<E, A, B>(
  pull: (signal: AbortSignal) => AsyncGenerator<Either<E, A>, void, undefined>,
  pass: Pass<A, B>,
): Observable<B> {
  return new Observable((subscriber) => {
    const listening = new AbortController()
    subscriber.add(() => listening.abort())
    drain(pull(listening.signal), pass, subscriber).catch((fault: unknown) => subscriber.error(fault))
  })
}

async function drain<E, A, B>(
  values: AsyncGenerator<Either<E, A>, void, undefined>,
  pass: Pass<A, B>,
  subscriber: Subscriber<B>,
): Promise<void> {
  for await (const value of values) {
    if (subscriber.closed) return
    if (value._tag === 'Left') return subscriber.error(value.left)
    await pass(value.right, subscriber)
    if (subscriber.closed) return
  }
  subscriber.complete()
}

/** Passes a value on as it is. */
export function passOn<A>(value: A, subscriber: Subscriber<A>): void {
  subscriber.next(value)
}

/** Passes on what `project` makes of a value, until that completes. */
export function passThrough<A, B>(project: (value: A) => ObservableInput<B>): Pass<A, B> {
  return (value, subscriber) =>
    new Promise((resolve, reject) => {
      const inner = from(project(value)).subscribe({ next: (made) => subscriber.next(made), error: reject })
      inner.add(resolve)
      subscriber.add(inner)
    })
}
