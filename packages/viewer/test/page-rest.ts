/** When a page rests: scripts that run in it. */

/** Longer than what the page knows as `REST_MS`. @unit ms */
const REST = 150

/** Before a page starts any worker: which questions are open, and how often one was asked or answered. */
export const KEEP_QUESTIONS = `(() => {
  const open = new Set()
  globalThis.questions = { open, changes: 0 }
  globalThis.Worker = class extends Worker {
    constructor(...script) {
      super(...script)
      this.addEventListener('message', ({ data }) => {
        if (!('progress' in data) && open.delete(data.id)) questions.changes++
      })
      this.addEventListener('error', () => open.clear())
    }
    postMessage(message, ...handedOver) {
      super.postMessage(message, ...handedOver)
      if (!('id' in message)) return
      open.add(message.id)
      questions.changes++
    }
  }
})()`

/**
 * Comes when nothing more happens by itself. A change is drawn with the next frame, its effects run behind that, and some of them wait until it
 * rests and ask then: timers of a page come in their order, so that ours come behind its own, however slow it is.
 */
export const REST_OF_PAGE = `(async () => {
  const later = (wait) => new Promise((next) => setTimeout(next, wait))
  const frames = async () => {
    for (const _ of [1, 2, 3]) {
      await new Promise(requestAnimationFrame)
      await later(0)
    }
  }
  for (let changes = -1; changes !== questions.changes || questions.open.size > 0; ) {
    changes = questions.changes
    await frames()
    await later(${REST})
    await frames()
  }
})()`
