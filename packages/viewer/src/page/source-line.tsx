/** The line of the program that asked for the event at the cursor, where the recording has it. */
import type { View } from '../session/messages.ts'

const SHOWN_MAX = 12

export function SourceLine({ view: { frames } }: { readonly view: View }) {
  if (frames.length === 0) return null
  const [inner, ...outer] = frames
  return (
    <div class="source">
      <b data-line={inner?.line}>
        {inner?.file}:{inner?.line}
      </b>{' '}
      in {inner?.function}
      {outer.length > 0 && (
        <details>
          <summary>{outer.length} frames above</summary>
          <ol class="stack">
            {outer.slice(0, SHOWN_MAX).map(({ file, line, function: name }, place) => (
              <li key={`${place}${file}${line}`}>
                {name} ({file}:{line})
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  )
}
