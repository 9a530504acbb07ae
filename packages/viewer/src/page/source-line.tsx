/** The line of the program that asked for the event at the cursor, where the recording has it. */
import type { View } from '../session/messages.ts'
import { Frames } from './frames.tsx'

export function SourceLine({ view }: { readonly view: View }) {
  const { frames, own } = view.stack
  if (own === null) return null
  return (
    <div class="source">
      <b data-line={own.line}>
        {own.file}:{own.line}
      </b>{' '}
      in {own.function}
      {frames.length > 1 && (
        <details>
          <summary>{frames.length} frames</summary>
          <Frames frames={frames} />
        </details>
      )}
    </div>
  )
}
