/** A stack as a list. */
import type { StackAnswer } from '../session/explore-messages.ts'

const SHOWN_MAX = 12
type Frame = StackAnswer['frames'][number]

/** Frames of Python, innermost first: below them PyTorch may have told dozens of its own, which are folded away. */
export function Frames({ frames }: Pick<StackAnswer, 'frames'>) {
  const python = frames.filter(({ file }) => file.endsWith('.py'))
  const shown = (python.length === 0 ? frames : python).slice(0, SHOWN_MAX)
  return (
    <>
      <List frames={shown} />
      {frames.length > shown.length && (
        <details>
          <summary>All {frames.length} frames</summary>
          <List frames={frames} />
        </details>
      )}
    </>
  )
}

const List = ({ frames }: Pick<StackAnswer, 'frames'>) => (
  <ol class="stack">
    {frames.map(({ file, line, function: name }: Frame, place) => (
      <li key={`${place}${file}${line}`}>
        {name} ({file}:{line})
      </li>
    ))}
  </ol>
)
