import type { Overview } from '../session/messages.ts'
import { KEYS } from './keys.ts'

/** Every key and what it does; what the log has nothing for is said so. */
export function Help({ log }: { readonly log: Overview | null }) {
  return (
    <dialog open aria-label="keys">
      <h2>Keys</h2>
      <dl class="keys">
        {KEYS.map(([keys, what, isLacking]) => {
          const lacking = log !== null && isLacking?.(log) === true
          return (
            <div key={`${keys} ${what}`} class={lacking ? 'lacking' : ''}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>
                {what}
                {lacking && ': this log has none'}
              </dd>
            </div>
          )
        })}
      </dl>
    </dialog>
  )
}
