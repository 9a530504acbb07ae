/** What can be done with the program. */
import { copyLink, isCopied, link, offer, run, running, source, stop, version } from './program.ts'

export function Toolbar() {
  const isRunning = running.value !== ''
  return (
    <div class="bar" role="toolbar" aria-label="program">
      <Examples />
      <Versions />
      <button
        type="button"
        id="run"
        disabled={isRunning || offer.value.versions.length === 0}
        title="Ctrl+Enter"
        onClick={() => void run()}
      >
        Run
      </button>
      <button type="button" id="stop" disabled={!isRunning} onClick={stop}>
        Stop
      </button>
      <button type="button" id="share" onClick={() => void copyLink()}>
        Link
      </button>
      {link.value !== '' && <SharedLink />}
      {isRunning && (
        <span class="quiet" role="status">
          {running.value}
        </span>
      )}
    </div>
  )
}

function Examples() {
  const { examples } = offer.value
  return (
    <label class="examples">
      example{' '}
      <select
        id="example"
        onChange={(event) => {
          const chosen = examples.find(({ name }) => name === event.currentTarget.value)
          if (chosen !== undefined) source.value = chosen.source
        }}
      >
        <option value="">your own</option>
        {examples.map(({ name, title, source: text }) => (
          <option key={name} value={name} selected={text === source.value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}

const Versions = () => (
  <label>
    CPython{' '}
    <select
      id="version"
      onChange={(event) => {
        version.value = event.currentTarget.value
      }}
    >
      {offer.value.versions.map((each) => (
        <option key={each} value={each} selected={each === version.value}>
          {each}
        </option>
      ))}
    </select>
  </label>
)

const SharedLink = () => (
  <>
    <input
      id="link"
      type="text"
      aria-label="link to this program"
      readOnly
      value={link.value}
      onFocus={(event) => event.currentTarget.select()}
    />
    {isCopied.value && (
      <span class="quiet" role="status">
        copied
      </span>
    )}
  </>
)
