import type { Overview } from '../session/messages.ts'
import { Dialog } from './dialog.tsx'
import { KEYS, MOUSE } from './keys.ts'
import { helpShown } from './store.ts'

/** Every key and what it does, and the mouse; what the log has nothing for is said so. */
export function Help({ log }: { readonly log: Overview | null }) {
  return (
    <Dialog
      label="keys"
      onClose={() => {
        helpShown.value = false
      }}
    >
      <h2>Keys</h2>
      <dl class="keys">
        {[...KEYS, ...MOUSE].map(([keys, what, isLacking]) => {
          const lacking = log !== null && isLacking?.(log) === true
          return (
            <div key={`${keys} ${what}`} class={lacking ? 'lacking' : ''}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>
                {what}
                {lacking && <i> (not in this log)</i>}
              </dd>
            </div>
          )
        })}
      </dl>
    </Dialog>
  )
}
