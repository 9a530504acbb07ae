/** The line of the program that asked for the event at the cursor, where the recording has it. */
import { Frames } from './frames.tsx'
import { useAnswer } from './use-answer.ts'

export function SourceLine({ at }: { readonly at: number }) {
  const told = useAnswer('frames', at === 0 ? null : { index: at - 1 })
  if (told === null || told.own === null) return null
  const { frames, own } = told
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
